import type { Mention } from "../../core/index.js";
import { fold } from "../../names/index.js";

/** A word of a caption. */
export interface Word {
  /** The folded word. */
  readonly text: string;
  /** Whether the word starts with a capital letter. */
  readonly capital: boolean;
  /** Start and end of the word in the caption's text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /**
   * Whether a mention consists of just this word ("King", "Queen"). The word then indicates neither a topic nor a
   * gender.
   */
  readonly name: boolean;
}

/** The words `words[start, end)` of a caption. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Returns the words of a text in order. */
export function split(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: written, index: start } of text.matchAll(/[\p{L}\p{M}\p{N}$+]+/gu)) {
    const capital = /^\p{Lu}/u.test(written);
    for (const part of fold(written).split(" "))
      if (part !== "") words.push({ text: part, capital, start, end: start + written.length, name: false });
  }
  return words;
}

/** Returns the range of a mention's words. `start` is −1 and `end` is 0 if the mention is not found. */
export function rangeOf(words: readonly Word[], { text, span }: Mention): Range {
  if (span === undefined) {
    const tokens = split(text).map((word) => word.text);
    const start = words.findIndex(
      (_, at) => tokens.length > 0 && tokens.every((token, offset) => words[at + offset]?.text === token),
    );
    return { start, end: start < 0 ? 0 : start + tokens.length };
  }
  const start = words.findIndex((word) => word.start >= span.start);
  if (start < 0) return { start, end: 0 };
  let end = start;
  while ((words[end]?.start ?? Infinity) < span.end) end++;
  return { start, end };
}
