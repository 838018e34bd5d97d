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
import { FILES } from "../checkpoint/files.js";
import { type Sight, type SightConfig, sightConfigSchema } from "./likeness.js";

/** Whether a model's folder holds a sight. */
export const hasSight = (folder: string): boolean => existsSync(join(folder, FILES.sight));

/** The hash of a model together with the sight in its folder, if there is one: pictures given or not, it is one model. */
export async function seenHash(folder: string, model: string): Promise<string> {
  if (!hasSight(folder)) return model;
  const hash = createHash("sha256").update(model);
  for (const file of [FILES.sight, FILES.sightWeights]) hash.update(await readFile(join(folder, file)));
  return hash.digest("hex").slice(0, 16);
}

/** The numbers of the sight in a model's folder. `MODEL_NOT_FOUND`, `MODEL_DAMAGED`. */
export async function readSightConfig(folder: string): Promise<SightConfig> {
  const file = join(folder, FILES.sight);
  const parsed = sightConfigSchema.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  throw damaged(`the sight is wrong (${issuesOf(parsed.error)})`, file);
}

/** Reads the sight in a model's folder, its matrix too. Errors as `readSightConfig`. */
export async function readSight(folder: string): Promise<Sight> {
  const config = await readSightConfig(folder);
  const { width } = config;
  const values = { mean: new Float32Array(width), whitening: new Float32Array(width * width) };
  const shapes = new Map([
    ["mean", [width]],
    ["whitening", [width, width]],
  ]);
  const stored = matchTensors(await readHeader(join(folder, FILES.sightWeights)), shapes);
  await readTensors(stored, (name) => values[name as keyof typeof values]);
  return { config, ...values };
}

/** Puts a sight into a model's folder: in half precision. `FILE_UNWRITABLE`. */
export async function saveSight(folder: string, { config, mean, whitening }: Sight): Promise<void> {
  const { width } = config;
  const tensors = [
    { name: "mean", shape: [width], values: mean },
    { name: "whitening", shape: [width, width], values: whitening },
  ];
  await writeTensors(join(folder, FILES.sightWeights), tensors, "F16");
  await writeAtomically(join(folder, FILES.sight), [`${JSON.stringify(config, null, 1)}\n`]);
}

/** Gives a model's folder the sight of another one, if that has one. */
export async function copySight(from: string, to: string): Promise<void> {
  if (!hasSight(from)) return;
  for (const file of [FILES.sightWeights, FILES.sight]) await copyFile(join(from, file), join(to, file));
}
