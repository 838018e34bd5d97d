import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Caption, createRandom } from "../core/index.js";
import { parseWire, readJson } from "../formats/index.js";
import { locateNames } from "./locate-names.js";
import { noSplit } from "./split.js";

/** What is read of a published caption: its `id` is its answer, its `entities` the gold label; both are left behind. */
const sampleSchema = z.object({ sentence: z.string(), mentions: z.string(), answer: z.string() });
const samplesSchema = z.record(z.string(), sampleSchema);

/**
 * Captions of Richpedia-MEL, of `train.json` or whatever `SPLIT.json` the folder has, each with one mention. They get ids
 * that tell nothing (`richpedia-train-000001`) in a shuffled order that is the same every time. The few captions whose
 * mention is blank come without mentions.
 */
export async function* readRichpediaCaptions(folder: string, split: string): AsyncGenerator<Caption> {
  const present = await splitsIn(folder);
  if (!present.includes(split)) throw noSplit(split, folder, present);
  const samples = parseWire(samplesSchema, await readJson(join(folder, `${split}.json`)), "FORMAT");
  const shuffled = createRandom(`richpedia-${split}`).shuffle(Object.values(samples));
  for (const [at, sample] of shuffled.entries()) {
    yield captionOf(sample, `richpedia-${split}-${String(at + 1).padStart(6, "0")}`);
  }
}

async function splitsIn(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch((): string[] => []);
  return ["train", "valid", "dev", "test"].filter((split) => files.includes(`${split}.json`));
}

function captionOf({ sentence, mentions: text, answer }: z.infer<typeof sampleSchema>, id: string): Caption {
  if (text.trim() === "") return { id, text: sentence, mentions: [] };
  const [span] = locateNames(sentence, [text]);
  return {
    id,
    text: sentence,
    mentions: [{ text, ...(span !== undefined && { span }), gold: { kind: "entity", id: answer } }],
  };
}
