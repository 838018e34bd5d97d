import { fold, wordsOf } from "./fold.js";
import {
  ACTIVITY_WORDS,
  ALIAS_MARKERS,
  AND_WORDS,
  BORN_MARKERS,
  GENERATION_ENDS,
  MAIDEN_MARKERS,
  MARKER_STARTS,
  MAX_PHRASE,
  PARTICLES,
  POSTNOMINALS,
  TITLE_STARTS,
  TITLES,
} from "./lexicon.js";
import { pinyinReadings } from "./pinyin.js";
import { generationIn, type NameParts, type Part, readParts } from "./plain-name.js";
import { readingsOf } from "./repair.js";

/** A parsed name, with the other names and facts that the text contains. */
export interface ParsedName extends NameParts {
  /**
   * Other names of the same person or thing, such as a name in brackets, a name after "alias", or the name with the
   * maiden name as its family name.
   */
  readonly others: readonly NameParts[];
  /** The two names that contain only one half of a double family name. They are shorter names, not other names. */
  readonly halves: readonly NameParts[];
  /** Folded words in brackets that are not a name: "footballer". */
  readonly qualifier: readonly string[];
  /** Years of birth and death after the name: "Woolf, Virginia, 1882-1941". */
  readonly birth: number | undefined;
  readonly death: number | undefined;
  /** Whether the name refers to a couple: "Mr. and Mrs. Henry Cole". */
  readonly couple: boolean;
}

/** Names are truncated to this length before they are parsed. */
const MAX_TEXT = 300;

