import { LRUCache } from "lru-cache";
import type { NameScores } from "../core/index.js";
import type { TableFile } from "../core/table-file.js";
import { type Form, mentionFormsOf, withoutExtra } from "../names/index.js";
import { createAligner } from "./align.js";
import { readTables } from "./index-file.js";
import { createNameSearch, type FoundName } from "./name-search.js";
import { partsAcrossScripts } from "./other-scripts.js";
import { MAX_UNITS, Pattern } from "./pattern.js";
import { createPostingScan } from "./posting-scan.js";
import { likeness, partsOf, SCORE } from "./score.js";
import { type CandidateTables, KIND, writeRow } from "./tables.js";
import { createTextIndex, type TextList } from "./text-index.js";
import { createTokenSearch, type TokenSearch } from "./token-search.js";
import { createTopK } from "./top-k.js";

/** Finds entities by name in a candidate index, in this thread or in a worker. */
export interface Finder extends AsyncDisposable {
  find(names: readonly string[], limit: number): Promise<readonly Found[]>;
  /** For each name, finds the best of the entities that are given with it. */
  findAmong(names: readonly NameAmong[], limit: number): Promise<readonly Found[]>;
  /** Finds the names of the index in texts. */
  namesIn(texts: readonly string[]): Promise<readonly (readonly NameInText[])[]>;
}

/**
 * A name of the index in a text. `ids[i]` is the id of an entity with this name; `names[i]` is the index of the name
 * among the entity's names, as in `Found`.
 */
export interface NameInText extends Omit<FoundName, "rows"> {
  readonly ids: readonly string[];
  readonly names: readonly number[];
}

/** A name and the ids of the entities that it may refer to. */
export interface NameAmong {
  readonly name: string;
  readonly ids: readonly string[];
}

/**
 * The best entities for a name, best first, as plain data that can be sent between threads. Each field except `parts`
 * contains one entry per entity.
 */
export interface Found {
  readonly ids: readonly string[];
  /** Index of each entity's best-matching name: 0 is the label, i is alias i - 1. */
  readonly names: readonly number[];
  readonly scores: Float64Array;
  /** Three consecutive values per entity: how similar the names are by subsequence, prefix and edit distance (see `partsOf`). */
  readonly parts: Float64Array;
}

export interface SearchOptions {
  /**
   * Compares a mention with every name, instead of only with those that the index selects. The results are the same.
   * Useful for small lists of names, and to check the index.
   */
  readonly exact?: boolean;
}

/** Creates a finder that searches in this thread. */
export function createFinder(tables: CandidateTables, options?: SearchOptions): Finder {
  const tokens = createTokenSearch(tables);
  const search = createSearch(tables, tokens, options);
  const searchNames = createNameSearch(tables, tokens);
  const idOf = idReader(tables);
  const findAmong = ({ name, ids }: NameAmong, limit: number): Found => {
    const among = new Set(ids);
    return search(name, limit, (entity) => among.has(idOf(entity)));
  };
  const namesIn = (text: string): NameInText[] =>
    searchNames(text).map(({ rows, ...found }) => ({
      ...found,
      ids: rows.map((row) => idOf(tables.rowEntity[row]!)),
      names: rows.map((row) => tables.rowName[row]!),
    }));
  return {
    find: async (names, limit) => names.map((name) => search(name, limit)),
    findAmong: async (names, limit) => names.map((name) => findAmong(name, limit)),
    namesIn: async (texts) => texts.map(namesIn),
    [Symbol.asyncDispose]: async () => {},
  };
}

/**
 * Opens an index file. Returns a finder that searches it in this thread, and the version of the knowledge base that the
 * index was built from. Throws the same errors as `readTables`.
 */
export async function openFinder(
  file: TableFile,
  options?: SearchOptions,
): Promise<{ readonly finder: Finder; readonly version: string }> {
  const { tables, version } = await readTables(file);
  return { finder: createFinder(tables, options), version };
}

/** Returns a function that returns the id of an entity, given the entity's number. */
function idReader({ idBytes, idStart }: CandidateTables): (entity: number) => string {
  const bytes = Buffer.from(idBytes.buffer, idBytes.byteOffset, idBytes.length);
  return (entity) => bytes.toString("utf8", idStart[entity]!, idStart[entity + 1]!);
}

/** Maximum number of names whose entities are cached. */
const CACHED_NAMES = 2048;

/**
 * Creates a function that returns the best `limit` entities for a name, best first; with `isAmong`, only entities for which
 * it returns true. The function searches by tokens and by the complete name.
 */
