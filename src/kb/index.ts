export { changedFields, diffEntities, type EntityChange } from "./diff.js";
export { createMemoryStore } from "./memory.js";
export { driverFor, openStore } from "./open.js";
export { pairById } from "./pair.js";
export { type SortedEntities, sortEntities } from "./sort.js";
export type { EntityStore, ImportOptions, Manifest, StoreDriver } from "./store.js";
