import { namesOf } from "../content.js";
import { nameKey, rankNames } from "../names.js";
import type { NameHit, NameIndex } from "../store.js";

/** Words of a long query that are looked for, words of the index a word of it may stand for, entities scored exactly. */
const WORDS = 8;
const ALIKE = 40;
const SHORTLIST = 400;

/** Names found by their words, or parts of them, and scored as every store does. */
export async function searchServerNames(
  index: NameIndex,
  query: string,
  limit: number,
): Promise<readonly NameHit[]> {
  const key = nameKey(query);
  const words = [...new Set(key.split(" "))].filter((word) => word !== "").slice(0, WORDS);
  if (words.length === 0) return [];
  const found = await index.tokens([...words, key.slice(0, 100)], words);
  const beginning = await index.beginning(words);
  const alike = [...new Map([...found, ...beginning].map(({ token, entities }) => [token, entities]))]
    .sort(([, a], [, b]) => a - b)
    .slice(0, ALIKE * words.length)
    .map(([token]) => token);
  const hits = new Map<number, number>();
  for (const { numbers } of (await index.postings(alike, SHORTLIST)).values())
    for (const number of numbers.subarray(0, 10 * SHORTLIST)) hits.set(number, (hits.get(number) ?? 0) + 1);
  const best = [...hits]
    .sort(([a, most], [b, least]) => least - most || a - b)
    .slice(0, SHORTLIST + 5 * limit);
  const entities = await index.entities(best.map(([number]) => number));
  const names = [...entities.values()].flatMap((entity) => namesOf(entity).map((name) => ({ entity, name })));
  return rankNames(query, names, limit);
}
