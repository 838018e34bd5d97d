export { type CheckpointConfig, parseCheckpointConfig } from "./checkpoint-config.js";
export { type InitialOptions, initialCheckpoint } from "./initial-checkpoint.js";
export { type Checkpoint, describeCheckpoint, openCheckpoint, readWeights } from "./open-checkpoint.js";
export { type CheckpointContent, saveCheckpoint } from "./save-checkpoint.js";
