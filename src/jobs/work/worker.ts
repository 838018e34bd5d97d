import { setTimeout as sleep } from "node:timers/promises";
import { type Patience, withRetries } from "../../postgres/index.js";
import type { JobQueue } from "../queue/index.js";
import { isWorkLeft } from "./claims.js";
import { createHandler } from "./handle.js";
import { startHeartbeat } from "./heartbeat.js";
import { linkerInUse, type WorkLinker } from "./linker-in-use.js";
import { createClaims } from "./next-claim.js";
import { createRate } from "./rate.js";
import { beat, newWorker, signOff } from "./worker-row.js";

export interface WorkOptions {
  readonly openLinker: () => Promise<WorkLinker>;
  /** What besides the model and the knowledge base decides the links, such as the number of candidates. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** Only this submission. */
  readonly submission?: string | undefined;
  /** End when nothing is left, instead of waiting for more. */
  readonly untilEmpty?: boolean;
  /** Asks the worker to stop; it finishes its piece if it can within `graceMs`, or else gives back what is left of it. */
  readonly signal: AbortSignal;
  readonly graceMs: number;
  /** For how long the server may be away. */
  readonly patienceMs: number;
  /** Silence after which another worker counts as dead. */
  readonly silentMs: number;
  /** How long to wait before looking again when there is nothing to do. */
  readonly pollMs?: number;
  readonly onNote: (note: string) => void;
  readonly onCaption?: (captions: number) => void;
}

/** What a worker did and wrote. */
export interface Worked {
  readonly captions: number;
  readonly pieces: number;
  /** Whether the server knows that the worker has ended; otherwise its silence tells, and others take its piece over. */
  readonly signedOff: boolean;
}

/**
 * Links pieces of submissions until it is told to stop. `QUEUE_UNAVAILABLE` when the server stays away for longer than
 * the patience; what opening the linker throws. A piece that it cannot end it gives back.
 */
export async function work(queue: JobQueue, options: WorkOptions): Promise<Worked> {
  const { signal, silentMs, onNote, submission } = options;
  const first = await options.openLinker();
  await using linker = linkerInUse(options.openLinker, first);
  const worker = newWorker(settingsOf(first, options.settings));
  const rate = createRate();
  const claims = createClaims(queue, worker, submission, onNote);
  const patience: Patience = {
    patienceMs: options.patienceMs,
    onAway: ({ detail }) => {
      claims.doubt();
      onNote(`${detail.what}; retrying`);
    },
    onBack: () => onNote("the server is back"),
  };
  const worked = { captions: 0, pieces: 0, signedOff: true };
  let linked = 0;
  let remark: string | undefined;
  const handler = createHandler(queue, worker, linker, {
    ...options,
    patience,
    onCaption: () => {
      rate.tick();
      linked += 1;
      options.onCaption?.(linked);
    },
    onSettled: (captions) => {
      worked.captions += captions;
      worked.pieces += 1;
    },
    onTrouble: (trouble) => {
      remark = trouble;
      onNote(trouble);
    },
  });
  const pulse = () => ({ captions: linked, perSecond: rate.perSecond(), remark });
  await withRetries(() => beat(queue.database, worker, pulse()), { ...patience, signal });
  await using _heartbeat = startHeartbeat(queue, worker, {
    silentMs,
    pulse,
    piece: () => handler.piece(),
    onLost: (piece) => handler.drop(piece),
    onTakenOver: (pieces) => onNote(`took over ${pieces} pieces of a worker that fell silent`),
  });
  const isEmpty = async (): Promise<boolean> =>
    options.untilEmpty === true && !(await isWorkLeft(queue.database, worker, submission));

  try {
    while (!signal.aborted) {
      const claim = await withRetries(claims.next, { ...patience, signal }).catch(unlessStopped(signal));
      if (claim !== undefined) await handler.handle(claim);
      else if (await withRetries(isEmpty, { ...patience, signal }).catch(unlessStopped(signal))) break;
      else await sleep(options.pollMs ?? 1000, undefined, { signal }).catch(() => {});
    }
  } finally {
    await signOff(queue.database, worker, pulse()).catch(() => {
      worked.signedOff = false;
    });
  }
  return worked;
}

const unlessStopped = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error;
  return undefined;
};

/** One text for all that decides the links, the same for all workers that may share a submission. */
function settingsOf({ model, kb }: WorkLinker, others: WorkOptions["settings"]): string {
  const sorted = Object.entries(others).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify({ kb, model, ...Object.fromEntries(sorted) });
}