function createSearch(tables: CandidateTables, tokens: TokenSearch, { exact = false }: SearchOptions = {}) {
  const { rowEntity, rowName, rowKind, postStart, postRow } = tables;
  const aligner = createAligner(tables, tokens);
  const topK = createTopK(tables.idStart.length - 1);
  const scanPostings = createPostingScan(tables, topK);
  const wholeNames = exact ? undefined : createTextIndex(rowTexts(tables));
  const cache = new LRUCache<string, Found>({ max: CACHED_NAMES });
  const idOf = idReader(tables);
  const pattern = new Pattern();
  const units = new Uint16Array(MAX_UNITS);

  const scoreForm = (form: Form, isAmong?: (entity: number) => boolean): void => {
    const similar = form.tokens.map((token) => tokens.similar(token));
    aligner.take(form, similar);
    pattern.set(form.tokens.join(" "));
    const offer = (row: number, score: number): void => {
      if (isAmong?.(rowEntity[row]!) === false) return;
      const derived =
        (form.derived ? SCORE.derived : 1) * (rowKind[row] === KIND.derived ? SCORE.derived : 1);
      topK.offer(rowEntity[row]!, row, score * derived);
    };
    const alignRow = (row: number): void => {
      if (isAmong?.(rowEntity[row]!) === false) return;
      const bound = aligner.bound(row);
      if (bound >= topK.cutoff() && topK.admits(rowEntity[row]!, bound)) offer(row, aligner.score());
    };
    const least = (): number => Math.max(SCORE.whole, topK.cutoff());
    if (wholeNames === undefined) {
      for (let row = 0; row < rowEntity.length; row++) {
        if (rowKind[row] === KIND.acronym) continue;
        alignRow(row);
        offer(row, likeness(pattern, units, 0, writeRow(tables, row, units), least()));
      }
    } else {
      scanPostings(form, similar, alignRow, () => wholeNames.scan(pattern, least, offer));
    }
    offerAcronyms(form, isAmong);
  };

  const offerAcronyms = (form: Form, isAmong?: (entity: number) => boolean): void => {
    const token = form.tokens.length === 1 ? tokens.acronym(form.tokens[0]!) : -1;
    if (token < 0) return;
    const score = SCORE.acronym * (form.derived ? SCORE.derived : 1);
    for (let post = postStart[token]!; post < postStart[token + 1]!; post++) {
      const row = postRow[post]!;
      if (isAmong?.(rowEntity[row]!) !== false) topK.offer(rowEntity[row]!, row, score);
    }
  };

  /**
   * Returns the parts of the likeness between a mention and the name of a row, both without titles and qualifiers. Names in
   * different scripts are compared as described in `comparisonOf`.
   */
  const partsOfRow = (row: number, name: string): NameScores => {
    let written = row;
    while (rowKind[written] !== KIND.written) written--;
    const length = writeRow(tables, written, units, true);
    return partsAcrossScripts(name, units, length) ?? partsOf(pattern, units, 0, length);
  };

  const find = (name: string, limit: number, isAmong?: (entity: number) => boolean): Found => {
    const forms = mentionFormsOf(name);
    const [written] = forms;
    topK.reset(limit);
    for (const form of forms) scoreForm(form, isAmong);
    const main = written === undefined ? "" : withoutExtra(written).join(" ");
    pattern.set(main);
    const best = topK.ranked();
    const parts = new Float64Array(3 * best.length);
    for (const [at, { row }] of best.entries()) {
      const { subsequence, prefix, edit } = partsOfRow(row, main);
      parts[3 * at] = subsequence;
      parts[3 * at + 1] = prefix;
      parts[3 * at + 2] = edit;
    }
    return {
      ids: best.map(({ entity }) => idOf(entity)),
      names: best.map(({ row }) => rowName[row]!),
      scores: new Float64Array(best.map(({ score }) => score)),
      parts,
    };
  };

  return (name: string, limit: number, isAmong?: (entity: number) => boolean): Found => {
    if (isAmong !== undefined) return find(name, limit, isAmong);
    const key = `${limit} ${name}`;
    const known = cache.get(key);
    if (known) return known;
    const found = find(name, limit);
    if (name.length <= MAX_UNITS) cache.set(key, found);
    return found;
  };
}

/** Returns the texts of all rows. The texts of acronyms are empty, so they are not indexed. */
function rowTexts(tables: CandidateTables): TextList {
  return {
    count: tables.rowEntity.length,
    length: (row) => (tables.rowKind[row] === KIND.acronym ? 0 : tables.rowLength[row]!),
    write: (row, units) => {
      writeRow(tables, row, units);
    },
  };
}
