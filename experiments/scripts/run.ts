/**
 * Measures names across scripts: `npx tsx experiments/scripts/run.ts [SHARED]`. The knowledge base contains the 100 people of
 * `names.ts` with Latin names, and the entities of Wikidata-MEL in SHARED/data/wikimel (default: ../shared) except those with
 * one of the 100 family names. For full names and for family names, prints the number of names for which the right person is
 * the first candidate, and the number that the model `lexical` links to the right person. Each caption contains only the name.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createCandidateSource } from "../../src/candidates/index.js";
import type { Entity } from "../../src/core/index.js";
import { createLinker } from "../../src/linker/index.js";
import { wordsOf } from "../../src/names/index.js";
import { SCRIPT_NAMES, SCRIPTS } from "./names.js";

const [shared = "../shared"] = process.argv.slice(2);
const labels: Record<string, string> = JSON.parse(
  readFileSync(join(shared, "data", "wikimel", "qid2ne.json"), "utf8"),
);
const last = (name: string): string => name.split(" ").at(-1)!;
const families = new Set(SCRIPT_NAMES.map(([latin]) => wordsOf(last(latin!)).at(-1)!));
const entity = (id: string, label: string): Entity => ({
  id,
  label,
  aliases: [],
  properties: {},
  images: [],
});
const kb = [
  ...SCRIPT_NAMES.map(([latin], at) => entity(`own-${at}`, latin!)),
  ...Object.entries(labels)
    .filter(([, label]) => !wordsOf(label).some((word) => families.has(word)))
    .map(([id, label]) => entity(id, label)),
];
const source = createCandidateSource(kb);
await using linker = await createLinker({ kb, model: "lexical" });

const rows = [];
for (const [kind, part] of [["full name", (name: string) => name] as const, ["family name", last] as const])
  for (const [column, script] of SCRIPTS.entries()) {
    let [first, linked] = [0, 0];
    for (const [at, names] of SCRIPT_NAMES.entries()) {
      const text = part(names[column]!);
      const [list = []] = await source.candidates([text], 10);
      const { mentions } = await linker.link({ id: `${at}`, text, mentions: [{ text }] });
      if (list[0]?.entity.id === `own-${at}`) first++;
      if (mentions[0]?.entity?.id === `own-${at}`) linked++;
    }
    rows.push({ kind, script, names: SCRIPT_NAMES.length, first, linked });
  }
console.table(rows);
