import { existsSync } from "node:fs";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MmelError } from "../core/index.js";
import type { OpenImages } from "../pictures/index.js";
import type { LexicalWeights } from "./lexical/index.js";
import type { Model } from "./model.js";
import { MODEL_FILES } from "./model-files.js";

export interface ModelOptions {
  /** Opens the image vectors. Called only for a model that uses pictures. */
  readonly images?: OpenImages | undefined;
  /** Weights of the lexical ranker to use instead of the stored ones. */
  readonly lexical?: LexicalWeights | undefined;
}

/** Description of a model, printed by `mmel models show`. */
export interface ModelDescription {
  readonly facts: Readonly<Record<string, string | number>>;
  /** The model card, in Markdown. */
  readonly card?: string;
}

/**
 * A kind of model folder, identified by the file it contains. The code for a kind is imported when a folder of that
 * kind is first opened or described.
 */
interface ModelKind {
  readonly file: string;
  readonly open: (folder: string, options: ModelOptions) => Promise<Model>;
  readonly facts: (folder: string) => Promise<ModelDescription["facts"]>;
}

const lexical: ModelKind = {
  file: MODEL_FILES.lexical,
  open: async (folder, { lexical: weights }) => {
    const { createLexicalModel, loadLexicalModel } = await import("./lexical/index.js");
    return weights === undefined ? loadLexicalModel(folder) : createLexicalModel(weights);
  },
  facts: async (folder) => (await import("./lexical/index.js")).describeLexicalModel(folder),
};

const mmel: ModelKind = {
  file: MODEL_FILES.weights,
  open: async (folder, options) =>
    (await import("./network-model.js")).openNetworkModel(folder, options.images, async () => {
      const { createLexicalModel, hashWeights } = await import("./lexical/index.js");
      const weights = options.lexical ?? (await firstStageOf(folder));
      return { model: createLexicalModel(weights), base: weights.adaptedFrom ?? hashWeights(weights) };
    }),
  facts: networkFacts,
};

const KINDS: readonly ModelKind[] = [lexical, mmel];

/** Descriptions of the models in the package's `models/` folder, by folder name. The first is the default model. */
const BUNDLED: Readonly<Record<string, string>> = {
  "mmel-mini-en": "lexical ranker and pictures, then a network for uncertain mentions; English",
  lexical: "linear ranker of named features: names, years, occupations, words; no network, no pictures",
};

/** The package's `models/` folder. The relative path is the same from `src/models/` and from `dist/models/`. */
const SHIPPED = fileURLToPath(new URL("../../models/", import.meta.url));

/** Reads the weights of a network's first stage: the adapted weights in its folder, or else the bundled ones. */
async function firstStageOf(folder: string): Promise<LexicalWeights> {
  const { readLexicalWeights } = await import("./lexical/index.js");
  return existsSync(join(folder, MODEL_FILES.firstStage))
    ? readLexicalWeights(folder, MODEL_FILES.firstStage)
    : readLexicalWeights(join(SHIPPED, "lexical"));
}

/** Copies what a network works with from its folder to another: adapted first stage, image-similarity model. */
export async function copyParts(from: string, to: string): Promise<void> {
  const { copyImageLikeness } = await import("./image-likeness/likeness-files.js");
  await copyImageLikeness(from, to);
  const [first, copy] = [join(from, MODEL_FILES.firstStage), join(to, MODEL_FILES.firstStage)];
  if (existsSync(first)) await copyFile(first, copy);
}

async function networkFacts(folder: string): Promise<ModelDescription["facts"]> {
  const facts = await likenessFacts(folder);
  if (!existsSync(join(folder, MODEL_FILES.firstStage))) return facts;
  const { hashWeights } = await import("./lexical/index.js");
  const { hashWithFirst } = await import("./network-model.js");
  const weights = await firstStageOf(folder);
  const [own, base] = [hashWeights(weights), weights.adaptedFrom ?? hashWeights(weights)];
  return {
    ...facts,
    hash: hashWithFirst(String(facts.hash), own, base),
    firstStage: `lexical@${own}, adapted from lexical@${base}`,
  };
}

async function likenessFacts(folder: string): Promise<ModelDescription["facts"]> {
  const facts = await (await import("./checkpoint/index.js")).describeCheckpoint(folder);
  const files = await import("./image-likeness/likeness-files.js");
  if (!files.hasImageLikeness(folder)) return facts;
  const { encoder, views } = await files.readImageLikenessConfig(folder);
  return {
    ...facts,
    hash: await files.hashWithLikeness(folder, String(facts.hash)),
    pictures: `${encoder.id}, ${views} views per picture`,
  };
}

