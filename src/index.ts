export * from "./core/index.js";
export type { EntityStore, Manifest } from "./kb/store.js";
export type { Linker, LinkerOptions } from "./linker/api.js";
export type { Model } from "./models/model.js";
