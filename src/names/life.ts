import { fold } from "./fold.js";
import { AGE_MARKERS, BORN_MARKERS, DIED_MARKERS, PLACE_WORDS } from "./lexicon.js";
import { isMonth } from "./months.js";

/**
 * The years of birth and death that a text states, each as the first and the last possible year. A field is missing if
 * the text does not state it.
 */
export interface Life {
  readonly birth?: readonly [from: number, to: number];
  readonly death?: readonly [from: number, to: number];
}

const YEAR = "(1\\d{3}|20\\d{2}|[3-9]\\d{2})";
const ABOUT = "(?:c(?:a|irca)?\\.?|um|vers|circa|około|ok\\.|kolem|около|ок\\.)?\\s*";
/** Matches years of life: "(1889–1915)", "1728 or 32–1784", "c.1815-62", "1949–". */
const RANGE = new RegExp(
  `${ABOUT}${YEAR}(?:\\s*(?:or|/)\\s*(\\d{1,4}))?\\s*[-–—]\\s*${ABOUT}(\\d{2,4})?(?![\\d-])`,
  "gu",
);
const SIGN = new RegExp(`([*†✝])\\s*(?:\\d{1,2}\\.\\s*\\d{1,2}\\.\\s*|\\p{L}+\\s+)?${YEAR}`, "gu");
const WORDS_TO_YEAR = 5;
/** Number of years by which an approximate year may be wrong. */
const ABOUT_YEARS = 5;

/**
 * Reads life dates from a text: ranges, years after a sign (* or †), and words such as "born in Paris in 1905", "geb.
 * 1905" and "aged 9 in 2019".
 */
export function lifeIn(text: string): Life {
  const life: Draft = {};
  for (const found of text.matchAll(RANGE)) {
    const birth = Number(found[1]);
    const span = lifeSpan(birth, found[3]);
    if (span === undefined) continue;
    const unsure = /^(?:c|um|vers|ok|kolem|около)/u.test(found[0]) ? ABOUT_YEARS : 0;
    life.birth ??= [birth - unsure, Math.max(birth, alternative(birth, found[2])) + unsure];
    if (span > 0) life.death ??= [birth + span - unsure, birth + span + unsure];
    break;
  }
  for (const found of text.matchAll(SIGN)) {
    const year = Number(found[2]);
    if (found[1] === "*") life.birth ??= [year, year];
    else life.death ??= [year, year];
  }
  readWords(text, life);
  const { birth, death } = life;
  return { ...(birth && { birth }), ...(death && { death }) };
}

interface Draft {
  birth?: [number, number] | undefined;
  death?: [number, number] | undefined;
}

/**
 * Returns the number of years from birth to death, or undefined if this number is not between 15 and 115. Returns 0 if
 * the year of death is missing.
 */
function lifeSpan(birth: number, end: string | undefined): number | undefined {
  if (end === undefined) return 0;
  const death = end.length === 2 ? birth - (birth % 100) + Number(end) : Number(end);
  const span = death > birth ? death - birth : end.length === 2 ? death + 100 - birth : -1;
  return span >= 15 && span <= 115 ? span : undefined;
}

const alternative = (birth: number, text: string | undefined): number =>
  text === undefined
    ? birth
    : text.length === 4
      ? Number(text)
      : birth - (birth % 10 ** text.length) + Number(text);

function readWords(text: string, life: Draft): void {
  const words = [...text.matchAll(/[\p{L}\p{M}]+|\d+(?:\p{L}+)?/gu)].map(([word]) => word);
  const folded = words.map(fold);
  for (let index = 0; index < words.length; index++) {
    const one = folded[index]!;
    const two = `${one} ${folded[index + 1] ?? ""}`;
    const year = (): [number, number] | undefined => yearAfter(folded, index + 1);
    if (
      BORN_MARKERS.has(two) ||
      (BORN_MARKERS.has(one) && one.length > 1) ||
      (one === "b" && isYear(folded[index + 1]))
    )
      life.birth ??= year();
    else if (
      DIED_MARKERS.has(two) ||
      (DIED_MARKERS.has(one) && one.length > 1) ||
      (one === "d" && isYear(folded[index + 1]))
    )
      life.death ??= year();
    else if (AGE_MARKERS.has(one) || AGE_MARKERS.has(two)) life.birth ??= birthByAge(folded, index);
  }
}

