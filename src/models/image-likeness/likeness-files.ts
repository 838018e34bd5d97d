import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readJson } from "../../encoders/model-files.js";
import { writeAtomically } from "../../formats/index.js";
import {
  damaged,
  issuesOf,
  matchTensors,
  readHeader,
  readTensors,
  writeTensors,
} from "../../formats/safetensors/index.js";
import { MODEL_FILES } from "../model-files.js";
import { type ImageLikeness, type ImageLikenessConfig, imageLikenessConfigSchema } from "./likeness.js";

const FILES = [MODEL_FILES.imageLikeness, MODEL_FILES.imageLikenessWeights];

/** Returns whether a model folder contains an image-similarity model. */
export const hasImageLikeness = (folder: string): boolean =>
  existsSync(join(folder, MODEL_FILES.imageLikeness));

/**
 * Computes the hash of a model together with the image-similarity model in its folder. Returns the hash `model`
 * unchanged if the folder contains none. The result is the same whether or not the model is used with pictures.
 */
export async function hashWithLikeness(folder: string, model: string): Promise<string> {
  if (!hasImageLikeness(folder)) return model;
  const hash = createHash("sha256").update(model);
  for (const file of FILES) hash.update(await readFile(join(folder, file)));
  return hash.digest("hex").slice(0, 16);
}

/**
 * Reads the parameters of the image-similarity model in a model folder. Throws MODEL_NOT_FOUND if the file is missing,
 * and MODEL_DAMAGED if it is invalid.
 */
export async function readImageLikenessConfig(folder: string): Promise<ImageLikenessConfig> {
  const file = join(folder, MODEL_FILES.imageLikeness);
  const parsed = imageLikenessConfigSchema.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  throw damaged(`the image-similarity parameters are invalid (${issuesOf(parsed.error)})`, file);
}

/**
 * Reads the image-similarity model in a model folder: its parameters, mean vector and whitening matrix. Throws
 * MODEL_NOT_FOUND if a file is missing, MODEL_DAMAGED if a file is invalid, and NOT_A_NUMBER if a value is not finite.
 */
export async function readImageLikeness(folder: string): Promise<ImageLikeness> {
  const config = await readImageLikenessConfig(folder);
  const { width } = config;
  const values = { mean: new Float32Array(width), whitening: new Float32Array(width * width) };
  const shapes = new Map([
    ["mean", [width]],
    ["whitening", [width, width]],
  ]);
  const stored = matchTensors(await readHeader(join(folder, MODEL_FILES.imageLikenessWeights)), shapes);
  await readTensors(stored, (name) => values[name as keyof typeof values]);
  return { config, ...values };
}

/**
 * Writes an image-similarity model to a model folder, with its mean and matrix in half precision. Throws
 * FILE_UNWRITABLE if a file cannot be written, and NOT_A_NUMBER if a value is not finite or too large.
 */
export async function saveImageLikeness(
  folder: string,
  { config, mean, whitening }: ImageLikeness,
): Promise<void> {
  const { width } = config;
  const tensors = [
    { name: "mean", shape: [width], values: mean },
    { name: "whitening", shape: [width, width], values: whitening },
  ];
  await writeTensors(join(folder, MODEL_FILES.imageLikenessWeights), tensors, "F16");
  await writeAtomically(join(folder, MODEL_FILES.imageLikeness), [`${JSON.stringify(config, null, 1)}\n`]);
}

/** Copies the image-similarity model from one model folder to another. Does nothing if there is none in `from`. */
export async function copyImageLikeness(from: string, to: string): Promise<void> {
  if (!hasImageLikeness(from)) return;
  // Copy `sight.json` last: its presence shows that the image-similarity model is complete.
  for (const file of FILES.toReversed()) await copyFile(join(from, file), join(to, file));
}
