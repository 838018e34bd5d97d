export { type EvaluateOptions, type Evaluation, type EvaluationResult, evaluate } from "./evaluate.js";
export { type Difference, type Figures, type Measure, pairedDifference } from "./figures.js";
export { groupsOf } from "./groups.js";
export { metrics } from "./metrics.js";
export type { Protocol } from "./protocols.js";
export type { MentionRecord } from "./records.js";
export { evaluationPage } from "./report.js";
export { sampleCaptions } from "./sample.js";
