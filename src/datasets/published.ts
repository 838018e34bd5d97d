import { join } from "node:path";
import { z } from "zod";
import { type Caption, MmelError } from "../core/index.js";
import { parseWire, readJson } from "../formats/index.js";
import { locateNames } from "./locate-names.js";
import { noSplit } from "./split.js";

/** What is read of a published caption; its `entities` hold the gold labels and are left behind. */
const sampleSchema = z
  .object({
    id: z.string(),
    sentence: z.string(),
    mentions: z.array(z.string()),
    answer: z.array(z.string()),
  })
  .refine(({ mentions, answer }) => mentions.length === answer.length, {
    error: "has not as many answers as mentions",
  });
const samplesSchema = z.record(z.string(), sampleSchema);
const splitsSchema = z.record(z.string(), z.array(z.string()));

/**
 * Captions of Wikidata-MEL: `Wikidata-MEL.json` in the order of `splits.json`. Mentions are found in the text where they
 * stand there, otherwise they have no span. The pictures were never published with them. `USAGE` names the splits there are.
 */
export async function* readWikimelCaptions(folder: string, split: string): AsyncGenerator<Caption> {
  const splits = parseWire(splitsSchema, await readJson(join(folder, "splits.json")), "FORMAT");
  const ids = Object.hasOwn(splits, split) ? splits[split] : undefined;
  if (ids === undefined) throw noSplit(split, join(folder, "splits.json"), Object.keys(splits));
  const samples = parseWire(samplesSchema, await readJson(join(folder, "Wikidata-MEL.json")), "FORMAT");
  for (const id of ids) {
    const sample = Object.hasOwn(samples, id) ? samples[id] : undefined;
    if (sample === undefined) {
      throw new MmelError("FORMAT", {
        what: `caption ${id} of splits.json is missing`,
        where: "Wikidata-MEL.json",
      });
    }
    yield captionOf(sample);
  }
}

function captionOf({ id, sentence, mentions, answer }: z.infer<typeof sampleSchema>): Caption {
  const spans = locateNames(sentence, mentions);
  return {
    id,
    text: sentence,
    mentions: mentions.map((text, at) => {
      const span = spans[at];
      return { text, ...(span !== undefined && { span }), gold: { kind: "entity", id: answer[at]! } };
    }),
  };
}
