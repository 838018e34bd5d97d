export { accumulate, accumulateRows } from "./accumulate.js";
export { type AdamWOptions, type AdamWTensor, adamW } from "../optim.js";
export { clipFactor, globalNorm } from "./clip.js";
export { allocate, type FlatTensors } from "./flat.js";
export { type LinearSchedule, linearSchedule } from "./schedule.js";
