export { parseEncoderConfig, type TextEncoderConfig, textEncoder } from "./architectures.js";
export { openPretrained, type PretrainedEncoder } from "./folder.js";
export { fetchFromHub, type HubOptions, isHubName } from "./hub.js";
export { bucketOf, type InputBatch, packBatch, packInputs } from "./input/batch.js";
export { entityText } from "./input/entity-text.js";
export {
  type ContextTokens,
  createPairEncoder,
  type PairEncoder,
  type PairOptions,
} from "./input/pairs.js";
export type { InputTokens } from "./input/tokens.js";
export { readJson } from "./json.js";
export { createTokenizer, type TextTokenizer } from "./tokenizer.js";
export { weightSources } from "./weight-sources.js";
