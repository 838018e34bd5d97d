export {
  baselineOf,
  type MmelArchitecture,
  type MmelConfig,
  mentionsOf,
  mmelConfigSchema,
  type Pass,
  passesOf,
  passLengths,
} from "./config.js";
export { createPairReader, type PairInput, type PairReader, pairInputs } from "./inputs.js";
export { activationsProgram, divisorsFor, storedDivisors } from "./int8.js";
export type { GroupShape } from "./loss.js";
export {
  createMmelModel,
  type MmelOptions,
  matchScores,
  mmelModel,
  type RunningScorer,
  rankingOf,
  startScorer,
} from "./model.js";
export { trainingProgram } from "./programs.js";
export { createScorer, type MentionLogits, type MmelScorer } from "./scorer.js";
export type { VariantName } from "./variants.js";
export { initialWeights, parametersOf } from "./weights.js";
