export { type BuildOptions, buildCandidateIndex } from "./build.js";
export { createCandidateSource, type EntityLookup } from "./create.js";
export { openCandidateIndex } from "./open.js";
export type { SearchOptions } from "./search.js";
export type { CandidateSource } from "./source.js";
