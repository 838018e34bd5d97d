import { setImmediate as nextTurn } from "node:timers/promises";
import { throwIfAborted } from "../core/index.js";
import type { CandidateSource } from "./source.js";

/** How much of the exact lists an indexed source finds. */
export interface IndexRecall {
  readonly names: number;
  /** Share of the exact lists' candidates that the indexed lists hold; 1 when there are none. */
  readonly recall: number;
  /** Share of the names whose two lists hold the same entities. */
  readonly equalLists: number;
}

export interface RecallOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of names compared so far. */
  readonly onProgress?: (names: number) => void;
}

/** Compares the lists of a source with those of an exact one over the same entities, name by name. `ABORTED`. */
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
  for (const [at, name] of names.entries()) {
    await nextTurn(); // looking up in this thread leaves no turn in which a signal could come
    throwIfAborted(signal);
    const [truth = []] = await exact.candidates([name], limit);
    const [list = []] = await indexed.candidates([name], limit);
    const held = new Set(list.map(({ entity }) => entity.id));
    const hits = truth.filter(({ entity }) => held.has(entity.id)).length;
    wanted += truth.length;
    found += hits;
    if (hits === truth.length && truth.length === list.length) equal++;
    onProgress?.(at + 1);
  }
  return {
    names: names.length,
    recall: wanted === 0 ? 1 : found / wanted,
    equalLists: names.length === 0 ? 1 : equal / names.length,
  };
}
