import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Caption, createRandom, type Random, throwIfAborted } from "../../src/core/index.js";
import { bySplit, SPLITS, type Split, TENTHS } from "../../src/datasets/splits.js";
import { writeFolder } from "../../src/datasets/write-folder.js";
import { captionLines, entityLines, writeAtomically } from "../../src/formats/index.js";
import { KINDS, PICTOGRAPHS_VERSION } from "./artists.js";
import { byKind, type DraftsBySplit, datasetCard, type PictographResult, statisticsOf } from "./card.js";
import { composeCaptions, type Gold, indexNames, type Names } from "./compose.js";
import { type Drawn, drawAll, sideBySide } from "./draw.js";
import { readCountries, readEmoji } from "./emoji.js";
import { readLogos } from "./logos.js";
import { findPackages, readIconSets } from "./packages.js";
import type { Pictograph } from "./pictograph.js";

export interface PictographOptions {
  /** Folder to create. */
  readonly output: string;
  /** Folder whose `node_modules` contains the icon packages. */
  readonly packages: string;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PictographProgress) => void) | undefined;
}

/** Progress of one stage of the generation. */
export interface PictographProgress {
  readonly stage: "entities drawn" | "captions";
  readonly done: number;
  readonly total: number;
}

/**
 * Generates the pictograph benchmark from installed packages: `kb.jsonl`, the captions of three splits, `images/`, a data card and
 * statistics. The same seed, packages and version of sharp give the same bytes. The output folder is created only after all of its
 * content has been generated. Throws `FILE_NOT_FOUND` if packages are missing, `FORMAT` if a package's data are invalid,
 * `FILE_UNWRITABLE` if the folder cannot be written, and `ABORTED` if the signal is aborted.
 */
export async function generatePictographs(options: PictographOptions): Promise<PictographResult> {
  const packages = await findPackages(options.packages);
  return writeFolder(options.output, async (draft) => {
    const sets = await readIconSets(packages);
    const countries = await readCountries(packages);
    const pictographs = [
      ...(await readEmoji(packages, sets, countries)),
      ...(await readLogos(packages, sets)),
    ];
    const names = indexNames(pictographs.map(({ entity }) => entity));
    const images = join(draft, "images");
    await mkdir(images);
    const { drawn, dropped } = await drawAll(pictographs, {
      sets,
      images,
      splitOf: splitsOf(pictographs, names, options.seed),
      signal: options.signal,
      onDrawn: (done) => options.onProgress?.({ stage: "entities drawn", done, total: pictographs.length }),
    });
    const drafts = composeAll(goldsOf(drawn, names), names, options.seed);
    await writeAtomically(join(draft, "kb.jsonl"), entityLines(drawn.map(({ entity }) => entity)));
    const used = await writeCaptions(draft, drafts, options);
    await removeUnused(images, new Set([...used, ...drawn.flatMap(({ entity }) => entity.images)]));
    const result: PictographResult = {
      generator: PICTOGRAPHS_VERSION,
      seed: options.seed,
      entities: byKind((kind) => pictographs.filter((item) => item.kind === kind).length),
      captions: statisticsOf(drafts, names),
      dropped,
      packages: Object.fromEntries([...packages.values()].map(({ name, version }) => [name, version])),
    };
    await writeFile(join(draft, "statistics.json"), `${JSON.stringify(result, null, 2)}\n`);
    await writeFile(join(draft, "README.md"), await datasetCard(result, packages, sets));
    return result;
  });
}

/** Returns a random generator for one purpose. Generators for different purposes are independent. */
const randomFor = (seed: number, ...purpose: readonly string[]): Random =>
  createRandom([PICTOGRAPHS_VERSION, seed, ...purpose].join("/"));

/**
 * Divides the entities of each kind among the splits. Returns a function that maps an entity's id to its split, or to undefined
 * if captions cannot use any of the entity's names.
 */
