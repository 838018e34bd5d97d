import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CaptionLinks, type Entity, type EntityInput, entityOf } from "../../src/core/index.js";
import { CHECKOUT, openPackage } from "./package.js";

/**
 * Measures how often a stated year of birth decides between people with the same name: `npx tsx
 * experiments/field/namesakes.ts [MODEL] [CHECKOUT…]`. Each person in the Museum of Modern Art's catalogue who has a namesake
 * with another year of birth gets the caption "NAME, born YEAR".
 */
const SHARED = process.env.MMEL_SHARED ?? join(import.meta.dirname, "../../../shared");
const [model = "lexical", ...checkouts] = process.argv.slice(2);

const lines = (await readFile(join(SHARED, "field/moma-kb.jsonl"), "utf8")).trim().split("\n");
const entities = lines.map((line) => entityOf(JSON.parse(line) as EntityInput));
const byName = new Map<string, Entity[]>();
for (const entity of entities)
  if (birthOf(entity) !== undefined) byName.set(entity.label, [...(byName.get(entity.label) ?? []), entity]);
const people = [...byName.values()].filter((same) => new Set(same.map(birthOf)).size > 1).flat();
const captions = people.map((person) => ({
  id: person.id,
  text: `${person.label}, born ${birthOf(person)}`,
  mentions: [{ text: person.label, start: 0, end: person.label.length }],
}));

for (const checkout of checkouts.length > 0 ? checkouts : [CHECKOUT]) {
  const { importKb, createLinker } = await openPackage(checkout);
  const folder = await mkdtemp(join(tmpdir(), "namesakes-"));
  await importKb(join(folder, "kb"), entities);
  const linker = await createLinker({ kb: join(folder, "kb"), model });
  let [first, linked, wrong] = [0, 0, 0];
  for await (const result of linker.linkAll(captions)) {
    const links = "mentions" in result ? (result as unknown as CaptionLinks) : result.links; // version 0.1 yields the links
    const mention = links?.mentions[0];
    if (mention === undefined) continue;
    first += Number(mention.candidates[0]?.id === links?.id);
    linked += Number(mention.entity?.id === links?.id);
    wrong += Number(mention.entity !== null && mention.entity.id !== links?.id);
  }
  console.log(
    `${checkout}, ${model}: ${captions.length} captions, right one first ${first}, linked right ${linked}, linked wrong ${wrong}`,
  );
  await linker.close();
  await rm(folder, { recursive: true });
}

/** Returns the year of birth; undefined if it is unknown. The catalogue writes an unknown year as 0. */
function birthOf({ properties }: Entity): string | undefined {
  const year = properties.birth?.[0];
  return year === undefined || year === "0" ? undefined : year;
}
