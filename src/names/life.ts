import { type Token, tokensOf, type Years, yearsAt } from "./dates.js";
import { birthByAge } from "./life-age.js";
import { lifeMarkersIn } from "./life-markers.js";
import { lifeRangeIn } from "./life-range.js";

/**
 * The years of birth and death that a text states, each as the first and the last possible year. A field is missing if
 * the text does not state it.
 */
export interface Life {
  readonly birth?: readonly [from: number, to: number];
  readonly death?: readonly [from: number, to: number];
}

/** Maximum length of the part of a text that is read, in UTF-16 code units. */
const MAX_TEXT = 1000;

/**
 * Reads life dates from a text: ranges, years after a sign (* or †), and words such as "born in Paris in 1905", "geb.
 * 1905" and "aged 9 in 2019". In this order, the first date counts.
 */
export function lifeIn(text: string): Life {
  if (text.length > MAX_TEXT) return lifeIn(text.slice(0, MAX_TEXT));
  if (!/\d/.test(text)) return {};
  const range = lifeRangeIn(text);
  const tokens = tokensOf(text);
  const stated = lifeMarkersIn(tokens);
  const birth = range.birth ?? stated.birth ?? birthByAge(tokens);
  const death = range.death ?? stated.death;
  return { ...(birth && { birth }), ...(death && { death }) };
}

/**
 * Returns the first and the last year that a date may mean. The date may be a year ("1924-03-02", "c. 1924", "1924 or
 * 25"), a decade ("the 1890s") or a century ("19th century"). Returns undefined if it contains none of these.
 */
export function yearsOf(date: string): Years | undefined {
  const plain = PLAIN_DATE.exec(date)?.[1];
  if (plain !== undefined) return [Number(plain), Number(plain)];
  const tokens: readonly Token[] = tokensOf(date.slice(0, MAX_DATE));
  for (const index of tokens.keys()) {
    const years = yearsAt(tokens, index);
    if (years !== undefined) return years;
  }
  return undefined;
}

/** Matches the dates that knowledge bases contain most: "1924", "1924-03-02", "1924, Vale County". */
const PLAIN_DATE = /^(1\d{3}|20\d{2})(?:-\d\d-\d\d)?(?:$|, \p{Lu}\p{Ll}{3})/u;

/** Maximum length of a date that is read. */
const MAX_DATE = 200;

/**
 * Compares two spans of years. Returns 1 if they overlap, 0.5 if they are at most two years apart, and −1 otherwise.
 */
export function compareYears(a: Years, b: Years): number {
  const gap = Math.max(0, a[0] - b[1], b[0] - a[1]);
  return gap === 0 ? 1 : gap <= 2 ? 0.5 : -1;
}
