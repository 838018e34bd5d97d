import type { Entity } from "../core/index.js";
import { fold } from "../names/index.js";
import type { NameHit } from "./store.js";

/** Minimum score of a search result. Names with a lower score share little more than a first letter with the query. */
const MIN_SCORE = 0.25;

export interface NamedEntity {
  readonly entity: Entity;
  readonly name: string;
}

/**
 * Returns the folded name. If folding leaves nothing, because the name consists of punctuation, returns the trimmed
 * name.
 */
export function nameKey(name: string): string {
  return fold(name) || name.trim();
}

/** Returns the folded name with a space before and after it. Name search uses the trigrams of this text. */
export function paddedName(name: string): string {
  return ` ${nameKey(name)} `;
}

/** Returns the distinct trigrams (three code points) of the padded name, except trigrams that span two words. */
export function nameGrams(name: string): Set<string> {
  const letters = Array.from(paddedName(name));
  const grams = new Set<string>();
  for (let end = 3; end <= letters.length; end++)
    if (letters[end - 2] !== " ") grams.add(letters.slice(end - 3, end).join(""));
  return grams;
}

/**
 * Returns at most `limit` entities: those whose names match `query` best, ordered by score, popularity and id. Leaves
 * out entities with a score below `MIN_SCORE`. Each entity occurs once, with its best name. The score is 1 if the
 * folded names are equal. Otherwise it is 0.99 times the mean of two numbers: the Jaccard index of the trigrams, and
 * the share of the query's trigrams that the name contains. Because of the second number, a query for a surname finds
 * full names.
 */
export function rankNames(query: string, names: Iterable<NamedEntity>, limit: number): NameHit[] {
  const key = nameKey(query);
  const grams = nameGrams(query);
  const best = new Map<string, NameHit>();
  for (const { entity, name } of names) {
    const score = nameKey(name) === key ? 1 : similarity(grams, nameGrams(name));
    if (score >= MIN_SCORE && score > (best.get(entity.id)?.score ?? 0))
      best.set(entity.id, { entity, name, score });
  }
  return [...best.values()].sort(byScore).slice(0, limit);
}

/** Computes the similarity of a name's trigrams to the query's trigrams, in [0, 0.99]. */
export function similarity(query: ReadonlySet<string>, name: ReadonlySet<string>): number {
  let shared = 0;
  for (const gram of query) if (name.has(gram)) shared++;
  const jaccard = shared / (query.size + name.size - shared);
  return 0.99 * ((jaccard + shared / query.size) / 2);
}

function byScore(a: NameHit, b: NameHit): number {
  const byPopularity = (b.entity.popularity ?? 0) - (a.entity.popularity ?? 0);
  return b.score - a.score || byPopularity || (a.entity.id < b.entity.id ? -1 : 1);
}
