export { showTarget } from "../postgres/index.js";
export { SCHEMA } from "./content.js";
export { changedFields, diffEntities, type EntityChange, pairById } from "./diff.js";
export {
  currentManifest,
  driverFor,
  openStore,
  prepareStore,
  removeUnfinished,
  sortEntities,
} from "./drivers.js";
export { createMemoryStore } from "./memory.js";
export type { SortedEntities } from "./sqlite/scratch.js";
export type {
  EntityStore,
  ImportOptions,
  Manifest,
  OpenOptions,
  Place,
  StoreDriver,
  Verification,
} from "./store.js";
export { textSearchOf } from "./text-search.js";
