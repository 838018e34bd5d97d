import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type CandidateSource, createCandidateSource } from "../../src/candidates/index.js";
import {
  type Caption,
  type CaptionCandidates,
  createRandom,
  type Entity,
  type EntityInput,
  entityOf,
  MmelError,
} from "../../src/core/index.js";
import { DATASETS } from "../../src/datasets/index.js";
import { captionFromWire } from "../../src/formats/index.js";
import { lookUp } from "../../src/linker/index.js";
import { createRelations, type Relations } from "../../src/relations/index.js";
import type { TrainingCaption } from "../../src/training/lexical/index.js";
import { varied } from "../../src/training/variations.js";

const SHARED = process.env.MMEL_SHARED ?? join(import.meta.dirname, "../../../shared");
const WIKIMEL = join(SHARED, "data/wikimel");
const NEWSROOM = join(SHARED, "newsroom");

/** Maximum number of candidates per mention, as in section 4.1. */
const LIMIT = 100;

/** A knowledge base and its captions. */
export interface Corpus {
  readonly source: CandidateSource;
  readonly relations: Relations;
  readonly entities: ReadonlyMap<string, Entity>;
  readonly captions: readonly Caption[];
}

function requireFolder(folder: string): void {
  if (!existsSync(folder))
    throw new MmelError("FILE_NOT_FOUND", {
      what: "the data set was not found",
      where: folder,
      hint: "Put the data set into this folder, or set MMEL_SHARED to the folder that contains `data` and `newsroom`.",
    });
}

const corpusOf = (entities: readonly Entity[], captions: readonly Caption[]): Corpus => ({
  source: createCandidateSource(entities),
  relations: createRelations(entities),
  entities: new Map(entities.map((entity) => [entity.id, entity])),
  captions,
});

/** Opens Wikidata-MEL with the captions in a split. Throws FILE_NOT_FOUND if the data set is missing. */
export async function openWikimel(split: "train" | "dev"): Promise<Corpus> {
  requireFolder(WIKIMEL);
  const entities: Entity[] = [];
  for await (const entity of DATASETS.wikimel.entities(WIKIMEL)) entities.push(entity);
  const captions: Caption[] = [];
  for await (const caption of DATASETS.wikimel.captions(WIKIMEL, split)) captions.push(caption);
  return corpusOf(entities, captions);
}

/** Opens the newsroom's pilot with the captions that may be used for choosing. Throws FILE_NOT_FOUND if it is missing. */
export async function openNewsroom(): Promise<Corpus> {
  requireFolder(NEWSROOM);
  const entities = lines(gunzipSync(readFileSync(join(NEWSROOM, "kb.jsonl.gz"))).toString("utf8"));
  const captions = lines(readFileSync(join(NEWSROOM, "captions.jsonl"), "utf8")).slice(0, FOR_CHOOSING);
  return corpusOf(
    entities.map((entity) => entityOf(entity as EntityInput)),
    captions.map((caption) => captionFromWire(caption as Parameters<typeof captionFromWire>[0])),
  );
}

/** Number of newsroom captions for choosing settings. The other captions are for reporting results. */
const FOR_CHOOSING = 1000;

const lines = (text: string): unknown[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

/** Weight of a rewritten caption in the fit. A caption as it is has weight 1. */
const VARIED = 0.3;

/**
 * Yields the training data of the bundled model: the captions of Wikidata-MEL, the same captions with one name rewritten by
 * a random rule, and those of the newsroom. `use` selects captions by their index in a corpus.
 */
export async function* trainingData(
  wikimel: Corpus,
  newsroom: Corpus,
  use: (index: number) => boolean = () => true,
): AsyncGenerator<TrainingCaption> {
  const random = createRandom("variations");
  const entityOf = (id: string): Entity | undefined => wikimel.entities.get(id);
  const captions = wikimel.captions.filter((_, index) => use(index));
  yield* withCandidates(wikimel, captions);
  const rewritten = captions.flatMap((caption) => varied(caption, entityOf, random)?.caption ?? []);
  for await (const caption of withCandidates(wikimel, rewritten)) yield { ...caption, weight: VARIED };
  const own = newsroom.captions.filter((_, index) => use(index));
  for await (const caption of withCandidates(newsroom, own)) yield { ...caption, generated: true };
}

/** Number of captions whose candidates are looked up together. */
const BATCH = 64;

/** Yields captions, in order, with the candidates of their mentions. */
export async function* withCandidates(
  corpus: Corpus,
  captions: readonly Caption[],
): AsyncGenerator<CaptionCandidates> {
  for (let start = 0; start < captions.length; start += BATCH)
    yield* await lookUp(corpus, captions.slice(start, start + BATCH), LIMIT);
}

/** One of every QUARTER captions is held out to choose settings. */
const QUARTER = 4;
/** Returns whether the caption with this index in a corpus is held out to choose settings. */
export const isHeldOut = (index: number): boolean => index % QUARTER === 0;

/** Returns a caption whose mentions are only the last words of its names. The text stays as it is. */
export function cutToLastWord(caption: Caption): Caption {
  return {
    ...caption,
    mentions: caption.mentions.map((mention) => {
      const text = mention.text.split(" ").at(-1)!;
      const { span } = mention;
      return { ...mention, text, ...(span && { span: { start: span.end - text.length, end: span.end } }) };
    }),
  };
}
