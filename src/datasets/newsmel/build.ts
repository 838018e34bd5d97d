import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Caption, createRandom, type Entity, type Random, throwIfAborted } from "../../core/index.js";
import { captionLines, entityLines, writeAtomically } from "../../formats/index.js";
import type { EntityStore } from "../../kb/index.js";
import { bySplit, SPLITS } from "../splits.js";
import { writeFolder } from "../write-folder.js";
import { copyCaptionPicture, copyEntityPictures, type FindPicture, hashFile } from "./pictures.js";
import { type Renamed, renamePeople } from "./rename.js";
import { datasetCard, type NewsmelResult, type Settings, statisticsOf } from "./report.js";
import {
  type FoundName,
  type LeftOut,
  lookUpNames,
  nameKey,
  type Resolved,
  resolveCaption,
} from "./resolve.js";
import { type SplitBy, type SplitCaptions, splitCaptions } from "./split-captions.js";

/** Version of the generator. It changes whenever the rules change. */
export const NEWSMEL_VERSION = "newsmel-2";

export interface NewsmelOptions {
  /** The folder to create. */
  readonly output: string;
  readonly store: Pick<EntityStore, "all" | "manifest">;
  /**
   * Finds the names in a text that belong, or may belong, to people. The names have spans, are in text order and do not
   * overlap.
   */
  readonly detect: (text: string) => Promise<readonly FoundName[]>;
  /** Finds the picture of a caption. If `findPicture` is undefined, captions get no pictures. */
  readonly findPicture?: FindPicture | undefined;
  /**
   * Finds the picture of an entity. The picture is then copied into the data set. If `findEntityPicture` is undefined,
   * entities keep their picture paths.
   */
  readonly findEntityPicture?: FindPicture | undefined;
  readonly seed: number;
  readonly splitBy: SplitBy | "auto";
  readonly invalid: "mention" | "caption";
  readonly requirePictures: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: NewsmelProgress) => void) | undefined;
}

/** Progress of one stage of `buildNewsmel`. */
export interface NewsmelProgress {
  readonly stage: "captions read" | "entities searched" | "entities written";
  readonly done: number;
  readonly total?: number;
}

/**
 * Builds a data set as described in section 4.1 of the paper. Finds people's names in captions, looks up the entities
 * with these names, and renames half of the people. Then splits the captions 7:1:2 without leakage (see `SplitBy`).
 * Ignores existing mentions. The output folder is created once the data set is complete. Keeps the captions and their
 * entities in memory. Throws `FILE_UNWRITABLE` if the folder is not empty or cannot be written, `CONFIG` if `splitBy`
 * is `entity` and such a split is impossible, and `ABORTED` if the signal fires.
 */
export async function buildNewsmel(
  captions: AsyncIterable<Caption>,
  options: NewsmelOptions,
): Promise<NewsmelResult> {
  return writeFolder(options.output, async (draft) => {
    const leftOut: LeftOut[] = [];
    const { resolved, files, read } = await resolveAll(captions, options, leftOut);
    const renamed = renamePeople(resolved, randomFor(options.seed, "rename"));
    const hashes = await hashesOf(resolved, files);
    const split = splitCaptions(
      resolved,
      renamed,
      ({ id }) => hashes.get(id),
      options.splitBy,
      () => randomFor(options.seed, "split"),
    );
    const splits = bySplit((each) => split.splits[each].map((index) => renamed[index]!));
    const images = join(draft, "images");
    for (const each of SPLITS)
      await writeAtomically(
        join(draft, `${each}.jsonl`),
        captionLines(withPictures(splits[each], files, images)),
      );
    await writeAtomically(join(draft, "kb.jsonl"), entityLines(entitiesOf(options, images)));
    await writeAtomically(join(draft, "rejects.jsonl"), leftOut.map(toLine));
    const result = statisticsOf(settingsOf(options, read, split), splits, leftOut);
    await writeFile(join(draft, "statistics.json"), `${JSON.stringify(result, null, 2)}\n`);
    await writeFile(join(draft, "README.md"), datasetCard(result));
    return result;
  });
}

