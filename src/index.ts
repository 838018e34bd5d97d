/**
 * Links names in captions to entities of a knowledge base. Needs Node.js.
 * @module mmel
 */
export * from "./core/index.js";
export {
  type EvaluateOptions,
  type Evaluation,
  type EvaluationResult,
  evaluate,
  type MentionRecord,
} from "./evaluation/index.js";
export type { EntityStore, Manifest, NameHit } from "./kb/store.js";
export {
  type CollaborationChange,
  collaborationChanges,
  createLinker,
  type DetectOptions,
  detect,
  type ImportKbOptions,
  importKb,
  type LinkAllOptions,
  type Linker,
  type LinkerOptions,
  type LinkResult,
} from "./linker/index.js";
export type { Model } from "./models/model.js";
export { fold, type Script, scriptOf, scriptOfLetter } from "./names/index.js";
export { openPictures, type Pictures, type PicturesOptions } from "./pictures/index.js";
export {
  type CalibrateModelOptions,
  type CalibrationResult,
  calibrateModel as calibrate,
} from "./training/calibration/index.js";
