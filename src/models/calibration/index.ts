export { createCalibration } from "./calibration.js";
export { candidateLogits, EVIDENCE, nilEvidence } from "./evidence.js";
export type { FittedCalibration } from "./fitted.js";
export { calibrated, readCalibration } from "./load.js";
export { saveCalibration } from "./save.js";
