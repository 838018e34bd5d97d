export { buildCandidateIndex, candidateIndexOf } from "./build.js";
export { createCandidateSource } from "./source.js";
export { openCandidateIndex } from "./open.js";
export { measureRecall, type RecallOptions } from "./recall.js";
export type { CandidateSource } from "./source.js";
