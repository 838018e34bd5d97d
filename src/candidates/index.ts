export { buildCandidateIndex } from "./build.js";
export { createCandidateSource } from "./create.js";
export { openCandidateIndex } from "./open.js";
export { measureRecall } from "./recall.js";
export { indexTokens } from "./server/index-tokens.js";
export { createServerSource } from "./server/source.js";
export type { CandidateSource } from "./source.js";
