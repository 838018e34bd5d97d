import type { Span } from "../core/index.js";
import type { Word } from "./words.js";

/**
 * Maximum length of a piece in UTF-16 code units. The tagger's time grows with the square of the length of a sentence, and
 * hardly any caption is longer than a piece.
 */
const MAX_PIECE = 400;
/** Maximum number of characters before a word that belong to its piece, such as the "@" of "@name". */
const MAX_PREFIX = 10;

/**
 * Divides a text into pieces for the tagger, so that the tagger's time grows in proportion to the length of the text. A piece
 * ends where a sentence ends or, in a long sentence, between two words. Words that are longer than a piece are left out.
 * `words` are the words of the text.
 */
export function piecesOf(text: string, words: readonly Word[]): Span[] {
  if (text.length <= MAX_PIECE) return [{ start: 0, end: text.length }];
  const pieces: Span[] = [];
  let start = 0;
  let end = 0; // the end of the last word
  let sentence = 0; // the start of the last sentence
  const close = (next: number): void => {
    if (end > start) pieces.push({ start, end: Math.min(next, start + MAX_PIECE) });
    start = next;
  };
  for (const word of words) {
    const from = prefixed(text, word.start, end);
    if (word.first) sentence = from;
    if (word.end - start > MAX_PIECE) close(sentence > start && sentence < end ? sentence : from);
    if (word.end - start > MAX_PIECE) close(from);
    if (word.end - start > MAX_PIECE) start = word.end; // a word that is too long
    end = word.end;
  }
  close(text.length);
  return pieces;
}

/** Returns the start of a word including the characters that are attached to it. */
function prefixed(text: string, start: number, earliest: number): number {
  const least = Math.max(earliest, start - MAX_PREFIX);
  let from = start;
  while (from > least && !/\s/.test(text[from - 1]!)) from--;
  return from;
}
