import { fold } from "./fold.js";

/** A word of a text, with its position in UTF-16 code units. */
export interface PlacedWord {
  /** The folded word. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** Whether the word is one character of a script that is written without spaces between words, or Hangul. */
  readonly unspaced: boolean;
}

const UNSPACED = String.raw`(?=\p{L})[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]`;
/** Matches a character that `fold` keeps or drops. All other characters separate words. */
const WITHIN_WORD = String.raw`(?![\u02bb\u02bc])[\p{L}\p{M}\p{N}\p{So}\p{Sc}\p{Cf}+©®]`;
const CHUNK = new RegExp(`${UNSPACED}\\p{M}*|(?:(?!${UNSPACED})${WITHIN_WORD})+`, "gu");
const STARTS_UNSPACED = new RegExp(`^${UNSPACED}`, "u");

/**
 * Returns the words of a text in order. Together they equal `wordsOf(text)`, except that a text in a script without
 * spaces is divided into characters.
 */
export function placedWordsOf(text: string): readonly PlacedWord[] {
  const words: PlacedWord[] = [];
  for (const { 0: chunk, index } of text.matchAll(CHUNK)) {
    const unspaced = STARTS_UNSPACED.test(chunk);
    const start = index + (/^\p{Cf}*/u.exec(chunk)?.[0].length ?? 0);
    const end = index + visibleLength(chunk);
    for (const word of fold(chunk).split(" ")) if (word !== "") words.push({ word, start, end, unspaced });
  }
  return words;
}

/** Returns the length of a text without the format characters at its end. */
function visibleLength(text: string): number {
  let end = text.length;
  while (end > 0) {
    const size = /\p{Surrogate}/u.test(text[end - 1]!) ? 2 : 1;
    if (!/^\p{Cf}$/u.test(text.slice(Math.max(0, end - size), end))) return end;
    end -= size;
  }
  return 0;
}
