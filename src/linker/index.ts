export { compareVersions, type KbDifference } from "./affected.js";
export { indexRecall } from "./candidate-index.js";
export { type DetectOptions, detect } from "./detect.js";
export { type ImportKbOptions, importKb, unpackKb } from "./import-kb.js";
export { readAnnotated } from "./input.js";
export {
  type CallOptions,
  createLinker,
  type LinkAllOptions,
  type Linker,
  type LinkerOptions,
  type LinkResult,
} from "./linker.js";
export { type Knowledge, lookUp, withRelations } from "./look-up.js";
export { openKnowledge, openParts, type Parts, type PartsOptions } from "./parts.js";
export {
  type CollaborationChange,
  collaborationChanges,
  type Retrieve,
  rankAll,
  toLinks,
  toRankedCandidate,
  withoutOtherTypes,
} from "./pipeline.js";
export type { RankedCaption } from "./prepare.js";
export { openStoreRelations } from "./relations.js";
export { type KbChanges, type KbUpdate, updateKb } from "./update-kb.js";
