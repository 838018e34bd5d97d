import { createSearch, type SearchOptions } from "./search.js";
import type { CandidateTables } from "./tables.js";

/** The entities that a name may mean, best first, as plain data that a thread can send: one entry of each field a candidate. */
export interface Found {
  readonly ids: readonly string[];
  /** Which of the entity's names fitted best: 0 its label, then its aliases. */
  readonly names: readonly number[];
  readonly scores: Float64Array;
  /** Subsequence, prefix and edit of each, one after another. */
  readonly parts: Float64Array;
}

/** Finds names in a candidate index, in this thread or in another. */
export interface Finder extends AsyncDisposable {
  find(names: readonly string[], limit: number): Promise<readonly Found[]>;
}

/** A finder that works in this thread. */
export function createFinder(tables: CandidateTables, options?: SearchOptions): Finder {
  const search = createSearch(tables, options);
  const { idBytes, idStart } = tables;
  const idOf = (entity: number): string => {
    const [start, end] = [idStart[entity]!, idStart[entity + 1]!];
    return Buffer.from(idBytes.buffer, idBytes.byteOffset + start, end - start).toString("utf8");
  };
  const find = (name: string, limit: number): Found => {
    const hits = search.find(name, limit);
    return {
      ids: hits.map(({ entity }) => idOf(entity)),
      names: hits.map((hit) => hit.name),
      scores: Float64Array.from(hits, ({ score }) => score),
      parts: Float64Array.from(hits.flatMap(({ parts }) => [parts.subsequence, parts.prefix, parts.edit])),
    };
  };
  return {
    find: async (names, limit) => names.map((name) => find(name, limit)),
    [Symbol.asyncDispose]: async () => {},
  };
}
