export { changedFields, diffEntities, type EntityChange } from "./diff.js";
export { driverFor, openStore, prepareStore } from "./drivers.js";
export { createMemoryStore } from "./memory.js";
export { pairById } from "./pair.js";
export { showTarget } from "./postgres/target.js";
export { type SortedEntities, sortEntities } from "./sort.js";
export type {
  EntityStore,
  ImportOptions,
  Manifest,
  OpenOptions,
  Place,
  StoreDriver,
} from "./store.js";
