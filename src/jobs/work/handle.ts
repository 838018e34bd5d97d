import { MmelError } from "../../core/index.js";
import { afterAbort, isTransient, type Patience, withRetries } from "../../postgres/index.js";
import type { JobQueue } from "../queue/index.js";
import { type Placed, readChunk } from "../submit/chunks.js";
import { blameFor, errorOf, failureOf } from "./blame.js";
import type { Claim } from "./claims.js";
import { linkPiece } from "./link-piece.js";
import type { LinkerInUse } from "./linker-in-use.js";
import { type Outcome, outcomeWithoutLinks } from "./outcome.js";
import { finish, giveBack, split } from "./commit.js";
import { treatmentOf } from "./retry-policy.js";
import type { WorkerIdentity } from "./worker-row.js";

interface HandlerOptions {
  readonly signal: AbortSignal;
  readonly graceMs: number;
  readonly patience: Patience;
  readonly onCaption: () => void;
  /** Told of outcomes that are written for good. */
  readonly onSettled: (captions: number) => void;
  readonly onTrouble: (trouble: string) => void;
}

/** Deals with one piece after another. */
export interface Handler {
  /** Brings a claimed piece to some end. Throws when it could not, and the piece is given back then. */
  handle(claim: Claim): Promise<void>;
  /** The piece at hand. */
  piece(): string | undefined;
  /** Stops work on a piece that is not the worker's any more. */
  drop(piece: string): void;
}

/** How often in a row the machine around a worker may fail it, though it seems to be well again each time. */
const MOST_TROUBLES = 5;

export function createHandler(
  queue: JobQueue,
  worker: WorkerIdentity,
  linker: LinkerInUse,
  options: HandlerOptions,
): Handler {
  const { patience, onTrouble } = options;
  let troubles = 0;
  let current: { piece: string; stop: AbortController } | undefined;

  const end = async (claim: Claim, outcomes: readonly Outcome[]): Promise<void> => {
    const kept = await withRetries(() => finish(queue, claim, worker, outcomes), patience);
    if (kept) options.onSettled(outcomes.length);
    else onTrouble(`piece ${claim.first} of ${claim.submission} was no longer this worker's`);
  };
  const link = async (claim: Claim, signal: AbortSignal): Promise<void> => {
    const open = await withRetries(() => linker.get(), { ...patience, signal });
    const outcomes: Outcome[] = [];
    try {
      const { onCaption } = options;
      await linkPiece(open, claim, captionsOf(claim), { outcomes, signal, onCaption });
      troubles = 0;
    } catch (error) {
      return await failed(claim, error, outcomes);
    }
    await end(claim, outcomes);
  };
  const setAside = async (claim: Claim): Promise<void> => {
    const [caption] = captionsOf(claim);
    const error = errorOf(claim.failure);
    onTrouble(`${claim.name}, line ${caption!.line}: set aside, ${error.message}`);
    await end(claim, [outcomeWithoutLinks("aside", claim.first, caption!, claim.name, error)]);
  };
  /** Deals with an error after some of a piece's captions: they are kept, unless one behind them may be to blame. */
  const failed = async (claim: Claim, error: unknown, outcomes: readonly Outcome[]): Promise<void> => {
    const blame = blameFor(error);
    if (blame !== "captions" && outcomes.length > 0) await end(claim, outcomes);
    else {
      const failure = blame === "captions" ? failureOf(error) : undefined;
      await withRetries(() => giveBack(queue, claim, worker, failure), patience);
    }
    if (blame === "stopped") return;
    await linker.putAside();
    onTrouble(`${claim.name}, captions ${claim.first + 1} to ${claim.first + claim.size}: ${String(error)}`);
    if (blame === "surroundings" && (!isTransient(error) || ++troubles >= MOST_TROUBLES)) throw error;
  };
  return {
    piece: () => current?.piece,
    drop: (piece) => {
      if (piece === current?.piece) current.stop.abort();
    },
    async handle(claim) {
      const stop = new AbortController();
      current = { piece: claim.piece, stop };
      const abort = (): void => stop.abort(new MmelError("ABORTED", { what: "interrupted" }));
      const unwatch = afterAbort(options.signal, options.graceMs, abort);
      try {
        const treatment = treatmentOf(claim);
        if (treatment.kind === "split")
          await withRetries(() => split(queue, claim, worker, treatment.size), patience);
        else if (treatment.kind === "set-aside") await setAside(claim);
        else await link(claim, stop.signal);
      } catch (error) {
        await giveBack(queue, claim, worker).catch(() => {}); // else the worker's silence will tell
        if (blameFor(error) !== "stopped") throw error;
      } finally {
        unwatch();
        current = undefined;
      }
    },
  };
}

const captionsOf = ({ captions, first, chunk, size }: Claim): Placed[] =>
  readChunk(captions, first - chunk, size);
