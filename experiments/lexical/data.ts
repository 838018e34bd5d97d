import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type CandidateSource, createCandidateSource } from "../../src/candidates/index.js";
import {
  type Caption,
  type CaptionCandidates,
  type Entity,
  entityOf,
  type EntityInput,
  MmelError,
} from "../../src/core/index.js";
import { DATASETS } from "../../src/datasets/index.js";
import { captionFromWire } from "../../src/formats/index.js";

const SHARED = process.env.MMEL_SHARED ?? join(import.meta.dirname, "../../../shared");
const WIKIMEL = join(SHARED, "data/wikimel");
const NEWSROOM = join(SHARED, "newsroom");

/** Maximum number of candidates per mention, as in section 4.1. */
const LIMIT = 100;

/** A knowledge base and its captions. */
export interface Corpus {
  readonly source: CandidateSource;
  readonly entities: ReadonlyMap<string, Entity>;
  readonly captions: (split: string) => Promise<readonly Caption[]>;
}

function requireFolder(folder: string): void {
  if (!existsSync(folder))
    throw new MmelError("FILE_NOT_FOUND", {
      what: "the data do not exist",
      where: folder,
      hint: "Put the data into this folder, or set MMEL_SHARED to its parent.",
    });
}

const corpusOf = (entities: readonly Entity[], captions: Corpus["captions"]): Corpus => ({
  source: createCandidateSource(entities),
  entities: new Map(entities.map((entity) => [entity.id, entity])),
  captions,
});

/** Opens Wikidata-MEL. Throws FILE_NOT_FOUND if it is missing. */
export async function openSource(): Promise<Corpus> {
  requireFolder(WIKIMEL);
  const entities: Entity[] = [];
  for await (const entity of DATASETS.wikimel.entities(WIKIMEL)) entities.push(entity);
  return corpusOf(entities, async (split) => {
    const captions: Caption[] = [];
    for await (const caption of DATASETS.wikimel.captions(WIKIMEL, split)) captions.push(caption);
    return captions;
  });
}

/** Opens the newsroom's pilot. Throws FILE_NOT_FOUND if it is missing. */
export async function openNewsroom(): Promise<Corpus & { readonly captions: () => Promise<readonly Caption[]> }> {
  requireFolder(NEWSROOM);
  const lines = (text: string): unknown[] => text.trim().split("\n").map((line) => JSON.parse(line) as unknown);
  const entities = lines(gunzipSync(readFileSync(join(NEWSROOM, "kb.jsonl.gz"))).toString("utf8"));
  const captions = lines(readFileSync(join(NEWSROOM, "captions.jsonl"), "utf8"));
  return corpusOf(
    entities.map((entity) => entityOf(entity as EntityInput)),
    async () => captions.map((caption) => captionFromWire(caption as Parameters<typeof captionFromWire>[0])),
  );
}

/** Yields captions, in order, with the candidates of their mentions. */
export async function* readCaptions(
  source: CandidateSource,
  captions: Iterable<Caption>,
): AsyncGenerator<CaptionCandidates> {
  for (const caption of captions) {
    const names = caption.mentions.map(({ text }) => text);
    yield { caption, candidates: await source.candidates(names, LIMIT) };
  }
}
