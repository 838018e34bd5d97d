export { calibrated, type FittedCalibration, readCalibration, saveCalibration } from "./calibration-file.js";
export {
  type CalibrationParameters,
  candidateLogits,
  createCalibration,
  EVIDENCE,
  nilEvidence,
} from "./probabilities.js";
