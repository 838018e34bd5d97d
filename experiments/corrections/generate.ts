/**
 * Makes captions of an invented archive about the entities of a museum:
 * `npx tsx experiments/corrections/generate.ts ENTITIES.jsonl FOLDER [SEED]`. The archive names artists by their surnames, and
 * says where they worked instead of their nationality. Writes `corrected.jsonl` (300 captions) and `check.jsonl` (500); no
 * entity occurs in both. Every name is shared by at least two entities with different nationalities.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, type Entity, type Random } from "../../src/core/index.js";
import { readEntities } from "../../src/formats/index.js";

const [file, folder, seed = "1"] = process.argv.slice(2);
if (file === undefined || folder === undefined)
  throw new Error("usage: generate.ts ENTITIES.jsonl FOLDER [SEED]");

/** Cities by the nationality of the people who work there. */
const CITIES: Readonly<Record<string, readonly string[]>> = {
  American: ["New York", "Chicago", "San Francisco", "Boston", "Los Angeles", "Santa Fe", "Detroit"],
  German: ["Berlin", "Munich", "Cologne", "Dresden", "Hamburg"],
  British: ["London", "Bristol", "St Ives", "Manchester"],
  French: ["Paris", "Lyon", "Marseille", "Nice"],
  Italian: ["Milan", "Rome", "Turin", "Florence"],
  Japanese: ["Tokyo", "Kyoto", "Osaka"],
  Swiss: ["Zurich", "Basel", "Geneva"],
  Dutch: ["Amsterdam", "Rotterdam", "Utrecht"],
  Austrian: ["Vienna", "Graz", "Salzburg"],
  Canadian: ["Toronto", "Montreal", "Vancouver"],
  Russian: ["Moscow", "Saint Petersburg"],
  Spanish: ["Madrid", "Barcelona", "Seville"],
  Brazilian: ["São Paulo", "Rio de Janeiro"],
  Argentine: ["Buenos Aires", "Rosario"],
  Mexican: ["Mexico City", "Guadalajara"],
  Swedish: ["Stockholm", "Gothenburg"],
  Polish: ["Warsaw", "Kraków", "Łódź"],
  Danish: ["Copenhagen", "Aarhus"],
  Belgian: ["Brussels", "Antwerp", "Ghent"],
  Czech: ["Prague", "Brno"],
};
const BEFORE = ["Workshop of ", "Visit to ", "With ", "Folder 3: ", "Print by ", "Letter from ", ""];
const AFTER = [
  ", studio in CITY",
  ", CITY, undated",
  " in the old studio, CITY",
  ". From CITY, gift",
  " (CITY)",
];

const entities: Entity[] = [];
for await (const read of readEntities(file)) if (read.kind === "record") entities.push(read.value);

const surname = ({ label }: Entity): string => label.split(" ").at(-1)!;
const nationality = ({ properties }: Entity): string => properties.nationality?.[0] ?? "";
const bySurname = new Map<string, Entity[]>();
for (const entity of entities)
  if (/^\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)+$/u.test(entity.label))
    bySurname.set(surname(entity), [...(bySurname.get(surname(entity)) ?? []), entity]);
const random = createRandom(`${seed}/corrections`);
const usable = random.shuffle(
  entities.filter((entity) => {
    const namesakes = bySurname.get(surname(entity)) ?? [];
    return (
      namesakes.includes(entity) &&
      CITIES[nationality(entity)] !== undefined &&
      namesakes.some((other) => nationality(other) !== nationality(entity)) &&
      namesakes.filter((other) => nationality(other) === nationality(entity)).length === 1
    );
  }),
);

await mkdir(folder, { recursive: true });
const parts = [
  ["corrected", usable.slice(0, 300)],
  ["check", usable.slice(300, 800)],
] as const;
for (const [name, chosen] of parts) {
  const lines = chosen.map((entity, at) => JSON.stringify(captionOf(`${name}-${at}`, entity, random)));
  await writeFile(join(folder, `${name}.jsonl`), `${lines.join("\n")}\n`);
  console.log(`${name}: ${lines.length} captions`);
}

function captionOf(id: string, entity: Entity, random: Random): object {
  const pick = <T>(all: readonly T[]): T => all[random.below(all.length)]!;
  const name = surname(entity);
  const before = pick(BEFORE);
  const after = pick(AFTER).replace("CITY", pick(CITIES[nationality(entity)]!));
  const span = { start: before.length, end: before.length + name.length };
  return { id, text: before + name + after, mentions: [{ text: name, ...span, gold: entity.id }] };
}
