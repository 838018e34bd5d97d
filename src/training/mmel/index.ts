export { readTrainingConfig, type TrainingConfig, trainingJsonSchema } from "./config.js";
export { measureInt8 } from "./measure-int8.js";
export type { TrainingProgress } from "./run.js";
export { type TrainingResult, type TrainOptions, train } from "./train.js";
