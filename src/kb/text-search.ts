import type { Entity } from "../core/index.js";
import { fold } from "../names/index.js";
import type { EntityStore } from "./store.js";

/** An entity whose names, description and properties contain all words of a query. */
export interface TextHit {
  readonly entity: Entity;
  /** The property with a word of the query; absent if all words are in the names or the description. */
  readonly property?: string;
}

/** Finds entities by the words in their names, descriptions and properties. */
export interface TextSearch {
  /**
   * Returns the entities that contain all words of the query, at most `limit`. The last word may be the beginning of a
   * word. Case and accents are ignored. Entities with the words in their names or description come first, then popular
   * ones.
   */
  search(query: string, limit: number): Promise<readonly TextHit[]>;
}

const MAX_ENTITIES = 500_000;
/** Maximum number of characters of an entity that are indexed. */
const MAX_CHARACTERS = 4_000;
/** Maximum number of words of a query, and of words that begin with the last one. */
const MAX_WORDS = 10;
const MAX_COMPLETIONS = 2_000;
/** Number of entities to add between two pauses, in which the process does other work. */
const PAUSE_AFTER = 2_000;

/** Scripts that do not separate words with spaces. Each character counts as a word. */
const UNSEPARATED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]/gu;

const wordsOf = (text: string): string[] =>
  fold(text)
    .replace(UNSEPARATED, " $& ")
    .split(" ")
    .filter((word) => word !== "");

const searches = new WeakMap<EntityStore, Promise<TextSearch>>();

/**
 * Returns the text search of a store with any driver. The first call reads all entities and indexes their words in
 * memory; later calls return the same search. Returns undefined if there are more than `maxEntities` entities (default
 * 500,000), because the index would need too much memory. Throws the errors of reading; the next call then tries again.
 */
export async function textSearchOf(
  store: EntityStore,
  maxEntities = MAX_ENTITIES,
): Promise<TextSearch | undefined> {
  if (store.manifest.entities > maxEntities) return undefined;
  const known = searches.get(store);
  if (known !== undefined) return await known;
  const created = createTextSearch(store);
  searches.set(store, created);
  try {
    return await created;
  } catch (error) {
    searches.delete(store);
    throw error;
  }
}

async function createTextSearch(store: EntityStore): Promise<TextSearch> {
  const ids: string[] = [];
  const popularity: number[] = [];
  /** For each word, the numbers of its entities, times 2, plus 1 if the word is in the names or the description. */
  const postings = new Map<string, number[]>();
  for await (const entity of store.all()) {
    const number = ids.push(entity.id) - 1;
    popularity.push(entity.popularity ?? 0);
    const first = new Set(wordsOf(mainText(entity).slice(0, MAX_CHARACTERS)));
    const others = wordsOf(Object.values(entity.properties).flat().join(" ").slice(0, MAX_CHARACTERS));
    for (const word of new Set([...first, ...others])) {
      const list = postings.get(word);
      const posting = 2 * number + Number(first.has(word));
      if (list === undefined) postings.set(word, [posting]);
      else list.push(posting);
    }
    if (number % PAUSE_AFTER === 0) await new Promise(setImmediate);
  }
  const sorted = [...postings.keys()].sort();
  return {
    async search(query, limit) {
      const words = wordsOf(query).slice(0, MAX_WORDS);
      if (words.length === 0) return [];
      const last = words.pop()!;
      let found = merged(completionsOf(sorted, last).map((word) => postings.get(word)!));
      for (const word of words) found = intersection(found, merged([postings.get(word) ?? []]));
      const best = [...found]
        .sort(([a, x], [b, y]) => y - x || popularity[b]! - popularity[a]! || a - b)
        .slice(0, limit)
        .map(([number]) => ids[number]!);
      const known = await store.getMany(best);
      return best.flatMap((id) => {
        const entity = known.get(id);
        return entity === undefined ? [] : [hitOf(entity, [...words, last])];
      });
    },
  };
}

const mainText = ({ label, aliases, description = "" }: Entity): string =>
  [label, ...aliases, description].join(" ");

/** Returns the indexed words that begin with a word. */
function completionsOf(sorted: readonly string[], word: string): string[] {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < word) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < low + MAX_COMPLETIONS && sorted[end]?.startsWith(word)) end++;
  return sorted.slice(low, end);
}

/** Returns the entities of several words; the value is 1 if one of the words is in the names or the description. */
function merged(lists: readonly (readonly number[])[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const list of lists)
    for (const posting of list) found.set(posting >> 1, Math.max(found.get(posting >> 1) ?? 0, posting & 1));
  return found;
}

/** Returns the entities that are in both maps, with the sum of their values. */
function intersection(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): Map<number, number> {
  const both = new Map<number, number>();
  for (const [number, value] of a) {
    const other = b.get(number);
    if (other !== undefined) both.set(number, value + other);
  }
  return both;
}

function hitOf(entity: Entity, words: readonly string[]): TextHit {
  const main = wordsOf(mainText(entity));
  const missing = words.filter((word) => !main.some((one) => one.startsWith(word)));
  if (missing.length === 0) return { entity };
  const property = Object.entries(entity.properties).find(([, values]) =>
    wordsOf(values.join(" ")).some((word) => missing.some((one) => word.startsWith(one))),
  )?.[0];
  return { entity, ...(property !== undefined && { property }) };
}
