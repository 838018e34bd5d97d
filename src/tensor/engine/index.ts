export type { Tensor, Tensors } from "../onnx/index.js";
export { createEngine, type Engine } from "./engine.js";
export { isInt8Exact } from "./int8.js";
export type {
  EngineOptions,
  MicroBatch,
  NamedArrays,
  StepOptions,
  StepResult,
  TrainingState,
  Weight,
  WeightSource,
} from "./protocol.js";
