import type { Entity } from "../../core/index.js";
import { namesOf } from "../content.js";
import { nameKey, rankNames } from "../names.js";
import type { NameHit } from "../store.js";
import type { Words } from "./words.js";

/** Words of a long query that are looked for, words of the index a word of it may stand for, entities scored exactly. */
const WORDS = 8;
const ALIKE = 40;
const SHORTLIST = 400;

/** Names found by their words, or parts of them, and scored as every store does. */
export async function searchServerNames(
  words: Words,
  entitiesOf: (numbers: readonly number[]) => Promise<readonly Entity[]>,
  query: string,
  limit: number,
): Promise<readonly NameHit[]> {
  const key = nameKey(query);
  const asked = [...new Set(key.split(" "))].filter((word) => word !== "").slice(0, WORDS);
  if (asked.length === 0) return [];
  const found = await words.similar([...new Set([...asked, key.slice(0, 100)])]);
  const beginning = await words.beginning(asked);
  const alike = [...new Map([...found, ...beginning].map(({ token, entities }) => [token, entities]))]
    .sort(([, a], [, b]) => a - b)
    .slice(0, ALIKE * asked.length)
    .map(([token]) => token);
  const hits = new Map<number, number>();
  for (const numbers of await words.numbers(alike))
    for (const number of numbers) hits.set(number, (hits.get(number) ?? 0) + 1);
  const best = [...hits]
    .sort(([a, most], [b, least]) => least - most || a - b)
    .slice(0, SHORTLIST + 5 * limit);
  const entities = await entitiesOf(best.map(([number]) => number));
  const names = entities.flatMap((entity) => namesOf(entity).map((name) => ({ entity, name })));
  return rankNames(query, names, limit);
}
