export {
  type CalibrationFigures,
  calibrationFigures,
  type Prediction,
} from "./calibration.js";
export { type EvaluateOptions, type Evaluation, type EvaluationResult, evaluate } from "./evaluate.js";
export { type Difference, type Figures, type Measure, pairedDifference } from "./figures.js";
export { groupsOf } from "./groups.js";
export { metrics } from "./metrics.js";
export { type Judged, type Protocol, retrieverOf } from "./protocols.js";
export type { MentionRecord } from "./records.js";
export { evaluationPage } from "./report.js";
export { sampleCaptions } from "./sample.js";
