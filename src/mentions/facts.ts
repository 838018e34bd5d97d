import type { Span } from "../core/index.js";
import { type KnownName, overlaps } from "./known-names.js";
import type { SimilarSearch } from "./similar.js";
import type { View } from "./view.js";
import type { Word } from "./words.js";

/** What is known about the words of a text. */
export interface Facts {
  readonly view: View;
  /** Maps each word to the known name that covers its last character. Words without such a name are left out. */
  readonly known: ReadonlyMap<Word, KnownName>;
  /** Returns whether a word belongs to a known name, or is a given name in the knowledge base or the dictionary. */
  readonly isName: (word: Word) => boolean;
  readonly similar: SimilarSearch;
}

/**
 * Returns a map from each word to the name that covers the last character of the word. Words without such a name are
 * left out. The words must be in the order of the text.
 */
export function indexByWord<Name extends Span>(
  words: readonly Word[],
  names: readonly Name[],
): Map<Word, Name> {
  const sorted = [...names].sort((a, b) => a.start - b.start);
  const found = new Map<Word, Name>();
  let at = 0;
  for (const word of words) {
    while (at < sorted.length && sorted[at]!.end <= word.start) at++;
    let name = sorted[at];
    for (let next = at; sorted[next] !== undefined && sorted[next]!.end <= word.end; next++)
      name = sorted[next];
    if (name !== undefined && overlaps(name, word) && name.end >= word.end) found.set(word, name);
  }
  return found;
}