const isYear = (word: string | undefined): boolean => word !== undefined && /^(?:1\d{3}|20\d{2})$/.test(word);

/**
 * Returns the first and the last year that a date may mean. The date may be a year ("1924-03-02", "c. 1924"), a decade
 * ("the 1890s") or a century ("19th century"). Returns undefined if `yearAfter` finds none of these.
 */
export function yearsOf(date: string): readonly [from: number, to: number] | undefined {
  const words = [...date.matchAll(/[\p{L}\p{M}]+|\d+(?:\p{L}+)?/gu)].map(([word]) => fold(word));
  return yearAfter(words, 0);
}

/**
 * Finds the first year, decade or century in the `WORDS_TO_YEAR` words from `start`. Numbers, months and words such as
 * "in" are not counted. Returns its first and last year, or undefined if there is none or if another birth or death is
 * stated first.
 */
function yearAfter(words: readonly string[], start: number): [number, number] | undefined {
  let counted = 0;
  for (let index = start; index < words.length && counted < WORDS_TO_YEAR; index++) {
    const word = words[index]!;
    if (word.length > 1 && (BORN_MARKERS.has(word) || DIED_MARKERS.has(word))) return undefined;
    if (!/^\d/.test(word) && !PLACE_WORDS.has(word) && !isMonth(word)) counted++;
    if (isYear(word)) return [Number(word), Number(word)];
    const decade = /^(1\d{2}|20\d)0(?:s|er|ern|e|x)$/.exec(word);
    if (decade !== null) return [Number(decade[1]) * 10, Number(decade[1]) * 10 + 9];
    const century = /^(\d{1,2})(?:st|nd|rd|th|e|er)?$/.exec(word);
    if (century !== null && CENTURY.has(words[index + 1] ?? ""))
      return [Number(century[1]) * 100 - 100, Number(century[1]) * 100 - 1];
  }
  return undefined;
}

const CENTURY: ReadonlySet<string> = new Set(
  "century jahrhundert jh siecle siglo secolo seculo eeuw wiek wieku stoleti век века yuzyil".split(" "),
);

/**
 * Computes the two possible years of birth from the age and the year nearest to an age marker ("aged 9 in 2019", "at
 * age 18, 1936"). If no year is near, uses the first year in the text. Returns undefined if the age or the year is
 * missing.
 */
function birthByAge(words: readonly string[], marker: number): [number, number] | undefined {
  const near = (test: (word: string) => boolean): string | undefined => {
    for (let step = 1; step <= 6; step++) {
      const after = words[marker + step];
      if (after !== undefined && test(after)) return after;
      const before = step <= 2 ? words[marker - step] : undefined;
      if (before !== undefined && test(before)) return before;
    }
    return undefined;
  };
  const age = near((word) => /^\d{1,3}$/.test(word) && Number(word) < 111);
  const year = near(isYear) ?? words.find(isYear);
  if (age === undefined || year === undefined) return undefined;
  return [Number(year) - Number(age) - 1, Number(year) - Number(age)];
}

/**
 * Compares two spans of years. Returns 1 if they overlap, 0.5 if they are at most two years apart, and −1 otherwise.
 */
export function compareYears(a: readonly [number, number], b: readonly [number, number]): number {
  const gap = Math.max(0, a[0] - b[1], b[0] - a[1]);
  return gap === 0 ? 1 : gap <= 2 ? 0.5 : -1;
}
