export type { LinkAllOptions, Linker, LinkerOptions } from "./api.js";
export { type CollaborationChange, collaborationChanges } from "./collaboration-changes.js";
export { createLinker } from "./create-linker.js";
export { importKb } from "./import-kb.js";
export { indexRecall } from "./index-recall.js";
export { lookUp } from "./look-up.js";
export { openParts, type Parts } from "./parts.js";
export { type RankedCaption, type Retrieve, rankAll } from "./rank-all.js";
export { toLinks, toRankedCandidate } from "./to-links.js";
