import type { Caption, Mention, Span } from "../../core/index.js";
import { fold, TITLES, withoutApostropheEnding } from "../../names/index.js";

/** A word of a caption's text with its position. */
export interface TextWord extends Span {
  /** The folded word without an inflectional ending after an apostrophe: "marlow" for "Marlow’s". */
  readonly word: string;
  readonly written: string;
}

/** A caption's text as words, and the range of words that each mention covers. */
export interface WordedCaption {
  readonly text: string;
  readonly words: readonly TextWord[];
  /** `places[i]` is the range of words of mention i; undefined if `readWords` found no place for the mention. */
  readonly places: readonly (Span | undefined)[];
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’´`][\p{L}\p{M}]+)*/gu;

const foldedWord = (written: string): string => fold(withoutApostropheEnding(written));

/**
 * Splits a caption's text into words and finds its mentions. Places the mentions without a span last, the longest
 * first: each at the first occurrence of its words that overlaps no mention already placed.
 */
export function readWords({ text, mentions }: Caption): WordedCaption {
  const words = [...text.matchAll(WORD)].map(
    ({ 0: written, index: start }): TextWord => ({
      word: foldedWord(written),
      written,
      start,
      end: start + written.length,
    }),
  );
  const places: (Span | undefined)[] = mentions.map(({ span }) => span && rangeOf(span, words));
  const byLength = mentions
    .map((mention, index) => ({ mention, index }))
    .filter(({ index }) => places[index] === undefined)
    .sort((a, b) => b.mention.text.length - a.mention.text.length || a.index - b.index);
  for (const { mention, index } of byLength) places[index] = firstFree(mention, words, places);
  return { text, words, places };
}

/** Returns the range of words that overlap a span. */
function rangeOf({ start, end }: Span, words: readonly TextWord[]): Span | undefined {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle]!.end <= start) low = middle + 1;
    else high = middle;
  }
  let last = low;
  while (last < words.length && words[last]!.start < end) last += 1;
  return last === low ? undefined : { start: low, end: last };
}

function firstFree(
  { text }: Mention,
  words: readonly TextWord[],
  taken: readonly (Span | undefined)[],
): Span | undefined {
  const wanted = [...text.matchAll(WORD)].map(([written]) => foldedWord(written));
  if (wanted.length === 0) return undefined;
  for (let start = 0; start + wanted.length <= words.length; start++) {
    const range = { start, end: start + wanted.length };
    if (wanted.every((word, offset) => words[start + offset]!.word === word) && !taken.some(overlaps(range)))
      return range;
  }
  return undefined;
}

/** Returns a function that tests whether a range shares a word with `range`. */
export const overlaps =
  (range: Span) =>
  (other: Span | undefined): boolean =>
    other !== undefined && other.start < range.end && range.start < other.end;

/** Returns the text between the word at `index` and the word before it. */
export const gapBefore = ({ text, words }: WordedCaption, index: number): string =>
  text.slice(words[index - 1]?.end ?? 0, words[index]?.start ?? text.length);

/** Returns whether the full stop after a word may belong to an abbreviation: "Dr.", "C." */
export const isAbbreviation = ({ word }: TextWord): boolean => word.length === 1 || TITLES.has(word);

/**
 * Returns the word before the word at `index`, if only white space or the full stop of an abbreviation is between them;
 * otherwise undefined.
 */
export function wordBefore(caption: WordedCaption, index: number): TextWord | undefined {
  const word = caption.words[index - 1];
  if (word === undefined || caption.words[index] === undefined) return undefined;
  const gap = gapBefore(caption, index);
  return /^\s+$/.test(isAbbreviation(word) ? gap.replace(".", "") : gap) ? word : undefined;
}

/** Returns the word after the word at `index`, if only white space is between them; otherwise undefined. */
export const wordAfter = (caption: WordedCaption, index: number): TextWord | undefined =>
  /^\s+$/.test(gapBefore(caption, index + 1)) ? caption.words[index + 1] : undefined;

/** Returns whether a word begins with a capital letter or belongs to a script without capital letters. */
export const isCapital = ({ written }: TextWord): boolean => /^[\p{Lu}\p{Lt}\p{Lo}]/u.test(written);

/** Returns whether the word at `index` begins a sentence or clause. */
export function startsSentence(caption: WordedCaption, index: number): boolean {
  const previous = caption.words[index - 1];
  if (previous === undefined) return true;
  const gap = gapBefore(caption, index);
  return /[!?;:\n]/.test(gap) || (/\.\s/.test(gap) && !isAbbreviation(previous));
}
