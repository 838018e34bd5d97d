import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MmelError } from "../../core/index.js";
import type { Model } from "../model.js";
import { FEATURE_NAMES } from "./features.js";
import { createLexicalModel } from "./model.js";
import type { EntityMix } from "./pairs.js";
import { hashWeights, type LexicalWeights, parseWeights } from "./weights.js";

/** Opens a folder with `weights.json`. `MODEL_NOT_FOUND`, `MODEL_DAMAGED`. */
export async function loadLexicalModel(folder: string): Promise<Model<EntityMix>> {
  return createLexicalModel(await readWeights(folder));
}

/** What such a folder holds. */
export async function describeLexicalModel(folder: string): Promise<Record<string, string | number>> {
  const weights = await readWeights(folder);
  return {
    name: weights.name,
    hash: hashWeights(weights),
    kind: "lexical",
    features: FEATURE_NAMES.length,
    temperature: weights.temperature,
    nameFloor: weights.nameFloor,
  };
}

async function readWeights(folder: string): Promise<LexicalWeights> {
  const path = join(folder, "weights.json");
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new MmelError("MODEL_NOT_FOUND", { what: "no lexical weights", where: path, cause });
  });
  return parseWeights(parseJson(text, path), path);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MmelError("MODEL_DAMAGED", { what: "weights that are no JSON", where: path, cause });
  }
}
