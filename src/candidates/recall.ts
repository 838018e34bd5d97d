import { setImmediate as nextTurn } from "node:timers/promises";
import { throwIfAborted } from "../core/index.js";
import type { CandidateSource } from "./source.js";

/** The result of comparing an indexed source's candidate lists with those of an exact search. */
export interface IndexRecall {
  /** Number of names compared. */
  readonly names: number;
  /** Share of the candidates in the exact lists that are also in the indexed lists; 1 if the exact lists are empty. */
  readonly recall: number;
  /** Share of names for which both lists contain the same entities. */
  readonly equalLists: number;
}

export interface RecallOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of names compared so far. */
  readonly onProgress?: (names: number) => void;
}

/**
 * Compares the candidate lists of an indexed source with the lists of an exact source over the same entities. Throws
 * `ABORTED` if the signal fires.
 */
export async function measureRecall(
  exact: CandidateSource,
  indexed: CandidateSource,
  names: readonly string[],
  limit: number,
  { signal, onProgress }: RecallOptions = {},
): Promise<IndexRecall> {
  let wanted = 0;
  let found = 0;
  let equal = 0;
  for (const [index, name] of names.entries()) {
    await nextTurn(); // a source in this thread never waits for the event loop, so the signal could not fire otherwise
    throwIfAborted(signal);
    const [truth = []] = await exact.candidates([name], limit);
    const [list = []] = await indexed.candidates([name], limit);
    const ids = new Set(list.map(({ entity }) => entity.id));
    const hits = truth.filter(({ entity }) => ids.has(entity.id)).length;
    wanted += truth.length;
    found += hits;
    if (hits === truth.length && truth.length === list.length) equal++;
    onProgress?.(index + 1);
  }
  return {
    names: names.length,
    recall: wanted === 0 ? 1 : found / wanted,
    equalLists: names.length === 0 ? 1 : equal / names.length,
  };
}