/**
 * Opens a model with its calibration. `nameOrFolder` is the name of a bundled model or a model folder. If it is
 * undefined, opens the default model. Throws MODEL_NOT_FOUND if there is no such model, MODEL_UNSUPPORTED if the
 * model's type, text encoder or tokenizer is not supported, if a newer version of mmel wrote the model or if an earlier
 * version wrote its calibration, MODEL_DAMAGED if its files are invalid, NOT_A_NUMBER if its weights are not finite,
 * ENGINE if the tensor engine cannot run the model, and the errors of `images`.
 */
export async function loadModel(nameOrFolder?: string, options: ModelOptions = {}): Promise<Model> {
  const { folder, kind } = find(nameOrFolder);
  const { calibrated } = await import("./calibration/index.js");
  return calibrated(await kind.open(folder, options), folder);
}

/**
 * Opens a model without its calibration, to fit a new calibration. Also returns its folder. Throws the errors of
 * `loadModel`.
 */
export async function loadUncalibrated(
  nameOrFolder: string | undefined,
  options: ModelOptions = {},
): Promise<{ model: Model; folder: string }> {
  const { folder, kind } = find(nameOrFolder);
  return { model: await kind.open(folder, options), folder };
}

/**
 * Returns the folder of a model and the weights of its lexical ranker. Throws MODEL_UNSUPPORTED if the model has no
 * lexical ranker, and the errors of `loadModel`.
 */
export async function lexicalStage(nameOrFolder?: string): Promise<LexicalStage> {
  const { folder, kind } = find(nameOrFolder);
  const { readLexicalWeights } = await import("./lexical/index.js");
  if (kind === lexical) return { folder, file: kind.file, weights: await readLexicalWeights(folder) };
  const facts = await kind.facts(folder);
  if (facts.firstStage !== "none")
    return { folder, file: MODEL_FILES.firstStage, weights: await firstStageOf(folder) };
  throw new MmelError("MODEL_UNSUPPORTED", {
    what: `the network ${String(facts.name)} has no lexical ranker`,
    where: folder,
    expected: "the lexical ranker, or a network on top of it",
    hint: "Adapt one of the bundled models, or train the network on your captions with `mmel train --init`.",
  });
}

/** Where a model keeps the weights of its lexical ranker. */
export interface LexicalStage {
  readonly folder: string;
  /** Name of the file in the folder. */
  readonly file: string;
  readonly weights: LexicalWeights;
}

/** Lists the models that are bundled with this package. */
export async function bundledModels(): Promise<{ name: string; isDefault: boolean; description: string }[]> {
  return Object.entries(BUNDLED)
    .map(([name, description], index) => ({ name, isDefault: index === 0, description }))
    .filter(({ name }) => existsSync(join(SHIPPED, name)));
}

/** Returns the folder of a bundled model; undefined for any other name. */
export function bundledFolder(name: string): string | undefined {
  return Object.hasOwn(BUNDLED, name) ? join(SHIPPED, name) : undefined;
}

/**
 * Describes a bundled model or a model folder. Throws MODEL_NOT_FOUND if there is no such model, MODEL_UNSUPPORTED if
 * the model's type, text encoder or tokenizer is not supported, if a newer version of mmel wrote the model or if an
 * earlier version wrote its calibration, and MODEL_DAMAGED if its files are invalid.
 */
export async function describeModel(nameOrFolder: string): Promise<ModelDescription> {
  const { folder, kind } = find(nameOrFolder);
  const own = await kind.facts(folder);
  const { readCalibration } = await import("./calibration/index.js");
  const stored = await readCalibration(folder, String(own.hash));
  const facts = stored === undefined ? own : { ...own, hash: stored.hash, calibrated: "yes" };
  const card = join(folder, MODEL_FILES.card);
  return existsSync(card) ? { facts, card: await readFile(card, "utf8") } : { facts };
}

/** Finds a bundled model or a model folder; without a name, the default model. */
function find(nameOrFolder: string = Object.keys(BUNDLED)[0]!): { folder: string; kind: ModelKind } {
  const folder = bundledFolder(nameOrFolder) ?? nameOrFolder;
  const kind = KINDS.find(({ file }) => existsSync(join(folder, file)));
  if (kind !== undefined) return { folder, kind };
  throw new MmelError("MODEL_NOT_FOUND", {
    what: `there is no model ${JSON.stringify(nameOrFolder)}`,
    where: existsSync(folder) ? `folder ${folder}` : undefined,
    expected: `a bundled model (${Object.keys(BUNDLED).join(", ")}) or a folder with ${KINDS.map(({ file }) => file).join(" or ")}`,
    hint: "List the bundled models with `mmel models list`.",
  });
}
