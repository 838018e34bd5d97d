import type { Caption, Mention, Span } from "../../core/index.js";
import { PARTICLES } from "../../names/index.js";
import { gapBefore, isCapital, overlaps, readWords, type WordedCaption } from "./text-words.js";

/** Maximum number of words in a full name before the word that it shares with a mention. */
const WORDS_BEFORE = 3;
/** Maximum number of words in a full name after the word that it shares with a mention. */
const WORDS_AFTER = 2;
/** Maximum number of names per caption. */
const MAX_NAMES = 16;

/**
 * Returns the phrases in a caption's text that may be the full name of a person whose short name is a mention. A phrase
 * is a sequence of capitalised words, with particles between them. It contains the first or last word of a mention and
 * overlaps no mention. For "Clara Ferris at the opening. Ferris came from abroad" and the mention "Ferris", this is
 * "Clara Ferris". The phrases may overlap each other.
 */
export function namesInText(caption: Caption): readonly Mention[] {
  const worded = readWords(caption);
  const wanted = new Set(
    worded.places.flatMap((place) =>
      place === undefined ? [] : [worded.words[place.start]!.word, worded.words[place.end - 1]!.word],
    ),
  );
  const found = new Map<string, Mention>();
  for (const [index, { word }] of worded.words.entries()) {
    if (found.size >= MAX_NAMES) break;
    const here = { start: index, end: index + 1 };
    if (!wanted.has(word) || worded.places.some(overlaps(here))) continue;
    for (const { start, end } of phrasesAround(worded, index)) {
      const span = { start: worded.words[start]!.start, end: worded.words[end - 1]!.end };
      const text = caption.text.slice(span.start, span.end);
      if (found.size < MAX_NAMES && !found.has(text)) found.set(text, { text, span });
    }
  }
  return [...found.values()];
}

/**
 * Returns the phrases of at least two words that contain the word at `index`. They end where the sequence of
 * capitalised words ends, because "George Washington" does not name a person in "George Washington University".
 */
function phrasesAround(caption: WordedCaption, index: number): readonly Span[] {
  let first = index;
  while (index - first < WORDS_BEFORE && joins(caption, first)) first -= 1;
  let end = index + 1;
  while (joins(caption, end) && isCapital(caption.words[end]!)) end += 1;
  if (end - index - 1 > WORDS_AFTER) return [];
  const phrases: Span[] = [];
  for (let start = first; start <= index; start++)
    if (end - start > 1 && isCapital(caption.words[start]!)) phrases.push({ start, end });
  return phrases;
}

/** Returns whether the word at `index` and the word before it may belong to the same name. */
function joins(caption: WordedCaption, index: number): boolean {
  const [last, next] = [caption.words[index - 1], caption.words[index]];
  if (last === undefined || next === undefined) return false;
  if (caption.places.some(overlaps({ start: index - 1, end: index + 1 }))) return false;
  const isInitial = last.word.length === 1;
  if (!(isInitial ? /^(?:\.?\s+|\.)$/ : /^\s+$/).test(gapBefore(caption, index))) return false;
  return [index - 1, index].every(
    (place) => isCapital(caption.words[place]!) || PARTICLES.has(caption.words[place]!.word),
  );
}
