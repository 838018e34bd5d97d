export { openPretrained, type PretrainedEncoder } from "./pretrained.js";
export { fetchFromHub, type HubOptions, isHubName, openHub } from "./hub.js";
export { bucketOf, type InputBatch, packBatch, packInputs } from "./batch.js";
export { entityText } from "./entity-text.js";
export {
  type ContextTokens,
  createPairEncoder,
  type PairEncoder,
  type PairOptions,
} from "./pair-encoder.js";
export type { InputTokens } from "./input/tokens.js";
export { readJson } from "./json.js";
export { parseEncoderConfig } from "./parse-config.js";
export type { TextEncoderConfig } from "./text-config.js";
export { textEncoder } from "./text-encoder.js";
export { maxPositions } from "./text/positions.js";
export { createTokenizer, type TextTokenizer } from "./tokenizer.js";
export { weightSources } from "./weight-sources.js";
