import type { Entity } from "../../core/index.js";
import { decodeEntity } from "../content.js";
import type { IndexedToken, NameIndex, Posting } from "../store.js";
import { PART, SMALL } from "./migrations.js";
import type { Reader } from "./reader.js";
import { createRecent } from "./recent.js";
import { storable } from "./stage.js";

/** Bytes of an entry: number and share. */
const ENTRY = 6;

/** Entries and characters kept from one look-up to the next: some 50 MB each. */
const KEPT_ENTRIES = 8_000_000;
const KEPT_CHARACTERS = 16_000_000;

/** The tables of names of one version, as `NameIndex`; what was read last is kept. */
export function createNameIndex(reader: Reader): NameIndex {
  const size = Number(reader.row.entities);
  const postings = createRecent<string, Posting>(KEPT_ENTRIES);
  const entities = createRecent<number, Entity>(KEPT_CHARACTERS);

  const fetchPostings = async (tokens: readonly string[], parts: number): Promise<void> => {
    const rows = await reader.query<{ token: string; entries: Buffer }>("postings", [tokens, parts]);
    const byToken = new Map<string, Buffer[]>(tokens.map((token) => [token, []]));
    for (const { token, entries } of rows) byToken.get(token)!.push(entries);
    for (const [token, entries] of byToken) {
      const posting = decodePosting(Buffer.concat(entries));
      postings.set(`${parts} ${token}`, posting, 16 + posting.numbers.length);
    }
  };
  return {
    size,
    async tokens(exact, similar) {
      // A statement a word: one for all would compare every row that resembles any word with all of them.
      const alike = similar.map((word) =>
        reader.query<IndexedToken>("similarTokens", similarTo(storable(word))),
      );
      const known = exact.length === 0 ? [] : reader.query<IndexedToken>("tokens", [exact.map(storable)]);
      return (await Promise.all([known, ...alike])).flat();
    },
    async beginning(words) {
      const asked = words.map((word) =>
        reader.query<IndexedToken>("beginningTokens", [`${storable(word).replace(/[\\%_]/g, "\\$&")}%`]),
      );
      return (await Promise.all(asked)).flat();
    },
    async postings(tokens, most) {
      const parts = Math.ceil(most / PART);
      const missing = tokens.filter((token) => postings.get(`${parts} ${token}`) === undefined);
      if (missing.length > 0) await fetchPostings(missing, parts);
      return new Map(tokens.map((token) => [token, postings.get(`${parts} ${token}`) ?? EMPTY]));
    },
    async similarNames(name) {
      if (size >= SMALL || name === "") return [];
      const rows = await reader.query<{ number: number }>("similarNames", [storable(name)]);
      return [...new Set(rows.map(({ number }) => number))];
    },
    async entities(numbers) {
      const missing = numbers.filter((number) => entities.get(number) === undefined);
      const fetched = new Map<number, Entity>();
      const rows =
        missing.length === 0 ? [] : await reader.query<{ number: number; line: string }>("lines", [missing]);
      for (const { number, line } of rows) {
        const entity = decodeEntity(line);
        fetched.set(number, entity);
        entities.set(number, entity, line.length);
      }
      return new Map(
        numbers.flatMap((number) => {
          const entity = fetched.get(number) ?? entities.get(number);
          return entity === undefined ? [] : [[number, entity]];
        }),
      );
    },
  };
}

const EMPTY: Posting = { numbers: new Int32Array(), shares: new Int16Array() };

/** The word, and the shortest and longest that can be similar to it: half and twice as long. */
function similarTo(word: string): readonly unknown[] {
  return [word, Math.floor(word.length / 2), 2 * word.length];
}

function decodePosting(bytes: Buffer): Posting {
  const size = bytes.length / ENTRY;
  const numbers = new Int32Array(size);
  const shares = new Int16Array(size);
  for (let at = 0; at < size; at++) {
    numbers[at] = bytes.readInt32BE(at * ENTRY);
    shares[at] = bytes.readInt16BE(at * ENTRY + 4);
  }
  return { numbers, shares };
}
