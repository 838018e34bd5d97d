import { join } from "node:path";
import { z } from "zod";
import { type Caption, createRandom, type Entity, MmelError } from "../core/index.js";
import { locateNames, parseWire, readJson } from "../formats/index.js";
import { parseProperties } from "./property-text.js";
import { filesIn, type OnSkipped, unknownSplit } from "./published-files.js";
import { readWikidiverseCaptions, readWikidiverseEntities } from "./wikidiverse.js";

/** The functions that read a public data set. `folder` is the folder that the authors of the data set published. */
export interface Dataset {
  readonly captions: (folder: string, split: string, onSkipped?: OnSkipped) => AsyncIterable<Caption>;
  readonly entities: (folder: string) => AsyncIterable<Entity>;
}

/** The public data sets. Each key is the value of `--format` for the data set. */
export const DATASETS = {
  wikimel: { captions: readWikimelCaptions, entities: readWikimelEntities },
  richpedia: { captions: readRichpediaCaptions, entities: readRichpediaEntities },
  wikidiverse: { captions: readWikidiverseCaptions, entities: readWikidiverseEntities },
} as const satisfies Readonly<Record<string, Dataset>>;

const wikimelSample = z
  .object({
    id: z.string(),
    sentence: z.string(),
    mentions: z.array(z.string()),
    answer: z.array(z.string()),
    // `entities` holds the gold labels and is ignored
  })
  .refine(({ mentions, answer }) => mentions.length === answer.length, {
    error: "the number of answers differs from the number of mentions",
  });
const wikimelSamples = z.record(z.string(), wikimelSample);
const wikimelSplits = z.record(z.string(), z.array(z.string()));

/**
 * Reads the captions in one split of Wikidata-MEL (`Wikidata-MEL.json`), in the order of `splits.json`. A mention
 * without an occurrence of its own in the text has no span. The pictures of the data set were not published. Throws
 * `USAGE` if the split does not exist.
 */
export async function* readWikimelCaptions(folder: string, split: string): AsyncGenerator<Caption> {
  const splits = parseWire(wikimelSplits, await readJson(join(folder, "splits.json")), "FORMAT");
  const ids = Object.hasOwn(splits, split) ? splits[split] : undefined;
  if (ids === undefined) throw unknownSplit(split, join(folder, "splits.json"), Object.keys(splits));
  const samples = parseWire(wikimelSamples, await readJson(join(folder, "Wikidata-MEL.json")), "FORMAT");
  for (const id of ids) {
    const sample = Object.hasOwn(samples, id) ? samples[id] : undefined;
    if (sample === undefined) {
      throw new MmelError("FORMAT", {
        what: `the file does not contain caption ${id}, which splits.json lists`,
        where: "Wikidata-MEL.json",
      });
    }
    yield wikimelCaption(sample);
  }
}

function wikimelCaption({ id, sentence, mentions, answer }: z.infer<typeof wikimelSample>): Caption {
  const spans = locateNames(sentence, mentions);
  return {
    id,
    text: sentence,
    mentions: mentions.map((text, index) => {
      const span = spans[index];
      return { text, ...(span !== undefined && { span }), gold: { kind: "entity", id: answer[index]! } };
    }),
  };
}

/**
 * A published caption. The published fields `id` (the same as `answer`) and `entities` (the label of the correct
 * entity) are ignored.
 */
const richpediaSample = z.object({ sentence: z.string(), mentions: z.string(), answer: z.string() });
const richpediaSamples = z.record(z.string(), richpediaSample);

/**
 * Reads the captions in one split of Richpedia-MEL from `SPLIT.json`. Each caption has one mention; captions whose
 * published mention is blank are left out. Because the published ids are the answers, the captions are shuffled with a
 * fixed seed and numbered (`richpedia-train-000001`). Throws `USAGE` if the split does not exist.
 */
async function* readRichpediaCaptions(
  folder: string,
  split: string,
  onSkipped?: OnSkipped,
): AsyncGenerator<Caption> {
  const files = await filesIn(folder);
  const present = ["train", "valid", "dev", "test"].filter((name) => files.includes(`${name}.json`));
  if (!present.includes(split)) throw unknownSplit(split, folder, present);
  const samples = parseWire(richpediaSamples, await readJson(join(folder, `${split}.json`)), "FORMAT");
  const shuffled = createRandom(`richpedia-${split}`).shuffle(Object.values(samples));
  for (const [index, { sentence, mentions: text, answer }] of shuffled.entries()) {
    if (text.trim() === "") {
      onSkipped?.("captions with an empty mention");
      continue;
    }
    const [span] = locateNames(sentence, [text]);
    yield {
      id: `richpedia-${split}-${String(index + 1).padStart(6, "0")}`,
      text: sentence,
      mentions: [{ text, ...(span !== undefined && { span }), gold: { kind: "entity", id: answer } }],
    };
  }
}

/** Reads the knowledge base of Wikidata-MEL from `qid2ne.json` and `qid2abs.json`. */
export function readWikimelEntities(folder: string): AsyncGenerator<Entity> {
  return readEntities(folder, "qid2abs.json");
}

/** Reads the knowledge base of Richpedia-MEL from `qid2ne.json` and `qid2abs_long.json`. */
function readRichpediaEntities(folder: string): AsyncGenerator<Entity> {
  return readEntities(folder, "qid2abs_long.json");
}

const textById = z.record(z.string(), z.string());

/**
 * Reads entities with their published labels, including labels such as "Fred (footballer, born 1979)". Pictures and
 * aliases were not published.
 */
async function* readEntities(folder: string, descriptions: string): AsyncGenerator<Entity> {
  const labels = parseWire(textById, await readJson(join(folder, "qid2ne.json")), "FORMAT");
  const texts = parseWire(textById, await readJson(join(folder, descriptions)), "FORMAT");
  const nameless = Object.keys(texts).find((id) => !Object.hasOwn(labels, id));
  if (nameless !== undefined) {
    throw new MmelError("FORMAT", {
      what: `entity ${nameless} in ${descriptions} has no label`,
      where: "qid2ne.json",
      expected: "a label for every entity",
    });
  }
  for (const [id, label] of Object.entries(labels)) {
    const text = Object.hasOwn(texts, id) ? texts[id] : undefined;
    yield {
      id,
      label,
      aliases: [],
      properties: parseProperties(text ?? "", `${descriptions}, ${id}`),
      images: [],
      url: `https://www.wikidata.org/wiki/${id}`,
    };
  }
}
