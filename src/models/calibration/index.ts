export { calibrated, type FittedCalibration, readCalibration, saveCalibration } from "./calibration-file.js";
export { type CoverageEstimate, estimateCoverage, withCoverage } from "./coverage.js";
export {
  EVIDENCE,
  EVIDENCE_PRIORS,
  type EvidenceName,
  type MentionEvidence,
  readEvidence,
} from "./evidence.js";
export {
  type CalibrationParameters,
  createCalibration,
  priorLogit,
  probabilitiesOf,
  sigmoid,
} from "./probabilities.js";
