import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CandidateSource, createCandidateSource } from "../../src/candidates/index.js";
import { type CaptionCandidates, type Entity, MmelError } from "../../src/core/index.js";
import { DATASETS } from "../../src/datasets/index.js";

const SHARED = process.env.MMEL_SHARED ?? join(import.meta.dirname, "../../../shared");
const FOLDER = join(SHARED, "data/wikimel");

/** Maximum number of candidates per mention, as in section 4.1. */
const LIMIT = 100;

/** Opens a candidate source with all entities in Wikidata-MEL. Throws FILE_NOT_FOUND if the data set is missing. */
export async function openSource(): Promise<CandidateSource> {
  if (!existsSync(FOLDER))
    throw new MmelError("FILE_NOT_FOUND", {
      what: "the Wikidata-MEL data set was not found",
      where: FOLDER,
      hint: "Put the data set into this folder, or set MMEL_SHARED to the folder that contains `data/wikimel`.",
    });
  const entities: Entity[] = [];
  for await (const entity of DATASETS.wikimel.entities(FOLDER)) entities.push(entity);
  return createCandidateSource(entities);
}

/** Yields the captions in a split, in order, with the candidates of their mentions. */
export async function* readSplit(source: CandidateSource, split: string): AsyncGenerator<CaptionCandidates> {
  for await (const caption of DATASETS.wikimel.captions(FOLDER, split)) {
    const names = caption.mentions.map(({ text }) => text);
    yield { caption, candidates: await source.candidates(names, LIMIT) };
  }
}
