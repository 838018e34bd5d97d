import type { Reader } from "./reader.js";
import { storable } from "./stage.js";

/** A word of names, and how many entities have it. */
export interface IndexedWord {
  readonly token: string;
  readonly entities: number;
}

/** A part of the entities that have a word. */
export interface WordNumbers {
  readonly token: string;
  readonly numbers: Int32Array;
}

/** What the server knows of the words of one version's names. */
export interface Words {
  /** Those of `words` that there are, and those that share letters with one of them. */
  similar(words: readonly string[]): Promise<readonly IndexedWord[]>;
  /** The commonest that begin with one of the given words. */
  beginning(words: readonly string[]): Promise<readonly IndexedWord[]>;
  /**
   * The numbers of the entities that have a word, those first of whose name it is the greatest share, then the famous: so many
   * parts of them, one row each.
   */
  numbers(words: readonly string[], parts: number): Promise<readonly WordNumbers[]>;
}

/** Bytes of an entry of a posting: number and share. */
const ENTRY = 6;

export function createWords(reader: Reader): Words {
  return {
    async similar(words) {
      // A statement a word: one for all would compare every row that resembles any word with all of them.
      const alike = words.map((word) =>
        reader.query<IndexedWord>("similarTokens", similarTo(storable(word))),
      );
      const exact = reader.query<IndexedWord>("tokens", [words.map(storable)]);
      return (await Promise.all([exact, ...alike])).flat();
    },
    async beginning(words) {
      const asked = words.map((word) =>
        reader.query<IndexedWord>("beginningTokens", [`${storable(word).replace(/[\\%_]/g, "\\$&")}%`]),
      );
      return (await Promise.all(asked)).flat();
    },
    async numbers(words, parts) {
      if (words.length === 0) return [];
      const rows = await reader.query<{ token: string; entries: Buffer }>("postings", [words, parts]);
      return rows.map(({ token, entries }) => ({
        token,
        numbers: Int32Array.from({ length: entries.length / ENTRY }, (_, at) =>
          entries.readInt32BE(at * ENTRY),
        ),
      }));
    },
  };
}

/** The word, and the shortest and longest that can be similar to it: half and twice as long. */
function similarTo(word: string): readonly unknown[] {
  return [word, Math.floor(word.length / 2), 2 * word.length];
}
