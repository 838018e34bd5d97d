/**
 * Candidate generation: the entities that a name may refer to.
 *
 * - The score: `score.ts` has the formula, `align.ts` computes it for a row of the index, `pattern.ts` compares two texts.
 * - The index: `tables.ts` builds it in memory, `index-file.ts` writes and reads it.
 * - The search: `search.ts` drives it; `token-search.ts` finds similar tokens (`other-scripts.ts` in other scripts),
 *   `posting-scan.ts` the rows that contain them, `text-index.ts` similar whole names; `top-k.ts` keeps the best entities.
 * - The thread: `threaded-finder.ts` and `worker.ts` run the search in a worker.
 * - The interface: `source.ts`; `recall.ts` compares the index with an exhaustive search.
 */
export { buildCandidateIndex, candidateIndexOf } from "./index-file.js";
export { measureRecall, type RecallOptions } from "./recall.js";
export { type CandidateSource, createCandidateSource, openCandidateIndex } from "./source.js";
