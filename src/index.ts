export * from "./core/index.js";
export type { EntityStore, Manifest } from "./kb/store.js";
export {
  type CollaborationChange,
  collaborationChanges,
  createLinker,
  importKb,
  type LinkAllOptions,
  type Linker,
  type LinkerOptions,
  type LinkResult,
} from "./linker/index.js";
export type { Model } from "./models/model.js";
export { fold, type Script, scriptOf, scriptOfLetter } from "./names/index.js";
export { openPictures, type Pictures, type PicturesOptions } from "./pictures/index.js";