const LIFE =
  /[,;]?\s*\(?\s*(?:c(?:a|irca)?\.?\s*)?(?:(?<=[,;(]\s*)(\p{L}+)\.?\s+)?(\d{4})(?:\s*(?:or|\/)\s*\d{1,4})?\s*[-–—]\s*(?:c(?:a|irca)?\.?\s*)?(\d{2,4})?\??\s*\)?\.?\s*$/u;
const BORN =
  /([,;(]?)\s*(?<![\p{L}\p{M}])(b\.|born|geb\.|né(?:e)?|nato|nata|nacido|nacida|nascido|nascida|ur\.|nar\.|род\.|р\.|\*)\s*(?:in\s+|en\s+)?(\d{4})\s*\)?\.?\s*$/iu;
const BRACKETS = /[(（[]([^()（）[\]]*)[)）\]]/gu;
const NAME_WORD = /^[\p{Lu}\p{Lt}\p{Lo}]/u;

/** Returns whether a text contains both upper-case and lower-case letters. */
const isCased = (text: string): boolean => /\p{Ll}/u.test(text) && /\p{Lu}/u.test(text);

/**
 * Parses a mention, label or alias. Does not know what a name refers to: even the name of a place, organisation or work
 * is divided into given and family names. If `cased` is false, the use of capital letters is ignored. By default, it is
 * ignored unless the text contains both upper-case and lower-case letters.
 */
export function parseName(name: string, cased: boolean = isCased(name)): ParsedName {
  const plain = cased ? parsePlain(name) : undefined;
  if (plain !== undefined) return plain;
  const { lives, brackets, written, marked } = dissect(name, cased);
  const named = readParts(written, cased);
  const generations = brackets.map((text) => generationIn(text, cased));
  const main = { ...named, ...generations.find((found) => found !== undefined) };
  const bracketed = brackets.filter((_, index) => generations[index] === undefined);
  const others: NameParts[] = [];
  const qualifier: string[] = [];
  for (const { marker, text } of [...marked, ...bracketed.flatMap((text) => bracketOf(text, cased))]) {
    if (marker === "maiden") others.push(...withMaiden(main, readParts(text, cased)));
    else if (marker === "none" && isForeignAcronym(text, written, cased)) qualifier.push(...wordsOf(text));
    else if (marker === "alias" || isName(text, cased)) others.push(...aliasOf(main, text, cased));
    else qualifier.push(...wordsOf(text));
  }
  others.push(...nobilityOf(written, cased));
  const halves = joinedOf(main, written, cased);
  const { parts, titles, sex, generation, words, suffix } = main;
  const { birth, death } = lives;
  const couple = isCouple(written);
  // Naming every field takes half the time of spreading `main`.
  return { parts, titles, sex, generation, words, suffix, others, halves, qualifier, birth, death, couple };
}

/** Matches names that consist of capitalised words in the letters of Western Europe. */
const PLAIN = /^[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?: [A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)*$/;

/**
 * Parses a name that contains only given names and a family name, the most frequent kind of name. Returns undefined for
 * other names. This is faster than the rules for all names, with the same result.
 */
function parsePlain(name: string): ParsedName | undefined {
  if (name.length > MAX_TEXT || !PLAIN.test(name)) return undefined;
  const words = wordsOf(name);
  const last = words.length - 1;
  if (TITLE_STARTS.has(words[0]!) || GENERATION_ENDS.has(words[last]!) || POSTNOMINALS.has(words[last]!))
    return undefined;
  if (words.some((word) => PARTICLES.has(word))) return undefined;
  const parts = words.map((word, index): Part => ({ word, kind: index < last ? "given" : "family" }));
  return {
    parts,
    titles: [],
    sex: undefined,
    generation: undefined,
    words,
    suffix: [],
    others: [],
    halves: [],
    qualifier: [],
    birth: undefined,
    death: undefined,
    couple: false,
  };
}

/**
 * Parses a mention in all its readings (see `readingsOf` and `pinyinReadings`). Returns the first reading, with the
 * other readings added to `others`.
 */
export function parseMention(mention: string): ParsedName {
  const readings = [...readingsOf(mention), ...pinyinReadings(mention)];
  const [first, ...others] = readings.map((reading) => parseName(reading));
  if (first === undefined) return parseName(mention);
  return others.length === 0 ? first : { ...first, others: [...first.others, ...others] };
}

/**
 * Returns the text of a name without the names after markers ("née Stone"), without brackets and without the years of
 * birth and death at the end. `cased` has the same meaning as for `parseName`.
 */
export const mainTextOf = (name: string, cased: boolean = isCased(name)): string =>
  dissect(name, cased).written;

/**
 * Divides a name into its main text, the names after markers, the texts in brackets, and the years of birth and death.
 */
function dissect(name: string, cased: boolean) {
  const lives = yearsIn(name.slice(0, MAX_TEXT));
  const brackets: string[] = [];
  const outside = lives.rest.replace(BRACKETS, (_, inner: string) => {
    brackets.push(inner.trim());
    return " ";
  });
  const [first, ...marked] = splitAtMarkers(outside, cased);
  return { lives, brackets, written: first!.text, marked };
}

/** Separates the years of birth and death at the end of a name from the rest of the name. */
function yearsIn(text: string): { rest: string; birth?: number; death?: number } {
  if (!/\d/.test(text)) return { rest: text };
  return yearsInLine(text.replace(/\s+/gu, " ")); // long white space would take the patterns minutes
}

function yearsInLine(text: string): { rest: string; birth?: number; death?: number } {
  const life = LIFE.exec(text);
  if (life !== null) {
    const rest = text.slice(0, life.index);
    if (ACTIVITY_WORDS.has(fold(life[1] ?? ""))) return { rest };
    const birth = Number(life[2]);
    const death = life[3] === undefined ? undefined : century(birth, life[3]);
    return { rest, birth, ...(death !== undefined && { death }) };
  }
  const born = BORN.exec(text);
  if (born !== null && (born[1] !== "" || !/^\p{Lu}\p{Ll}/u.test(born[2]!))) {
    const rest = text.slice(0, born.index);
    const open = born[1] !== "(" && rest.lastIndexOf("(") > rest.lastIndexOf(")");
    return { rest: open ? `${rest})` : rest, birth: Number(born[3]) };
  }
  return { rest: text };
}

/**
 * Returns the year of death as a number. Adds the century if the text contains only two digits: 41 in "1882-41" means
 * 1941.
 */
function century(birth: number, text: string): number {
  if (text.length === 4) return Number(text);
  const short = Number(text);
  const base = birth - (birth % 100);
  return base + short > birth ? base + short : base + 100 + short;
}

interface Piece {
  readonly marker: "none" | "maiden" | "alias";
  readonly text: string;
}

/** Splits a name at markers such as "née" and "alias". */
function splitAtMarkers(text: string, cased: boolean): Piece[] {
  const words = text.split(/[\s,]+/u).filter((word) => word !== "");
  const raw = text.trim();
  const pieces: Piece[] = [];
  let from = 0;
  let marker: Piece["marker"] = "none";
  for (let index = 1; index < words.length; index++) {
    const found = markerAt(words, index, cased);
    if (found === undefined || !beginsName(words.slice(index + found.length), cased)) continue;
    const place = locate(raw, words, index);
    pieces.push({ marker, text: raw.slice(from, place) });
    marker = found.marker;
    from = locate(raw, words, index + found.length);
    index += found.length;
  }
  pieces.push({ marker, text: raw.slice(from) });
  return pieces;
}

/**
 * Returns the position in the text at which the word with this index begins. The text must contain the words in order.
 */
function locate(text: string, words: readonly string[], index: number): number {
  let place = 0;
  for (let word = 0; word <= index; word++) {
    place = text.indexOf(words[word]!, place);
    if (word < index) place += words[word]!.length;
  }
  return place;
}

/** Returns whether a word may begin a name. */
const mayBeName = (word: string, cased: boolean): boolean => (cased ? NAME_WORD : /^\p{L}/u).test(word);

/** Returns whether words begin with a name, or with particles and a name: "van der Berg", "il Tintoretto". */
function beginsName(words: readonly string[], cased: boolean): boolean {
  const first = words.find((word) => !(PARTICLES.has(fold(word)) || fold(word) === "il"));
  return mayBeName(first ?? words[0] ?? "", cased);
}

function markerAt(
  words: readonly string[],
  index: number,
  cased: boolean,
): { marker: "maiden" | "alias"; length: number } | undefined {
  if (cased && /^\p{Lu}/u.test(words[index]!)) return undefined;
  const [first] = wordsOf(words[index]!);
  if (first !== undefined && !MARKER_STARTS.has(first)) return undefined;
  for (let length = Math.min(MAX_PHRASE, words.length - index); length > 0; length--) {
    const phrase = fold(words.slice(index, index + length).join(" "));
    const isInitial = phrase.length === 1 && !cased; // Danish "f." (born), but not the F. of "JOHN F. KENNEDY"
    if (MAIDEN_MARKERS.has(phrase) && !isInitial) return { marker: "maiden", length };
    if (ALIAS_MARKERS.has(phrase) && phrase.length > 2) return { marker: "alias", length };
  }
  return undefined;
}

/** Matches a word for "or" before another name in brackets. */
const OR = /^(?:or|oder|ou|o|of|lub|albo|nebo|neboli|или|veya|eller|tai|vagy|ή|أو|also|auch)\s+(?=\p{Lu})/u;

function bracketOf(bracket: string, cased: boolean): Piece[] {
  const text = withoutFinalMarker(bracket.replace(OR, ""));
  const words = text.split(/\s+/u);
  const found = markerAt(["", ...words], 1, cased);
  if (found !== undefined && words.length > found.length)
    return [{ marker: found.marker, text: words.slice(found.length).join(" ") }];
  return text === "" || BORN_MARKERS.has(fold(words[0] ?? "")) || /\d/.test(text)
    ? []
    : [{ marker: "none", text }];
}

/**
 * Returns whether a text in brackets is capital letters that do not abbreviate the name before it: a party or an office, as
 * in "Anna Stein (SPD)", but not "Deutsche Bahn (DB)".
 */
function isForeignAcronym(text: string, name: string, cased: boolean): boolean {
  if (!cased || !/^\p{Lu}{2,7}$/u.test(text)) return false;
  const letters = fold(name);
  const acronym = fold(text);
  if (letters[0] !== acronym[0]) return true;
  let at = 0;
  for (const letter of acronym) {
    at = letters.indexOf(letter, at) + 1;
    if (at === 0) return true;
  }
  return false;
}

/** Returns the text in brackets without a marker at its end: "Jean-Baptiste Poquelin, dit". */
function withoutFinalMarker(text: string): string {
  const found = /^(.+),\s*(\p{Ll}+)$/u.exec(text);
  return found !== null && ALIAS_MARKERS.has(fold(found[2]!)) ? found[1]! : text;
}

/** Returns whether every word except particles begins with a capital or belongs to a script without capitals. */
function isName(text: string, cased: boolean): boolean {
  const words = text.split(/\s+/u).filter((word) => /\p{L}/u.test(word));
  return words.length > 0 && words.every((word) => mayBeName(word, cased) || PARTICLES.has(fold(word)));
}

/**
 * Returns the names that an alias of `main` may mean. The first is the alias itself. If the alias is a single word, two
 * more names follow: `main` with the alias as given name, and `main` with the alias as family name.
 */
function aliasOf(main: NameParts, text: string, cased: boolean): NameParts[] {
  const alias = readParts(text, cased);
  if (alias.parts.length !== 1 || main.parts.length < 2) return [alias];
  const given = alias.parts.map(({ word }): Part => ({ word, kind: "given" }));
  const families = main.parts.filter(({ kind }) => kind === "family" || kind === "particle");
  return [alias, { ...main, parts: [...given, ...families] }, withFamily(main, alias)];
}

/**
 * Returns the names that a maiden name may mean. A maiden name of several words is either a full name ("born Clara
 * Ferris") or a long family name ("née Roche de la Vallée").
 */
function withMaiden(name: NameParts, maiden: NameParts): NameParts[] {
  const found = withFamily(name, maiden);
  const given = name.parts.filter(({ kind }) => kind === "given" || kind === "initial");
  if (found.parts !== maiden.parts || given.length === 0) return [found];
  return [found, { ...name, parts: [...given, ...maiden.parts] }];
}

/**
 * Returns `name` with `parts` as its family name. If `parts` has several words and does not start with a particle, it
 * is a full name and replaces all parts of `name`.
 */
function withFamily(name: NameParts, { parts }: NameParts): NameParts {
  const family = parts.map(({ word, kind }): Part => ({ word, kind: kind === "particle" ? kind : "family" }));
  if (parts.length > 1 && parts[0]!.kind !== "particle") return { ...name, parts };
  return {
    ...name,
    parts: [...name.parts.filter(({ kind }) => kind === "given" || kind === "initial"), ...family],
  };
}

/**
 * Returns the name that a title of nobility contains ("Wellington" for "Arthur Wellesley, 1st Duke of Wellington"), or
 * an empty list if there is no title of nobility.
 */
function nobilityOf(text: string, cased: boolean): NameParts[] {
  if (!/,\s*\d/.test(text)) return [];
  const found =
    /,\s*\d{1,2}(?:st|nd|rd|th)\s+(?:\p{L}+\s+)*?of\s+(.+)$/iu.exec(text) ??
    /,\s*\d{1,2}(?:st|nd|rd|th)\s+(?:Baron|Viscount|Earl|Marquess|Baronet|Lord)\s+(.+)$/iu.exec(text);
  return found === null ? [] : [readParts(found[1]!, cased)];
}

/** Minimum length of each half of a double family name in a text without case. Most Korean syllables are shorter. */
const MIN_HALF = 4;

/**
 * Returns two names for a name with a double family name, each with one half: "Anna Müller" and "Anna Schmidt" for
 * "Anna Müller-Schmidt". Returns an empty list for other names, such as "Kim Jong-un" and "Hassan al-Rahman".
 */
function joinedOf({ parts, ...rest }: NameParts, text: string, cased: boolean): NameParts[] {
  const last = parts.at(-1);
  const before = parts.at(-2);
  if (last?.kind !== "family" || before?.kind !== "family" || parts.length < 3) return [];
  if (PARTICLES.has(before.word)) return [];
  if (cased ? !/\p{L}[-‐]\p{Lu}/u.test(text) : Math.min(last.word.length, before.word.length) < MIN_HALF)
    return [];
  return [
    { ...rest, parts: parts.slice(0, -1) },
    { ...rest, parts: [...parts.slice(0, -2), last] },
  ];
}

function isCouple(text: string): boolean {
  const written = text.split(/\s+/u);
  if (written.length < 4) return false;
  const [first, and, second] = written as [string, string, string];
  if (!TITLES.has(fold(first)) || (and !== "&" && !AND_WORDS.has(fold(and)))) return false;
  return fold(second).length > 1 && TITLES.has(fold(second)); // not "Minister a. D."
}
