export { type Agreement, type Compared, compareDecisions } from "./agreement.js";
export { clustered, estimates, type Interval } from "./bootstrap.js";
export {
  type CalibrationFigures,
  calibrationFigures,
  type Prediction,
} from "./calibration.js";
export { sampleCaptions } from "./captions.js";
export { collaborationText } from "./collaboration.js";
export { type EvaluateOptions, type Evaluation, type EvaluationResult, evaluate } from "./evaluate.js";
export { type Figures, groupsOf, metrics } from "./metrics.js";
export { type Judged, type Protocol, retrieverOf } from "./protocols.js";
export type { MentionRecord } from "./records.js";
export { evaluationPage } from "./report.js";
