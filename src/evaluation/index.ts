export type { BootstrapOptions, Interval } from "./bootstrap.js";
export { type EvaluateOptions, type Evaluation, type EvaluationResult, evaluate } from "./evaluate.js";
export { type Difference, type Figures, type Measure, pairedDifference } from "./figures.js";
export { type Metrics, metrics, type NilFigures } from "./metrics.js";
export { PROTOCOLS, type Protocol } from "./protocols.js";
export { isCorrect, type MentionRecord } from "./records.js";
export { evaluationPage } from "./report.js";
