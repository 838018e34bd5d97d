import { join } from "node:path";
import { matchTensors, type StoredTensors } from "../formats/safetensors/index.js";
import { readJson } from "./json.js";
import { parseEncoderConfig } from "./parse-config.js";
import { readFolderHeaders } from "./model-files.js";
import type { TextEncoderConfig } from "./text-config.js";
import { encoderNaming, encoderParameters } from "./text/parameters.js";
import { createTokenizer, type TextTokenizer } from "./tokenizer.js";

/** A pretrained text encoder, checked; its weights still lie in their files. */
export interface PretrainedEncoder {
  readonly config: TextEncoderConfig;
  readonly tokenizer: TextTokenizer;
  /** Every weight by its name in the graph, for `readTensors`. */
  readonly weights: StoredTensors;
}

/**
 * Opens a Hugging Face folder: `config.json`, `tokenizer.json`, and `model.safetensors` or its shards. `layers` keeps
 * the first few layers only. `MODEL_NOT_FOUND`, `MODEL_UNSUPPORTED`, `MODEL_DAMAGED`.
 */
export async function openPretrained(
  folder: string,
  options: { layers?: number } = {},
): Promise<PretrainedEncoder> {
  const stored = parseEncoderConfig(await readJson(join(folder, "config.json")), join(folder, "config.json"));
  const layers = Math.min(options.layers ?? Number.POSITIVE_INFINITY, stored.num_hidden_layers);
  const config = { ...stored, num_hidden_layers: layers };
  const tokenizerFile = join(folder, "tokenizer.json");
  return {
    config,
    tokenizer: createTokenizer(await readJson(tokenizerFile), config.vocab_size, tokenizerFile),
    weights: matchTensors(await readFolderHeaders(folder), encoderParameters(config), encoderNaming(config)),
  };
}
