/**
 * Prepares the data of the second training run: `npx tsx experiments/mini/training-data.ts WIKIMEL RICHPEDIA OUTPUT`. Writes a
 * folder in the format `wikimel` with the entities of both data sets, and with three splits: `train`, and the captions held
 * out from it, `dev` of Wikidata-MEL's train captions and `test` of Richpedia-MEL's. A caption is held out if the SHA-256 of
 * `q` + id starts with a byte below 64, so a quarter is. Wikidata-MEL's own dev captions are left out.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

interface Caption {
  readonly id: string;
  readonly sentence: string;
  readonly mentions: readonly string[];
  readonly entities: readonly string[];
  readonly answer: readonly string[];
}

const [wikimel, richpedia, output] = process.argv.slice(2);
if (wikimel === undefined || richpedia === undefined || output === undefined)
  throw new Error("usage: training-data.ts WIKIMEL RICHPEDIA OUTPUT");

const json = async <T>(folder: string, file: string): Promise<T> =>
  JSON.parse(await readFile(join(folder, file), "utf8"));
const heldOut = (id: string): boolean => createHash("sha256").update(`q${id}`).digest()[0]! < 64;

/** The values of both tables; those of Wikidata-MEL win. */
const both = async (file: string, richpediaFile: string): Promise<Record<string, string>> => ({
  ...(await json<Record<string, string>>(richpedia, richpediaFile)),
  ...(await json<Record<string, string>>(wikimel, file)),
});

const captions: Record<string, Caption> = {};
const splits = { train: [] as string[], dev: [] as string[], test: [] as string[] };
const own = await json<Record<string, Caption>>(wikimel, "Wikidata-MEL.json");
for (const id of (await json<{ train: string[] }>(wikimel, "splits.json")).train) {
  captions[id] = own[id]!;
  splits[heldOut(id) ? "dev" : "train"].push(id);
}
type Single = Record<"id" | "sentence" | "mentions" | "entities" | "answer", string>;
for (const one of Object.values(await json<Record<string, Single>>(richpedia, "train.json"))) {
  const id = `r${one.id}`;
  if (one.mentions.trim() === "" || one.sentence.trim() === "") continue; // some captions have no text or no name
  captions[id] = { ...one, id, mentions: [one.mentions], entities: [one.entities], answer: [one.answer] };
  splits[heldOut(id) ? "test" : "train"].push(id);
}
await mkdir(output, { recursive: true });
for (const [file, value] of Object.entries({
  "Wikidata-MEL.json": captions,
  "splits.json": splits,
  "qid2abs.json": await both("qid2abs.json", "qid2abs_long.json"),
  "qid2ne.json": await both("qid2ne.json", "qid2ne.json"),
}))
  await writeFile(join(output, file), JSON.stringify(value));
for (const [split, ids] of Object.entries(splits)) console.log(`${split}: ${ids.length} captions`);
