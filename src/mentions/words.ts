import type { Span } from "../core/index.js";
import { fold, TITLES } from "../names/index.js";

/**
 * How a text uses capital letters: together with lower-case letters ("mixed"), almost exclusively ("upper"), or not at
 * all, as in a script without capitals ("none").
 */
export type Style = "mixed" | "upper" | "none";

/** A word as written: "O'Brien", "Duchamp-Villon", "J.", without a possessive 's. */
export interface Word extends Span {
  readonly text: string;
  /** The folded text; "o brien" for "O'Brien". */
  readonly folded: string;
  readonly capital: boolean;
  /** Whether the word is an initial, such as "J." or "J". */
  readonly initial: boolean;
  /** Whether the word is the first of a sentence, a line, or a phrase after a dash or bullet. */
  readonly first: boolean;
  /** Whether an English possessive ending follows the word. */
  readonly possessive: boolean;
}

const WORD =
  /(?:\p{Lu}\p{M}*\.(?=[-\p{Lu}]))|[\p{L}\p{N}][\p{L}\p{M}\p{N}\p{Cf}\u0640]*(?:[-‐‑'’´`]\p{L}[\p{L}\p{M}\p{N}]*)*/gu;
/** Matches an article or preposition that is joined to a name by an apostrophe: "d'", "l'", "dell'". */
const ELIDED = /^\p{Ll}{1,5}['’´`](?=\p{Lu})/u;
/** Matches an English possessive ending. */
const POSSESSIVE = /['’´`]s$/u;
const SENTENCE_END = /[.!?…。！？\n\r]["'”’»)\]]*\s*["'“‘«([]*$|(?:^|\s)[-–—•*]\s+$/u;
/** Maximum length of a gap between two words of a sentence. A longer gap separates sentences. */
const MAX_GAP = 100;
/**
 * Maximum number of letters in an abbreviation that is not a title. A full stop after an abbreviation does not end a
 * sentence.
 */
const MAX_ABBREVIATION = 3;
/** Matches a lower-case prefix that belongs to the name: "al-" in "al-Gaddafi". */
const ARTICLE = /^(?:a[lnstdrz]|el|ul|ash|bin|ibn)[-‐‑](?=\p{Lu})/u;

/** Returns the words of a text in order. */
export function writtenWordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  for (const { 0: chunk, index } of text.matchAll(WORD)) {
    const start = index + (ELIDED.exec(chunk)?.[0].length ?? 0);
    const whole = chunk.slice(start - index);
    const written = whole.replace(POSSESSIVE, "");
    const before = words.at(-1);
    const gap = text.slice(before?.end ?? 0, start);
    words.push({
      text: written,
      start,
      end: start + written.length,
      folded: fold(written),
      capital: /^[\p{Lu}\p{Lt}]/u.test(written) || ARTICLE.test(written),
      initial: /^\p{Lu}\p{M}*\.?$/u.test(written),
      first: before === undefined || endsSentence(before, gap),
      possessive: written !== whole,
    });
  }
  return words;
}

const endsSentence = (before: Word, gap: string): boolean =>
  gap.length > MAX_GAP || (SENTENCE_END.test(gap) && !isAbbreviation(before, gap));

const isAbbreviation = ({ text, folded }: Word, gap: string): boolean =>
  gap.startsWith(".") && (text.length <= MAX_ABBREVIATION || TITLES.has(folded));

/** Share of lower-case letters below which a text counts as written in capitals: "RONALD McDONALD". */
const MAX_LOWER = 0.1;

/** Returns how a text uses capital letters. */
export function styleOf(text: string): Style {
  const upper = text.match(/\p{Lu}/gu)?.length ?? 0;
  const lower = text.match(/\p{Ll}/gu)?.length ?? 0;
  if (upper === 0) return "none";
  return lower < MAX_LOWER * (upper + lower) ? "upper" : "mixed";
}
