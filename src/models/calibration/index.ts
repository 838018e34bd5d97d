export { createCalibration } from "./calibration.js";
export type { FittedCalibration } from "./calibration-file.js";
export { calibrated, readCalibration } from "./load.js";
export { candidateLogits, EVIDENCE, nilEvidence } from "./probabilities.js";
export { saveCalibration } from "./save.js";
