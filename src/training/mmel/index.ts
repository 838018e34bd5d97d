export {
  readTrainingConfig,
  type TrainingConfig,
  trainingJsonSchema,
} from "./config.js";
export { type TrainingProgress, type TrainingResult, type TrainOptions, train } from "./train.js";