function splitsOf(
  pictographs: readonly Pictograph[],
  names: Names,
  seed: number,
): (id: string) => Split | undefined {
  const splits = KINDS.map((kind) => {
    const nameable = pictographs.filter((item) => item.kind === kind && names.shared(item.entity).length > 0);
    return splitIds(
      nameable.map(({ entity }) => entity.id),
      randomFor(seed, "split", kind),
    );
  });
  return (id) => splits.map((split) => split.get(id)).find((split) => split !== undefined);
}

/**
 * Returns the entities that captions in each split may refer to. Each has a picture for captions, and no other entity in the
 * knowledge base has the same picture.
 */
function goldsOf(drawn: readonly Drawn[], names: Names): Readonly<Record<Split, readonly Gold[]>> {
  const uses = new Map<string, number>();
  for (const { entity } of drawn) for (const file of entity.images) uses.set(file, (uses.get(file) ?? 0) + 1);
  const golds = drawn.filter(
    ({ entity, pictures }) => pictures.length > 0 && entity.images.every((file) => uses.get(file) === 1),
  );
  return bySplit((wanted) =>
    golds
      .filter(({ split }) => split === wanted)
      .map(({ pictograph, entity, pictures }) => ({
        kind: pictograph.kind,
        entity,
        names: names.shared(entity),
        pictures,
      })),
  );
}

function composeAll(golds: ReturnType<typeof goldsOf>, names: Names, seed: number): DraftsBySplit {
  return bySplit((split) => {
    const drafts = KINDS.flatMap((kind) => {
      const ofKind = golds[split].filter((gold) => gold.kind === kind);
      return composeCaptions(ofKind, names, randomFor(seed, "captions", split, kind));
    });
    return randomFor(seed, "order", split).shuffle(drafts);
  });
}

/** Writes the captions of all splits. An id consists of the kind and a sequential number. Returns the captions' image files. */
async function writeCaptions(
  draft: string,
  drafts: DraftsBySplit,
  { signal, onProgress }: PictographOptions,
): Promise<ReadonlySet<string>> {
  const shown = new Set<string>();
  const total = SPLITS.reduce((sum, split) => sum + drafts[split].length, 0);
  let done = 0;
  async function* captions(split: Split): AsyncGenerator<Caption> {
    for (const { kind, text, mentions, pictures } of drafts[split]) {
      throwIfAborted(signal);
      const image = await combined(join(draft, "images"), pictures);
      shown.add(image);
      done += 1;
      yield { id: `${kind}-${String(done).padStart(6, "0")}`, text, image, mentions, language: "en" };
      onProgress?.({ stage: "captions", done, total });
    }
  }
  for (const split of SPLITS)
    await writeAtomically(join(draft, `${split}.jsonl`), captionLines(captions(split)));
  return shown;
}

/** Deletes all pictures that are not in `kept`: unused pictures, and pictures used only as parts of combined pictures. */
async function removeUnused(images: string, kept: ReadonlySet<string>): Promise<void> {
  for (const file of await readdir(images)) if (!kept.has(file)) await rm(join(images, file));
}

/**
 * Returns the file name of the picture if there is only one. Otherwise, combines the pictures and returns the name of
 * the new file.
 */
async function combined(images: string, pictures: readonly string[]): Promise<string> {
  if (pictures.length === 1) return pictures[0]!;
  const { file, png } = await sideBySide(
    await Promise.all(pictures.map((picture) => readFile(join(images, picture)))),
  );
  await writeFile(join(images, file), png);
  return file;
}

/** Assigns ids to the splits at random, in the ratio 7:1:2. The result does not depend on the order of `ids`. */
export function splitIds(ids: readonly string[], random: Random): ReadonlyMap<string, Split> {
  const shuffled = random.shuffle([...ids].sort());
  const splits = new Map<string, Split>();
  let tenths = 0;
  for (const split of SPLITS) {
    const from = Math.round((shuffled.length * tenths) / 10);
    tenths += TENTHS[split];
    for (const id of shuffled.slice(from, Math.round((shuffled.length * tenths) / 10))) splits.set(id, split);
  }
  return splits;
}
