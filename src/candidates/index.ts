export { buildCandidateIndex, candidateIndexOf } from "./build.js";
export { createCandidateSource } from "./create.js";
export { openCandidateIndex } from "./open.js";
export { measureRecall, type RecallOptions } from "./recall.js";
export type { CandidateSource } from "./source.js";
