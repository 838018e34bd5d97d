export { type CheckpointConfig, parseCheckpointConfig } from "./config.js";
export { type Checkpoint, openCheckpoint, readWeights } from "./open.js";
export { type CheckpointContent, saveCheckpoint } from "./save.js";
