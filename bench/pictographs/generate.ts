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
  /** The new folder. */
  readonly output: string;
  /** The folder whose `node_modules` hold the packages. */
  readonly packages: string;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PictographProgress) => void) | undefined;
}

/** How far one stage of the work is. */
export interface PictographProgress {
  readonly stage: "entities drawn" | "captions";
  readonly done: number;
  readonly total: number;
}

/**
 * Makes the pictograph benchmark from installed packages: `kb.jsonl`, captions of three splits, `images/`, a data card and
 * statistics. The same seed, packages and version of sharp give the same bytes. The folder appears when it is complete.
 * `FILE_NOT_FOUND` when packages are missing, `FILE_UNWRITABLE`, `ABORTED`.
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
    const shown = await writeCaptions(draft, drafts, options);
    await removeOthers(images, new Set([...shown, ...drawn.flatMap(({ entity }) => entity.images)]));
    const result: PictographResult = {
      generator: PICTOGRAPHS_VERSION,
      seed: options.seed,
      entities: byKind((kind) => pictographs.filter((one) => one.kind === kind).length),
      captions: statisticsOf(drafts, names),
      dropped,
      packages: Object.fromEntries([...packages.values()].map(({ name, version }) => [name, version])),
    };
    await writeFile(join(draft, "statistics.json"), `${JSON.stringify(result, null, 2)}\n`);
    await writeFile(join(draft, "README.md"), await datasetCard(result, packages, sets));
    return result;
  });
}

/** The stream of random numbers of one purpose, so that no stage's draws shift another's. */
const randomFor = (seed: number, ...purpose: readonly string[]): Random =>
  createRandom([PICTOGRAPHS_VERSION, seed, ...purpose].join("/"));

/** Splits those of each kind that a caption may name. */
function splitsOf(
  pictographs: readonly Pictograph[],
  names: Names,
  seed: number,
): (id: string) => Split | undefined {
  const splits = KINDS.map((kind) => {
    const nameable = pictographs.filter((one) => one.kind === kind && names.shared(one.entity).length > 0);
    return splitIds(
      nameable.map(({ entity }) => entity.id),
      randomFor(seed, "split", kind),
    );
  });
  return (id) => splits.map((split) => split.get(id)).find((split) => split !== undefined);
}

/** What captions may mean: entities with a caption picture, and a picture of their own that no other entity has too. */
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

/** Captions of all splits, numbered through; an id begins with the kind and tells nothing else. Gives back their images. */
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

/** Pictures that stand only beside others, or were drawn for nothing. */
async function removeOthers(images: string, kept: ReadonlySet<string>): Promise<void> {
  for (const file of await readdir(images)) if (!kept.has(file)) await rm(join(images, file));
}

/** The file of one picture, or of several side by side. */
async function combined(images: string, pictures: readonly string[]): Promise<string> {
  if (pictures.length === 1) return pictures[0]!;
  const { file, png } = await sideBySide(
    await Promise.all(pictures.map((picture) => readFile(join(images, picture)))),
  );
  await writeFile(join(images, file), png);
  return file;
}

/** Shares out ids 7:1:2 at random; every id is in one split only. The order of `ids` does not matter. */
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
