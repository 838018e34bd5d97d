import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Caption, createRandom, type Entity, entityOf } from "../../src/core/index.js";
import { openNewsroom, openWikimel } from "../lexical/data.js";

const SHARED = process.env.MMEL_SHARED ?? join(import.meta.dirname, "../../../shared");

/** A knowledge base, and captions in random order. */
export interface AdaptSet {
  readonly entities: readonly Entity[];
  readonly captions: readonly Caption[];
}

/** The sets of captions by name. All of them may be used for choosing settings. */
export const SETS: Readonly<Record<string, () => Promise<AdaptSet>>> = {
  train: async () => setOf(await openWikimel("train")),
  newsroom: async () => setOf(await openNewsroom()),
  catalogue: openCatalogue,
};

function setOf({ entities, captions }: Awaited<ReturnType<typeof openWikimel>>): AdaptSet {
  return { entities: [...entities.values()], captions: createRandom("order").shuffle([...captions]) };
}

const CAPTIONS = 3000;
/** Share of the artists that are removed from the knowledge base. */
const MISSING = 0.1;

/**
 * Writes captions in the style of a catalogue from the list of the museum's artists: the surname first or alone, with the
 * nationality and years of the entity. Some artists are removed from the knowledge base, and their mentions are NIL.
 */
async function openCatalogue(): Promise<AdaptSet> {
  const file = join(SHARED, "field/moma-kb.jsonl");
  if (!existsSync(file)) throw new Error(`${file} does not exist; set MMEL_SHARED`);
  const all = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => entityOf(JSON.parse(line) as Parameters<typeof entityOf>[0]));
  const random = createRandom("catalogue");
  const people = all.filter(({ label, properties }) => {
    const words = label.split(" ");
    return words.length > 1 && words.length < 4 && properties.nationality && properties.birth;
  });
  const missing = new Set(people.filter(() => random.next() < MISSING).map(({ id }) => id));
  const captions = Array.from({ length: CAPTIONS }, (_, index): Caption => {
    const { id, label, properties } = people[random.below(people.length)]!;
    const words = label.split(" ");
    const surname = words.at(-1)!;
    const name = [surname, `${surname}, ${words[0]}`, `${words[0]![0]}. ${surname}`, surname][
      random.below(4)
    ]!;
    const [birth, death] = [properties.birth![0]!, properties.death?.[0]];
    const life = death === undefined ? `b. ${birth}` : `${birth}–${death}`;
    const facts = [properties.nationality![0]!, life][random.below(2)]!;
    const year = Number(birth) + 25 + random.below(30);
    const work = ["Untitled", "Study", "Composition", "Sketchbook page", "Poster"][random.below(5)]!;
    const text = `${name} (${facts}). ${work}, ${year}`;
    const gold = missing.has(id) ? { kind: "nil" as const } : { kind: "entity" as const, id };
    return { id: `c${index}`, text, mentions: [{ text: name, span: { start: 0, end: name.length }, gold }] };
  });
  return { entities: all.filter(({ id }) => !missing.has(id)), captions };
}
