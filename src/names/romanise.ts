import { type Script, scriptOfLetter } from "../core/index.js";
import { ARABIC, CYRILLIC, GREEK, LATIN, type Spellings } from "./spellings.js";

/** Of a word with several ambiguous spellings so many readings are kept. */
const MOST_READINGS = 8;

const SPELLINGS: Readonly<Record<Exclude<Script, "other">, Spellings>> = {
  latin: LATIN,
  cyrillic: CYRILLIC,
  greek: GREEK,
  arabic: ARABIC,
};

/** How long the longest spelling is that begins with a letter, `^` not counted. */
const LONGEST: ReadonlyMap<string, number> = longestSpellings();

/** The script of a folded word, by its first letter; undefined when names are not transliterated from and to it. */
export function scriptOfWord(word: string): Exclude<Script, "other"> | undefined {
  const script = /^\p{L}/u.test(word) ? scriptOfLetter(word.charCodeAt(0)) : "other";
  return script === "other" ? undefined : script;
}

/**
 * How a folded word sounds, in the coarse Latin alphabet of `letters.ts` with no letter doubled: `путин`, `πουτιν` and `putin`
 * are `putin`. One reading, or more where a spelling is ambiguous; none in a script that is not known. An Arabic word
 * is read with and without its article, a Greek one with and without the ending that names get there (`Δαρβίνος`).
 */
export function romanise(word: string): readonly string[] {
  const script = scriptOfWord(word);
  if (script === undefined) return [];
  const spellings = SPELLINGS[script];
  let readings = [""];
  for (let at = 0; at < word.length; ) {
    const [spelling, sounds] = spellingAt(word, at, spellings);
    const next = readings.flatMap((reading) => sounds.map((sound) => reading + sound));
    readings = next.length <= MOST_READINGS ? next : readings.map((reading) => reading + sounds[0]!);
    at += spelling.length;
  }
  return [...new Set(readings.flatMap(VARIANTS[script]).map(undoubled))].filter((reading) => reading !== "");
}

/** The longest spelling that begins at a place, and how it may sound; a letter of no spelling stands for itself. */
function spellingAt(word: string, at: number, spellings: Spellings): [string, readonly string[]] {
  for (let length = LONGEST.get(word[at]!) ?? 0; length > 0; length--) {
    const spelling = word.slice(at, at + length);
    const opening = at === 0 ? spellings[`^${spelling}`] : undefined;
    const sounds = spelling.length === length ? (opening ?? spellings[spelling]) : undefined;
    if (sounds !== undefined) return [spelling, typeof sounds === "string" ? [sounds] : sounds];
  }
  return [word[at]!, [word[at]!]];
}

/** `al…` as it is and without its first two letters; what would be left of a short word is no name. */
function withoutArticle(reading: string): string[] {
  return reading.startsWith("al") && reading.length > 4 ? [reading, reading.slice(2)] : [reading];
}

/** A longer word as it is and without `os`, `is` or `as`. */
function withoutEnding(reading: string): string[] {
  return /.{4}[oia]s$/.test(reading) ? [reading, reading.slice(0, -2)] : [reading];
}

const asItIs = (reading: string): string[] => [reading];
const VARIANTS = { latin: asItIs, cyrillic: asItIs, greek: withoutEnding, arabic: withoutArticle } as const;

const undoubled = (reading: string): string => reading.replace(/(.)\1+/gu, "$1");

function longestSpellings(): Map<string, number> {
  const longest = new Map<string, number>();
  for (const spelling of Object.values(SPELLINGS).flatMap((spellings) => Object.keys(spellings))) {
    const { 0: letter = "", length } = spelling.replace("^", "");
    longest.set(letter, Math.max(length, longest.get(letter) ?? 0));
  }
  return longest;
}
