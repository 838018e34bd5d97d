import type { Entity } from "../../core/index.js";
import { namesOf } from "../content.js";
import { nameGrams, nameKey, rankNames, similarity } from "../names.js";
import type { NameHit } from "../store.js";
import type { Reader } from "./reader.js";
import { storable } from "./stage.js";
import { damagedOnServer, sumOfEntries } from "./sums.js";

/** Maximum number of query words to search for. */
const MAX_WORDS = 8;
/** A search for n query words uses at most 2n · `SIMILAR_WORDS` words from the index. */
const SIMILAR_WORDS = 40;
/** Maximum number of entities to score exactly, in addition to five per requested result. */
const SHORTLIST = 400;

/**
 * Number of parts to read from the posting of a word in the index. A posting is the list of entities whose names
 * contain the word; `numbersOf` reads it in parts.
 */
const PARTS = 1;
/**
 * Number of parts to read for a word that is itself one of several query words. It is greater than `PARTS`, because few
 * entities have all words of the query.
 */
const PARTS_OF_QUERY_WORD = 16;

/** Number of bytes in an entry of a posting: an entity's number and the word's share of the name. */
export const ENTRY = 6;
/** A number of parts that no posting has. */
export const MOST_PARTS = 0x7fffffff;

export interface NameSearch {
  readonly reader: Reader;
  /** Number of entities in the knowledge base. */
  readonly size: number;
  readonly entitiesOf: (numbers: readonly number[]) => Promise<readonly Entity[]>;
}

/** A word that occurs in names, with the number of entities whose names contain it. */
interface IndexedWord {
  readonly token: string;
  readonly entities: number;
}

/**
 * Finds entities by the words of their names. A word matches if it equals a word of the query, is similar to one, or
 * begins with one. Scores the names in the same way as all other stores, but only for a shortlist: the entities whose
 * words are most similar to the words of the query. Rare words count more than common words.
 */
export async function searchServerNames(
  { reader, size, entitiesOf }: NameSearch,
  query: string,
  limit: number,
): Promise<readonly NameHit[]> {
  const key = nameKey(query);
  const asked = [...new Set(key.split(" "))].filter((word) => word !== "").slice(0, MAX_WORDS);
  if (asked.length === 0) return [];
  const [similar, beginning] = await Promise.all([
    similarWords(reader, [...new Set([...asked, key.slice(0, 100)])]),
    wordsBeginning(reader, asked),
  ]);
  const likeness = bestSimilarity(asked);
  const weights = new Map(
    [...similar, ...beginning]
      .map(({ token, entities }) => [token, likeness(token) * Math.log(1 + size / entities)] as const)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 2 * SIMILAR_WORDS * asked.length),
  );
  const same = asked.length > 1 ? asked.filter((word) => weights.has(word)) : [];
  const others = [...weights.keys()].filter((token) => !same.includes(token));
  const found = await Promise.all([
    numbersOf(reader, same, PARTS_OF_QUERY_WORD),
    numbersOf(reader, others, PARTS),
  ]);
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

/**
 * Returns a function that computes the highest similarity of a word to any word of the query. The similarity is 1 if
 * the word occurs in the query.
 */
function bestSimilarity(asked: readonly string[]): (token: string) => number {
  const grams = asked.map(nameGrams);
  return (token) => {
    if (asked.includes(token)) return 1;
    const own = nameGrams(token);
    return Math.max(...grams.map((one) => similarity(one, own)));
  };
}

/** Returns the words in the index that are equal or similar to one of `words`. A word may occur twice. */
async function similarWords(reader: Reader, words: readonly string[]): Promise<readonly IndexedWord[]> {
  // Uses one statement per word. A single statement would compare every row that is similar to any word with all words.
  const similar = words.map(storable).map((word) => {
    const [shortest, longest] = [Math.floor(word.length / 2), 2 * word.length]; // lengths of words that can be similar
    return reader.query<IndexedWord>("similarTokens", [word, shortest, longest]);
  });
  const exact = reader.query<IndexedWord>("tokens", [words.map(storable)]);
  return (await Promise.all([exact, ...similar])).flat();
}

/** Returns, for each of `words`, the 50 most common words in the index that begin with it. */
async function wordsBeginning(reader: Reader, words: readonly string[]): Promise<readonly IndexedWord[]> {
  const asked = words.map((word) =>
    reader.query<IndexedWord>("beginningTokens", [`${storable(word).replace(/[\\%_]/g, "\\$&")}%`]),
  );
  return (await Promise.all(asked)).flat();
}

/**
 * Reads the first `parts` parts of each word's posting. Returns, for each part, the word and the numbers of the
 * entities in that part. Within a posting, entities with fewer other words in the name come first; among equals, more
 * popular entities come first.
 */
async function numbersOf(
  reader: Reader,
  words: readonly string[],
  parts: number,
): Promise<readonly { readonly token: string; readonly numbers: Int32Array }[]> {
  if (words.length === 0) return [];
  return (await readPostings(reader, words, parts)).map(({ token, entries }) => ({
    token,
    numbers: Int32Array.from({ length: entries.length / ENTRY }, (_, index) =>
      entries.readInt32BE(index * ENTRY),
    ),
  }));
}

/** A part of a posting. `sum` is null in a version that an older version of mmel imported. */
export interface PostingRow {
  readonly token: string;
  readonly part: number;
  readonly entries: Buffer;
  readonly sum: number | null;
}

/** Reads the first `parts` parts of each word's posting. Throws `KB_DAMAGED` if a part does not match its checksum. */
export async function readPostings(
  reader: Reader,
  words: readonly string[],
  parts: number,
): Promise<readonly PostingRow[]> {
  const rows = await reader.query<PostingRow>("postings", [words, parts]);
  const damaged = rows.find(({ entries, sum }) => sum !== null && sumOfEntries(entries) !== sum);
  if (damaged === undefined) return rows;
  throw damagedOnServer(
    `the list of entities with the word ${JSON.stringify(damaged.token)} has changed`,
    `${reader.target.shown}, table posting, part ${damaged.part}`,
  );
}
