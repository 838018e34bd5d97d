export {
  type CalibrateOptions,
  type CalibrationResult,
  calibrate,
  type HiddenFigures,
} from "./calibrate.js";
export { type EstimateOptions, estimateFromCaptions } from "./estimate.js";
