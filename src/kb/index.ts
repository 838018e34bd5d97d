export { createMemoryStore } from "./memory.js";
export { driverFor, openStore } from "./open.js";
export type { EntityStore, ImportOptions, Manifest, StoreDriver } from "./store.js";
