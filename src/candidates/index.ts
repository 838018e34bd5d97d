export { type BuildOptions, buildCandidateIndex } from "./build.js";
export { createCandidateSource, type EntityLookup } from "./create.js";
export { openCandidateIndex } from "./open.js";
export { type IndexRecall, measureRecall } from "./recall.js";
export type { SearchOptions } from "./search.js";
export type { CandidateSource } from "./source.js";
