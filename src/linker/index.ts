export { importKb } from "./import-kb.js";
export { indexRecall } from "./index-recall.js";
export {
  type CallOptions,
  createLinker,
  type LinkAllOptions,
  type Linker,
  type LinkerOptions,
  type LinkResult,
} from "./linker.js";
export { openParts, type Parts, type PartsOptions } from "./parts.js";
export {
  type CollaborationChange,
  collaborationChanges,
  lookUp,
  type RankedCaption,
  type Retrieve,
  rankAll,
  toLinks,
  toRankedCandidate,
} from "./pipeline.js";
export { unpackKb } from "./unpack-kb.js";
export { type KbChanges, type KbUpdate, updateKb } from "./update-kb.js";
