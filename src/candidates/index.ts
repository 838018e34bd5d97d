/**
 * Candidate generation: finds the entities that a name may refer to.
 *
 * - The score: `score.ts` contains the formula, `align.ts` compares the tokens of a mention and of a row of the index,
 * `pattern.ts` compares two texts.
 * - The index: `tables.ts` builds the index in memory, `index-file.ts` writes and reads index files.
 * - The search: `search.ts` combines `token-search.ts` (similar tokens; `other-scripts.ts` finds those in other scripts),
 * `posting-scan.ts` (rows that contain these tokens), `text-index.ts` (similar complete names) and `top-k.ts` (best
 * entities).
 * - The worker thread: `threaded-finder.ts` runs the search in `worker.ts`.
 * - The interface: `source.ts`; `recall.ts` compares the index with an exhaustive search.
 */
export { buildCandidateIndex, candidateIndexOf } from "./index-file.js";
export { measureRecall, type RecallOptions } from "./recall.js";
export { type CandidateSource, createCandidateSource, openCandidateIndex } from "./source.js";
