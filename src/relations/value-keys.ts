import type { Entity } from "../core/index.js";
import { fold, isMonth, PLACE_WORDS } from "../names/index.js";

/**
 * Maximum length in code units. A longer value is not compared as a whole, and only its first `MAX_LENGTH` units are
 * read.
 */
const MAX_LENGTH = 1000;
/** Maximum number of segments that are read. */
const MAX_SEGMENTS = 16;
/** Maximum length, in code units, of a value that is compared with other values although it names no entity. */
const MAX_COMPARED = 100;

/** Matches the separators between the segments of a value. Dashes separate only with spaces around them. */
const SEPARATOR = /[,;()[\]/|\n\r，、；（）［］／｜،؛]|\s[-–—−]+\s/u;

/** Matches a folded date in digits that states the day, such as "1826 07 04". */
const DAY = /^(?:\d{3,4} \d\d? \d\d?|\d\d? \d\d? \d{4})$/;
const LETTER = /\p{L}/u;
const NUMBER = /^\p{N}+(?:st|nd|rd|th|e|er|eme|s)?$/u;

/**
 * Words that, like months, belong to a date if a number is next to them. Source: written for this project from general
 * knowledge.
 */
const DATE_WORDS: ReadonlySet<string> = new Set(
  "c ca circa about um vers environ around before after vor nach".split(" "),
);

/** The keys of a text: folded texts that are compared with names and with the keys of other texts. */
export interface TextKeys {
  /**
   * Keys that may name an entity, in this order: the text, the text without dates and numbers at its ends, and the
   * parts after the first and the last word such as "in" or "from" ("Born in Yarton"). Empty if the text contains no
   * letter or is too long.
   */
  readonly names: readonly string[];
  /**
   * Key for the comparison with other values. Undefined if the text is too long, or only a number or a date. A date
   * with a day, in digits, is an exception: it has this key, but no `names`.
   */
  readonly compared: string | undefined;
}

/**
 * Returns the keys of a text. If the text consists of several segments, the parts after words such as "in" are not
 * keys.
 */
export function keysOf(text: string, isSegmented: boolean): TextKeys {
  if (text.length > MAX_LENGTH) return { names: [], compared: undefined };
  const folded = fold(text);
  if (DAY.test(folded)) return { names: [], compared: folded };
  if (!LETTER.test(folded)) return { names: [], compared: undefined };
  const words = folded.split(" ");
  const cut = withoutDates(words);
  const names = new Set([folded, cut, ...(isSegmented ? [] : afterPlaceWords(words))]);
  names.delete("");
  return { names: [...names], compared: cut === "" || text.length > MAX_COMPARED ? undefined : cut };
}

/** Returns the key of a name, or undefined if the name is too long or contains no letter. */
export function nameKeyOf(name: string): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const folded = fold(name);
  return LETTER.test(folded) ? folded : undefined;
}

/** Returns the segments of a value, at most `MAX_SEGMENTS`. Returns no segments if the value has no separators. */
export function segmentsOf(value: string): readonly string[] {
  if (!SEPARATOR.test(value)) return [];
  const segments: string[] = [];
  for (const part of value.slice(0, MAX_LENGTH).split(SEPARATOR)) {
    const segment = part.trim();
    if (segment !== "") segments.push(segment);
    if (segments.length === MAX_SEGMENTS) break;
  }
  return segments;
}

/**
 * Returns a function that finds which of the entities a value names. Like the import, it looks for names and ids in the
 * value as a whole and, if there are none, in its segments. Unlike the import, it also finds an id in another case.
 */
export function createValueReader(entities: readonly Entity[]): (value: string) => readonly Entity[] {
  const byKey = new Map<string, Entity[]>();
  for (const entity of entities) {
    const names = [entity.label, ...entity.aliases].map(nameKeyOf);
    const [id] = keysOf(entity.id, segmentsOf(entity.id).length > 0).names;
    for (const key of new Set([...names, id]))
      if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), entity]);
  }
  const find = (text: string, isSegmented: boolean): readonly Entity[] => {
    const key = keysOf(text, isSegmented).names.find((one) => byKey.has(one));
    return key === undefined ? [] : byKey.get(key)!;
  };
  return (value) => {
    const text = value.trim();
    const segments = segmentsOf(text);
    const whole = find(text, segments.length > 0);
    return whole.length > 0
      ? whole
      : [...new Set(segments.flatMap((segment) => find(segment, segmentsOf(segment).length > 0)))];
  };
}

/**
 * Removes dates and numbers from the ends of a folded text. Months are removed only together with a number, so that a
 * person called May keeps her name. Returns "" if nothing with a letter is left.
 */
function withoutDates(words: readonly string[]): string {
  let start = dateLength(words);
  let end = words.length - dateLength(words.slice(start).reverse());
  if (start >= end) [start, end] = [0, 0];
  const text = words.slice(start, end).join(" ");
  return LETTER.test(text) ? text : "";
}

/** Returns the number of words in the date or number that the words begin with; 0 if there is none. */
function dateLength(words: readonly string[]): number {
  let length = 0;
  let hasNumber = false;
  for (; length < words.length; length++) {
    const isNumber = NUMBER.test(words[length]!);
    if (!isNumber && !isMonth(words[length]!) && !DATE_WORDS.has(words[length]!)) break;
    hasNumber ||= isNumber;
  }
  return hasNumber ? length : 0;
}

/** Returns the texts after the first and after the last place word, without dates. */
function afterPlaceWords(words: readonly string[]): readonly string[] {
  const isPlaceWord = (word: string): boolean => PLACE_WORDS.has(word);
  const first = words.findIndex(isPlaceWord);
  if (first < 0) return [];
  const last = words.findLastIndex(isPlaceWord);
  return [first, last].map((at) => withoutDates(words.slice(at + 1)));
}
