export { type CalibrateOptions, type CalibrationResult, calibrate } from "./calibrate.js";
export type { SettingFigures } from "./cross-fit.js";
