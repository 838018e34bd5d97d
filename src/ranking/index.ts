export type { CollaborationOptions } from "./collaborate.js";
export { type Decision, decide } from "./decide.js";
export { type Ranked, type RankingOptions, rankCaption } from "./rank-caption.js";
