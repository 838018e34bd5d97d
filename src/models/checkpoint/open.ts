import { join } from "node:path";
import { createTokenizer, readJson, type TextTokenizer } from "../../encoders/index.js";
import {
  matchTensors,
  readHeader,
  readTensors,
  type StoredTensors,
} from "../../formats/safetensors/index.js";
import { parametersOf } from "../mmel/weights.js";
import { type CheckpointConfig, parseCheckpointConfig } from "./config.js";
import { FILES } from "./files.js";
import { contentHash } from "./hash.js";

/** A checkpoint, checked; its weights still lie in the file. */
export interface Checkpoint {
  readonly folder: string;
  readonly config: CheckpointConfig;
  readonly tokenizer: TextTokenizer;
  /** Every weight of the model by its name: file, offset, dtype and shape. */
  readonly weights: StoredTensors;
  /** See `contentHash`; links carry `config.name@hash`. */
  readonly hash: string;
}

/** Opens a checkpoint folder. `MODEL_NOT_FOUND`, `MODEL_UNSUPPORTED`, `MODEL_DAMAGED`. */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const [configFile, tokenizerFile, weightsFile] = [FILES.config, FILES.tokenizer, FILES.weights].map(
    (name) => join(folder, name),
  ) as [string, string, string];
  const config = parseCheckpointConfig(await readJson(configFile), configFile);
  const tokenizer = createTokenizer(await readJson(tokenizerFile), config.encoder.vocab_size, tokenizerFile);
  const shapes = new Map(parametersOf(config).map(({ name, shape }) => [name, shape]));
  const weights = matchTensors(await readHeader(weightsFile), shapes);
  return { folder, config, tokenizer, weights, hash: await contentHash(config, tokenizer.json, weightsFile) };
}

/** Reads all weights into memory, by name. `NOT_A_NUMBER`, `MODEL_DAMAGED`. */
export async function readWeights(weights: StoredTensors): Promise<ReadonlyMap<string, Float32Array>> {
  const values = new Map<string, Float32Array>();
  await readTensors(weights, (name) => {
    const { shape } = weights.get(name)!;
    const into = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
    values.set(name, into);
    return into;
  });
  return values;
}
