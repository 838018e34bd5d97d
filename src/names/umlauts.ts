/** Matches two vowels that may replace ä, ö, ü or å. The ending of names such as Michael does not match. */
const DIGRAPH = /([aou])e(?=[^aeiouy])(?!l(?:a|e|le)?$)|(a)a/g;

/**
 * Returns a folded word without the second letters of ae, oe, ue and aa, which replace ä, ö, ü and å where these are
 * not available. Two words with the same key may be spellings of the same name, such as `mueller` and `muller` (the
 * folded form of `Müller`).
 */
export const umlautKey = (word: string): string =>
  word.replace(DIGRAPH, (_, vowel: string | undefined) => vowel ?? "a");
