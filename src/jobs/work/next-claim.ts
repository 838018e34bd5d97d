import type { JobQueue } from "../queue/index.js";
import { type Claim, claimOf, forgottenClaim, isForeign, type Offer, offers } from "./claims.js";
import type { WorkerIdentity } from "./worker-row.js";

/** Where a worker gets its pieces from: the oldest submission that it may link. */
export interface Claims {
  next(): Promise<Claim | undefined>;
  /** An answer of the server may have been lost: a piece may be the worker's without its knowing. */
  doubt(): void;
}

export function createClaims(
  queue: JobQueue,
  worker: WorkerIdentity,
  only: string | undefined,
  onNote: (note: string) => void,
): Claims {
  const leftToOthers = new Set<string>();
  let doubtful = false;
  let latest: Offer | undefined;

  const leave = ({ submission, settings }: Offer): void => {
    if (leftToOthers.has(submission)) return;
    leftToOthers.add(submission);
    const why = `is linked with ${settings}, this worker links with ${worker.settings}`;
    onNote(`submission ${submission} ${why}: left to others`);
  };
  const forgotten = async (): Promise<Claim | undefined> => {
    const claim = await forgottenClaim(queue.database, worker);
    doubtful = claim !== undefined;
    return claim;
  };
  const search = async (): Promise<Claim | undefined> => {
    for (const offer of await offers(queue.database, only)) {
      if (isForeign(offer, worker)) leave(offer);
      else {
        latest = { ...offer, settings: worker.settings };
        const claim = await claimOf(queue, offer, worker);
        if (claim !== undefined) return claim;
      }
    }
    latest = undefined;
    return undefined;
  };
  return {
    doubt: () => {
      doubtful = true;
    },
    next: async () =>
      (doubtful ? await forgotten() : undefined) ??
      (latest === undefined ? undefined : await claimOf(queue, latest, worker)) ??
      (await search()),
  };
}
