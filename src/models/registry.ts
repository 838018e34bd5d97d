import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MmelError } from "../core/index.js";
import type { ImageSource, OpenImages } from "../pictures/index.js";
import type { CheckpointConfig } from "./checkpoint/index.js";
import type { Model } from "./model.js";

export interface ModelOptions {
  /** Opens the pictures' vectors for a model that looks at them; one that does not never calls it. */
  readonly images?: OpenImages | undefined;
}

/** What a model says of itself, for `mmel models show`. */
export interface ModelDescription {
  readonly facts: Readonly<Record<string, string | number>>;
  /** The model's card, Markdown. */
  readonly card?: string;
}

/** A kind of model folder, told by a file that each holds. Its code is loaded when such a folder is used. */
interface ModelKind {
  readonly file: string;
  readonly open: (folder: string, options: ModelOptions) => Promise<Model>;
  readonly facts: (folder: string) => Promise<ModelDescription["facts"]>;
}

const lexical: ModelKind = {
  file: "weights.json",
  open: async (folder) => (await import("./lexical/index.js")).loadLexicalModel(folder),
  facts: async (folder) => (await import("./lexical/index.js")).describeLexicalModel(folder),
};

const mmel: ModelKind = {
  file: "model.safetensors",
  open: openNetwork,
  facts: async (folder) =>
    seenFacts(await (await import("./checkpoint/index.js")).describeCheckpoint(folder), folder),
};

const KINDS: readonly ModelKind[] = [lexical, mmel];

/** The models in `models/` at the package's root, by folder. The first is the default. */
const BUNDLED: Readonly<Record<string, string>> = {
  "mmel-mini-en": "lexical and pictures, then a network where they are unsure; English",
  lexical: "linear ranker of named features: names, years, occupations, words; no network, no pictures",
};

/** The same from `src/models/` and from `dist/models/`. */
const SHIPPED = fileURLToPath(new URL("../../models/", import.meta.url));

/** A checkpoint by itself, or on top of the lexical ranker if it was trained so; with the sight that lies in its folder. */
async function openNetwork(folder: string, options: ModelOptions): Promise<Model> {
  const { openCheckpoint } = await import("./checkpoint/index.js");
  const checkpoint = await openCheckpoint(folder);
  const images = await imagesOf(checkpoint.config, options);
  const { hasSight, seenHash } = await import("./image-likeness/likeness-files.js");
  const see = async (model: Model): Promise<Model> =>
    hasSight(folder)
      ? (await import("./image-likeness/index.js")).withSight(model, folder, options.images)
      : model;
  const network = checkpoint.config.head.lexicalPrior
    ? await (await import("./cascade/index.js")).loadCascade(
        checkpoint,
        await see(await lexical.open(join(SHIPPED, "lexical"), options)),
        images,
      )
    : await see(await (await import("./mmel/index.js")).createMmelModel(checkpoint, images));
  return { ...network, hash: await seenHash(folder, network.hash) };
}

/** What a folder's model says of itself, with its sight, if there is one. */
async function seenFacts<Facts extends ModelDescription["facts"]>(facts: Facts, folder: string) {
  const { hasSight, readSightConfig, seenHash } = await import("./image-likeness/likeness-files.js");
  if (!hasSight(folder)) return facts;
  const { encoder, views } = await readSightConfig(folder);
  return {
    ...facts,
    hash: await seenHash(folder, String(facts.hash)),
    pictures: `${encoder.id}, ${views} views a picture`,
  };
}

/** The vectors of the image encoder that a checkpoint was trained with; nothing for one that was trained without pictures. */
async function imagesOf(
  { imageEncoder: encoder, head }: CheckpointConfig,
  { images }: ModelOptions,
): Promise<{ images?: ImageSource }> {
  if (encoder === undefined || images === undefined) return {};
  return { images: await images({ encoder, views: head.imageViews }) };
}

/**
 * Opens a bundled model by name, or a model folder; without either the default. `MODEL_NOT_FOUND`, `MODEL_DAMAGED`, and
 * what `images` throws.
 */
export async function loadModel(nameOrFolder?: string, options: ModelOptions = {}): Promise<Model> {
  const { folder, kind } = find(nameOrFolder ?? Object.keys(BUNDLED)[0]!);
  const { calibrated } = await import("./calibration/index.js");
  return calibrated(await kind.open(folder, options), folder);
}

/** The same without its calibration, which is being fitted anew, and the folder it lies in. */
export async function loadUncalibrated(
  nameOrFolder: string,
  options: ModelOptions = {},
): Promise<{ model: Model; folder: string }> {
  const { folder, kind } = find(nameOrFolder);
  return { model: await kind.open(folder, options), folder };
}

/** The models that came with this package. */
export async function bundledModels(): Promise<{ name: string; isDefault: boolean; description: string }[]> {
  return Object.entries(BUNDLED)
    .map(([name, description], at) => ({ name, isDefault: at === 0, description }))
    .filter(({ name }) => existsSync(join(SHIPPED, name)));
}

/** The folder of a bundled model; undefined for any other name. */
export function bundledFolder(name: string): string | undefined {
  return Object.hasOwn(BUNDLED, name) ? join(SHIPPED, name) : undefined;
}

export async function describeModel(nameOrFolder: string): Promise<ModelDescription> {
  const { folder, kind } = find(nameOrFolder);
  const own = await kind.facts(folder);
  const { readCalibration } = await import("./calibration/index.js");
  const stored = await readCalibration(folder, String(own.hash));
  const facts = stored === undefined ? own : { ...own, hash: stored.hash, calibrated: "yes" };
  const card = join(folder, "README.md");
  return existsSync(card) ? { facts, card: await readFile(card, "utf8") } : { facts };
}

function find(nameOrFolder: string): { folder: string; kind: ModelKind } {
  const folder = bundledFolder(nameOrFolder) ?? nameOrFolder;
  const kind = KINDS.find(({ file }) => existsSync(join(folder, file)));
  if (kind !== undefined) return { folder, kind };
  throw new MmelError("MODEL_NOT_FOUND", {
    what: `no model ${JSON.stringify(nameOrFolder)}`,
    where: existsSync(folder) ? `folder ${folder}` : undefined,
    expected: `a bundled model (${Object.keys(BUNDLED).join(", ")}) or a folder with ${KINDS.map(({ file }) => file).join(" or ")}`,
    hint: "mmel models list",
  });
}
