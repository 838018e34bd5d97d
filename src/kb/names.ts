import type { Entity } from "../core/index.js";
import { fold } from "../names/index.js";
import type { NameHit } from "./store.js";

/** Below this score a name is noise: it shares hardly more than a first letter. */
const FLOOR = 0.25;

export interface NamedEntity {
  readonly entity: Entity;
  readonly name: string;
}

/** The folded name; a name of punctuation alone stands for itself. */
export function nameKey(name: string): string {
  return fold(name) || name.trim();
}

/** The folded name between spaces: its runs of three characters are its grams. */
export function paddedName(name: string): string {
  return ` ${nameKey(name)} `;
}

/** The different runs of three code points in the folded name between spaces, those across two words left out. */
export function nameGrams(name: string): Set<string> {
  const letters = Array.from(paddedName(name));
  const grams = new Set<string>();
  for (let at = 2; at < letters.length; at++)
    if (letters[at - 1] !== " ") grams.add(letters.slice(at - 2, at + 1).join(""));
  return grams;
}

/**
 * The entities whose names fit `query`, each once with its best name, at most `limit`, best first, then the famous,
 * then by id. Score: 1 for the same folded name, else the mean of the grams' Jaccard index and of the share of the
 * query's grams that the name has, so that a surname finds the full name.
 */
export function rankNames(query: string, names: Iterable<NamedEntity>, limit: number): NameHit[] {
  const key = nameKey(query);
  const grams = nameGrams(query);
  const best = new Map<string, NameHit>();
  for (const { entity, name } of names) {
    const score = nameKey(name) === key ? 1 : resemblance(grams, nameGrams(name));
    if (score >= FLOOR && score > (best.get(entity.id)?.score ?? 0))
      best.set(entity.id, { entity, name, score });
  }
  return [...best.values()].sort(byFit).slice(0, limit);
}

/** How much the grams of a text are those of the query, in [0, 0.99]. */
export function resemblance(query: ReadonlySet<string>, name: ReadonlySet<string>): number {
  let shared = 0;
  for (const gram of query) if (name.has(gram)) shared++;
  const jaccard = shared / (query.size + name.size - shared);
  return 0.99 * ((jaccard + shared / query.size) / 2);
}

function byFit(a: NameHit, b: NameHit): number {
  const fame = (b.entity.popularity ?? 0) - (a.entity.popularity ?? 0);
  return b.score - a.score || fame || (a.entity.id < b.entity.id ? -1 : 1);
}
