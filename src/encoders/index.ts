export { bucketOf, type InputBatch, packBatch, packInputs } from "./batch.js";
export { entityText } from "./entity-text.js";
export { fetchFromHub, type HubOptions, isHubName, openHub } from "./hub.js";
export { readJson } from "./model-files.js";
export {
  type ContextTokens,
  createPairEncoder,
  type EntityTokens,
  type InputTokens,
  type PairEncoder,
  type PairOptions,
} from "./pair-encoder.js";
export { openPretrained, type PretrainedEncoder, weightSources } from "./pretrained.js";
export { maxPositions, parseEncoderConfig, type TextEncoderConfig } from "./text-config.js";
export { textEncoder } from "./text-encoder.js";
export { createTokenizer, type TextTokenizer } from "./tokenizer.js";
