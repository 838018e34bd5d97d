import type { Entity } from "../../core/index.js";
import { namesOf } from "../content.js";
import { nameGrams, nameKey, rankNames, similarity } from "../names.js";
import type { NameHit } from "../store.js";
import type { Words } from "./words.js";

/** Words of a long query that are looked for, words of the index for each of them, entities scored exactly. */
const WORDS = 8;
const ALIKE = 40;
const SHORTLIST = 400;

/** Parts read of what a word brings; more of the words of a longer query, which few entities have together. */
const PARTS = 1;
const MANY_PARTS = 16;

export interface NameSearch {
  readonly words: Words;
  /** How many entities there are. */
  readonly size: number;
  readonly entitiesOf: (numbers: readonly number[]) => Promise<readonly Entity[]>;
}

/**
 * Names found by their words, or parts of them, and scored as every store does. What comes first to be scored: entities whose words
 * resemble those of the query most, a rare word counting more than a common one.
 */
export async function searchServerNames(
  { words, size, entitiesOf }: NameSearch,
  query: string,
  limit: number,
): Promise<readonly NameHit[]> {
  const key = nameKey(query);
  const asked = [...new Set(key.split(" "))].filter((word) => word !== "").slice(0, WORDS);
  if (asked.length === 0) return [];
  const [similar, beginning] = await Promise.all([
    words.similar([...new Set([...asked, key.slice(0, 100)])]),
    words.beginning(asked),
  ]);
  const likeness = fitWith(asked);
  const weights = new Map(
    [...similar, ...beginning]
      .map(({ token, entities }) => [token, likeness(token) * Math.log(1 + size / entities)] as const)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 2 * ALIKE * asked.length),
  );
  const same = asked.length > 1 ? asked.filter((word) => weights.has(word)) : [];
  const others = [...weights.keys()].filter((token) => !same.includes(token));
  const found = await Promise.all([words.numbers(same, MANY_PARTS), words.numbers(others, PARTS)]);
  const sums = new Map<number, number>();
  for (const { token, numbers } of found.flat())
    for (const number of numbers) sums.set(number, (sums.get(number) ?? 0) + weights.get(token)!);
  const best = [...sums]
    .sort(([a, most], [b, least]) => least - most || a - b)
    .slice(0, SHORTLIST + 5 * limit);
  const entities = await entitiesOf(best.map(([number]) => number));
  const names = entities.flatMap((entity) => namesOf(entity).map((name) => ({ entity, name })));
  return rankNames(query, names, limit);
}

/** How well a word of the index fits the one of the query's that it fits best: 1 for the same. */
function fitWith(asked: readonly string[]): (token: string) => number {
  const grams = asked.map(nameGrams);
  return (token) => {
    if (asked.includes(token)) return 1;
    const own = nameGrams(token);
    return Math.max(...grams.map((one) => similarity(one, own)));
  };
}
