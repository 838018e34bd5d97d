export {
  type CalibrateOptions,
  type CalibrationResult,
  calibrate,
  type HiddenFigures,
} from "./calibrate.js";
export { type CalibrateModelOptions, calibrateModel } from "./calibrate-model.js";
export type { CoverageSource } from "./coverage-of.js";
export type { Comparison } from "./cross-fit.js";
export { type EstimateOptions, estimateFromCaptions } from "./estimate.js";
