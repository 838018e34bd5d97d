import { join } from "node:path";
import { matchTensors, type StoredTensors } from "../formats/safetensors/index.js";
import type { Weight } from "../tensor/engine/index.js";
import { readFolderHeaders, readJson } from "./model-files.js";
import { parseEncoderConfig, type TextEncoderConfig } from "./text-config.js";
import { encoderNaming, encoderParameters } from "./text-encoder.js";
import { createTokenizer, type TextTokenizer } from "./tokenizer.js";

/** A validated pretrained text encoder. Its weights have not been read from their files yet. */
export interface PretrainedEncoder {
  readonly config: TextEncoderConfig;
  readonly tokenizer: TextTokenizer;
  /** Location of every weight, keyed by the weight's name in the graph. */
  readonly weights: StoredTensors;
}

/**
 * Opens a Hugging Face folder with `config.json`, `tokenizer.json`, and `model.safetensors` or its shards. If `layers`
 * is given, keeps only the first `layers` layers. Throws `MODEL_NOT_FOUND` if a file cannot be read,
 * `MODEL_UNSUPPORTED` if the architecture or tokenizer is not supported, and `MODEL_DAMAGED` if a file is invalid or a
 * weight is missing.
 */
export async function openPretrained(
  folder: string,
  options: { layers?: number } = {},
): Promise<PretrainedEncoder> {
  const configFile = join(folder, "config.json");
  const stored = parseEncoderConfig(await readJson(configFile), configFile);
  const layers = Math.min(options.layers ?? Number.POSITIVE_INFINITY, stored.num_hidden_layers);
  const config = { ...stored, num_hidden_layers: layers };
  const tokenizerFile = join(folder, "tokenizer.json");
  return {
    config,
    tokenizer: createTokenizer(await readJson(tokenizerFile), config.vocab_size, tokenizerFile),
    weights: matchTensors(await readFolderHeaders(folder), encoderParameters(config), encoderNaming(config)),
  };
}

/**
 * Converts stored tensors to weights that an engine loads directly from their files. `prefix` is prepended to every
 * name.
 */
export function weightSources(stored: StoredTensors, prefix = ""): Weight[] {
  return [...stored].map(([name, tensor]) => ({
    name: prefix + name,
    shape: tensor.shape,
    source: { kind: "file", tensor },
  }));
}
