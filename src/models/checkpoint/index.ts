export { type CheckpointConfig, parseCheckpointConfig } from "./config.js";
export { describeCheckpoint } from "./describe.js";
export { type InitialOptions, initialCheckpoint } from "./initial.js";
export { type Checkpoint, openCheckpoint, readWeights } from "./open.js";
export { type CheckpointContent, saveCheckpoint } from "./save.js";