const toLine = (record: LeftOut): string => `${JSON.stringify(record)}\n`;

function settingsOf(
  { store: { manifest }, seed, invalid, requirePictures }: NewsmelOptions,
  read: number,
  { by: splitBy, largestGroup }: SplitCaptions,
): Settings {
  const { name, version, entities } = manifest;
  const origin = { generator: NEWSMEL_VERSION, seed, kb: `${name}@${version}`, entities };
  return { ...origin, splitBy, invalid, requirePictures, read, largestGroup };
}

/**
 * Returns the random number generator for one purpose. Each purpose has its own, so that one stage does not influence
 * another.
 */
const randomFor = (seed: number, purpose: string): Random =>
  createRandom([NEWSMEL_VERSION, seed, purpose].join("/"));

interface Named {
  readonly caption: Caption;
  readonly names: readonly FoundName[];
}

/** Maps the id of each caption that has a picture to the picture's file. */
type Files = ReadonlyMap<string, string>;

interface ReadCaptions {
  readonly resolved: readonly Resolved[];
  readonly files: Files;
  readonly read: number;
}

async function resolveAll(
  captions: AsyncIterable<Caption>,
  options: NewsmelOptions,
  leftOut: LeftOut[],
): Promise<ReadCaptions> {
  const named: Named[] = [];
  const files = new Map<string, string>();
  let read = 0;
  for await (const { image, ...text } of captions) {
    throwIfAborted(options.signal);
    options.onProgress?.({ stage: "captions read", done: ++read });
    const file = image === undefined ? undefined : await options.findPicture?.(image).catch(() => undefined);
    if (file !== undefined) files.set(text.id, file);
    const caption = file === undefined || image === undefined ? text : { ...text, image };
    if (isEnglish(caption)) named.push({ caption, names: await options.detect(caption.text) });
    else leftOut.push({ caption: caption.id, reason: "language" });
  }
  const holders = await holdersOf(named, options);
  const { invalid, requirePictures } = options;
  const resolved = named.flatMap(({ caption, names }) => {
    const settings = { holders, invalid, requirePictures };
    return resolveCaption(caption, names, settings, (record) => leftOut.push(record)) ?? [];
  });
  return { resolved, files, read };
}

/** Returns whether a caption is in English. A caption without a language counts as English. */
const isEnglish = ({ language }: Caption): boolean => language === undefined || /^en\b/iu.test(language);

function holdersOf(named: readonly Named[], { store, signal, onProgress }: NewsmelOptions) {
  const wanted = new Set(named.flatMap(({ names }) => names.map(({ mention }) => nameKey(mention.text))));
  const total = store.manifest.entities;
  return lookUpNames(store, wanted, {
    signal,
    onProgress: (done) => onProgress?.({ stage: "entities searched", done, total }),
  });
}

/** Returns a map from the id of each caption that has a picture to the picture's SHA-256 hash. */
async function hashesOf(resolved: readonly Resolved[], files: Files): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  for (const { caption } of resolved) {
    const file = files.get(caption.id);
    if (file !== undefined) hashes.set(caption.id, await hashFile(file));
  }
  return hashes;
}

async function* withPictures(
  renamed: readonly Renamed[],
  files: Files,
  images: string,
): AsyncGenerator<Caption> {
  for (const { caption } of renamed) yield copyCaptionPicture(caption, files.get(caption.id), images);
}

async function* entitiesOf(
  { store, findEntityPicture, signal, onProgress }: NewsmelOptions,
  images: string,
): AsyncGenerator<Entity> {
  let done = 0;
  for await (const entity of store.all(signal === undefined ? {} : { signal })) {
    yield findEntityPicture === undefined
      ? entity
      : await copyEntityPictures(entity, findEntityPicture, images);
    onProgress?.({ stage: "entities written", done: ++done, total: store.manifest.entities });
  }
}
