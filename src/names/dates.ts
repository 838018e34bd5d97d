import { fold } from "./fold.js";
import { AND_WORDS, BORN_MARKERS, DIED_MARKERS, MAX_PHRASE, PLACE_WORDS } from "./lexicon.js";
import { isMonth } from "./months.js";

/** The first and the last year that a date may mean. */
export type Years = readonly [from: number, to: number];

/** A word, number or sign (* or †) of a text. */
export interface Token {
  /** The folded word. */
  readonly word: string;
  readonly written: string;
  /** The text between the token before and this one. */
  readonly gap: string;
}

const TOKEN = /[\p{L}\p{M}]+|\d+(?:\p{L}+)?|[*†✝]/gu;

/** Splits a text into its words, numbers and signs of birth and death. */
export function tokensOf(text: string): readonly Token[] {
  let end = 0;
  return Array.from(text.matchAll(TOKEN), ({ 0: written, index }): Token => {
    const gap = text.slice(end, index);
    end = index + written.length;
    return { word: fold(written) || written, written, gap };
  });
}

/** Returns the folded phrases of up to `MAX_PHRASE` words that begin at an index, the longest first. */
export function phrasesAt(tokens: readonly Token[], index: number): readonly string[] {
  const phrases = [tokens[index]!.word];
  for (const { word, gap } of tokens.slice(index + 1, index + MAX_PHRASE)) {
    if (!/^[\s'’-]*$/u.test(gap)) break;
    phrases.unshift(`${phrases[0]} ${word}`);
  }
  return phrases;
}

export const isYear = (word: string | undefined): boolean =>
  word !== undefined && /^(?:1\d{3}|20\d{2})$/.test(word);

const words = (text: string): ReadonlySet<string> => new Set(text.split(" ").map(fold));

/** Words before a date that is not exact. Source: written for this project from general knowledge. */
const ABOUT = words(
  "c ca circa about around approximately approx um etwa gegen vers environ hacia około ok kolem okolo около ок",
);
const BEFORE = words("before bef ante by vor avant antes prima przed před до");
const AFTER = words("after aft post nach après después dopo depois po после");
const OR = words("or oder ou o lub nebo или");
/** Number of years by which an approximate date may be wrong, and by which one before or after a year may differ. */
export const ABOUT_YEARS = 5;
const OPEN_YEARS = 10;

const CENTURY: ReadonlySet<string> = new Set(
  "century jahrhundert jh siecle siglo secolo seculo eeuw wiek wieku stoleti век века yuzyil".split(" "),
);

/** Returns whether a word may precede a year within a date: "in", "c.", "den", "March". */
export const isDateWord = (word: string): boolean =>
  PLACE_WORDS.has(word) || ABOUT.has(word) || BEFORE.has(word) || AFTER.has(word) || isMonth(word);

/**
 * Returns the first and the last year of the year ("1924", "c. 1924", "1924 or 25"), decade ("1890s") or century ("19th
 * century") at an index; undefined if it is none of these.
 */
export function yearsAt(tokens: readonly Token[], index: number): Years | undefined {
  const { word } = tokens[index]!;
  const next = tokens[index + 1];
  if (isYear(word)) return bounds(Number(word), alternativeTo(word, tokens, index), tokens[index - 1]?.word);
  const decade = /^(1\d{2}|20\d)0(?:s|er|ern|e|x)$/.exec(word);
  if (decade !== null) return [Number(decade[1]) * 10, Number(decade[1]) * 10 + 9];
  const century = /^(\d{1,2})(?:st|nd|rd|th|e|er)?$/.exec(word);
  if (century === null || !CENTURY.has(next?.word ?? "")) return undefined;
  return [Number(century[1]) * 100 - 100, Number(century[1]) * 100 - 1];
}

function bounds(from: number, to: number, before = ""): Years {
  if (ABOUT.has(before)) return [from - ABOUT_YEARS, to + ABOUT_YEARS];
  if (BEFORE.has(before)) return [from - OPEN_YEARS, to];
  return AFTER.has(before) ? [from, to + OPEN_YEARS] : [from, to];
}

/** Maximum number of years between the two years of "1905–1908". */
const MAX_BETWEEN = 10;

/** Returns the second year of "1905 or 1906", "1905/06" or "1905–1908"; otherwise the year itself. */
function alternativeTo(year: string, tokens: readonly Token[], index: number): number {
  const next = tokens[index + 1];
  const other = next !== undefined && OR.has(next.word) ? tokens[index + 2] : next;
  if (other === undefined || !/^\d{1,4}$/.test(other.word)) return Number(year);
  const later = Math.max(Number(year), laterYear(Number(year), other.word));
  const isRange =
    /^\s?[-–—]\s?$/u.test(other.gap) && isYear(other.word) && later - Number(year) <= MAX_BETWEEN;
  return other !== next || other.gap === "/" || isRange ? later : Number(year);
}

/** Returns the year that digits after another year mean: 1732 for "32" after 1728. */
export const laterYear = (year: number, digits: string): number =>
  digits.length === 4 ? Number(digits) : year - (year % 10 ** digits.length) + Number(digits);

const WORDS_TO_YEAR = 5;

/**
 * Finds the first year, decade or century in the `WORDS_TO_YEAR` words from `start`. Numbers, months and words such as
 * "in" are not counted. Returns its first and last year, or undefined if there is none in the same clause, or if another
 * birth or death is stated first.
 */
export function yearsAfter(
  tokens: readonly Token[],
  start: number,
  limit: number = WORDS_TO_YEAR,
): Years | undefined {
  let counted = 0;
  for (let index = start; index < tokens.length && counted <= limit; index++) {
    const { word } = tokens[index]!;
    if (index > start && endsClause(tokens, index)) return undefined;
    if (/^[*†✝]$/.test(word)) return undefined;
    if (word.length > 1 && (BORN_MARKERS.has(word) || DIED_MARKERS.has(word))) return undefined;
    const years = yearsAt(tokens, index);
    if (years !== undefined) return years;
    if (!/^\d/.test(word) && !isDateWord(word)) counted++;
  }
  return undefined;
}

/** Returns whether another clause begins at a token: after a bracket or full stop, or as in "Paris, photographed". */
function endsClause(tokens: readonly Token[], index: number): boolean {
  const [last, next] = [tokens[index - 1]!, tokens[index]!];
  const isLower = /^\p{Ll}/u.test(next.written) && !isDateWord(next.word);
  if (/[()[\];!?\n]/u.test(next.gap)) return true;
  if (/\.\s/u.test(next.gap) && last.word.length > 4 && !isMonth(last.word) && !/^\d/.test(last.word))
    return true;
  const after = tokens[index + 1];
  if (AND_WORDS.has(next.word) && after !== undefined && /^\p{Ll}/u.test(after.written)) return true;
  return isLower && next.gap.includes(",") && next.word.length > 3;
}

/** Words in a date besides those of `isDateWord`. */
const IN_DATE = new Set([
  ...words("the de of den le el il г года roku born geb early late mid"),
  ...CENTURY,
  ...OR,
]);

/** Returns whether a text contains nothing but a date: "12 March 1889", "c. 1889", "1889-03-12T00:00:00Z". */
export const isDate = (text: string): boolean =>
  /\d/.test(text) &&
  tokensOf(text).every(({ word }) => /^\d/.test(word) || isDateWord(word) || IN_DATE.has(word));
