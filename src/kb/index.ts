export { createMemoryStore, type MemoryStoreOptions } from "./memory.js";
export { driverFor, openStore } from "./open.js";
export type { EntityStore, ImportOptions, Manifest, NameHit, StoreDriver } from "./store.js";
