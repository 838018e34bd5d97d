import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createTokenizer, readJson, type TextTokenizer } from "../../encoders/index.js";
import {
  matchTensors,
  readHeader,
  readTensors,
  type StoredTensors,
} from "../../formats/safetensors/index.js";
import { baselineOf } from "../mmel/config.js";
import { parametersOf } from "../mmel/weights.js";
import { MODEL_FILES } from "../model-files.js";
import { type CheckpointConfig, parseCheckpointConfig } from "./checkpoint-config.js";

/** A validated checkpoint, whose weights have not been read from the file yet. */
export interface Checkpoint {
  readonly folder: string;
  readonly config: CheckpointConfig;
  readonly tokenizer: TextTokenizer;
  /** File, offset, dtype and shape of every weight, by the weight's name. */
  readonly weights: StoredTensors;
  /**
   * The result of `contentHash`. If the folder also contains an image-similarity model or a calibration, the hash in
   * links (`NAME@HASH`) is computed from this hash and differs from it.
   */
  readonly hash: string;
}

/**
 * Opens a checkpoint folder. Throws MODEL_NOT_FOUND if a file is missing, MODEL_UNSUPPORTED if the `model_type` is not
 * `mmel`, the format version is too new, or the text encoder or the tokenizer is not supported, and MODEL_DAMAGED if a
 * file is invalid in another way or the weights do not match the configuration.
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const configFile = join(folder, MODEL_FILES.config);
  const tokenizerFile = join(folder, MODEL_FILES.tokenizer);
  const weightsFile = join(folder, MODEL_FILES.weights);
  const config = parseCheckpointConfig(await readJson(configFile), configFile);
  const tokenizer = createTokenizer(await readJson(tokenizerFile), config.encoder.vocab_size, tokenizerFile);
  const shapes = new Map(parametersOf(config).map(({ name, shape }) => [name, shape]));
  const weights = matchTensors(await readHeader(weightsFile), shapes);
  return { folder, config, tokenizer, weights, hash: await contentHash(config, tokenizer.json, weightsFile) };
}

/** Reads all weights into memory, by name. Throws the errors of `readTensors`. */
export async function readWeights(weights: StoredTensors): Promise<ReadonlyMap<string, Float32Array>> {
  const values = new Map<string, Float32Array>();
  await readTensors(weights, (name) => {
    const { shape } = weights.get(name)!;
    const into = new Float32Array(sizeOf(shape));
    values.set(name, into);
    return into;
  });
  return values;
}

/** Returns the facts that `mmel models show` prints about a checkpoint. Throws the errors of `openCheckpoint`. */
export async function describeCheckpoint(folder: string): Promise<Readonly<Record<string, string | number>>> {
  const { config, weights, hash } = await openCheckpoint(folder);
  const int8 = [...weights.values()].some(({ divisors }) => divisors !== undefined);
  const { encoder, head, input, firstStage, imageEncoder } = config;
  return {
    kind: "mmel",
    name: config.name,
    hash,
    variant: head.variant,
    loss: baselineOf(head)?.loss ?? head.loss,
    entityText: head.entityText,
    headWidth: head.d,
    firstStage: firstStage === undefined ? "none" : `${firstStage.name}@${firstStage.hash}`,
    textEncoder: `${encoder.model_type}, ${encoder.num_hidden_layers} layers, width ${encoder.hidden_size}`,
    imageEncoder: imageEncoder?.id ?? "none",
    maxTokens: input.maxTokens,
    arithmetic: int8 ? "int8 if the processor computes exactly in int8, otherwise float32" : "float32",
    weights: parametersOf(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

/**
 * Computes a hash of a checkpoint's configuration, tokenizer and weights: the first 16 hexadecimal digits of the
 * SHA-256. The hash does not cover the name, the model card or the training record. `hashWithLikeness` adds the
 * image-similarity model.
 */
export async function contentHash(
  config: CheckpointConfig,
  tokenizer: object,
  weightsFile: string,
): Promise<string> {
  const { name: _, training: __, ...hashed } = config;
  const hash = createHash("sha256")
    .update(canonical(hashed))
    .update("\n")
    .update(canonical(tokenizer))
    .update("\n");
  await pipeline(createReadStream(weightsFile, { highWaterMark: 1 << 20 }), hash, { end: false });
  return hash.digest("hex").slice(0, 16);
}

/** Serialises a value as JSON with sorted object keys, so that equal content gives equal text. */
function canonical(value: object): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
