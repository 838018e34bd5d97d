import { type Script, scriptOfWord, type TransliteratedScript } from "./script.js";
import { soundLikeness } from "./sounds.js";
import { ARABIC, CYRILLIC, GREEK, IRREGULAR_LATIN, LATIN, type Spellings } from "./spellings.js";

/**
 * Maximum number of readings of a word, not counting the readings without an article or ending, which are added later.
 * If an ambiguous spelling would exceed this number, only the first sound of the spelling is used.
 */
const MAX_READINGS = 8;

const SPELLINGS: Readonly<Record<TransliteratedScript, Spellings>> = {
  latin: LATIN,
  cyrillic: CYRILLIC,
  greek: GREEK,
  arabic: ARABIC,
};

/** Tables with other sounds of ambiguous and irregular spellings, for `readingsAcross`. */
const IRREGULAR: Readonly<Record<TransliteratedScript, Spellings>> = {
  latin: { ...LATIN, ...IRREGULAR_LATIN },
  cyrillic: { ...CYRILLIC, ю: "u", я: "a" },
  greek: { ...GREEK, ει: "ei", οι: "oi", υ: "u", ντ: "d" },
  arabic: { ...ARABIC, ث: "s" },
};

/** For each letter, the length of the longest spelling that begins with it, not counting `^`. */
const LONGEST: ReadonlyMap<string, number> = longestSpellings();

/**
 * Returns the readings of a folded word in the coarse Latin alphabet of `spellings.ts`, without doubled letters:
 * `путин`, `πουτιν` and `putin` all become `putin`. An ambiguous spelling results in several readings. A word in an
 * unsupported script has no readings. An Arabic word has readings with and without its article. A Greek word has
 * readings with and without the ending that Greek adds to foreign names (`Δαρβίνος`). A Latin word has readings with
 * and without a final e, which is often silent (`Matisse`).
 */
export function romanise(word: string): readonly string[] {
  const script = scriptOfWord(word);
  return script === undefined ? [] : readingsOf(word, script, SPELLINGS[script]);
}

function readingsOf(word: string, script: TransliteratedScript, spellings: Spellings): readonly string[] {
  let readings = [""];
  for (let index = 0; index < word.length; ) {
    const [spelling, sounds] = spellingAt(word, index, spellings);
    const next = readings.flatMap((reading) => sounds.map((sound) => reading + sound));
    readings = next.length <= MAX_READINGS ? next : readings.map((reading) => reading + sounds[0]!);
    index += spelling.length;
  }
  const variants = readings.flatMap(VARIANTS[script]).map(withoutDoubles);
  return [...new Set(variants)].filter((reading) => reading !== "");
}

/**
 * Returns the readings by which a folded word is looked up in another script: those of `romanise`, and readings with
 * the other sounds of the word's irregular spellings.
 */
export function readingsAcross(word: string): readonly string[] {
  const script = scriptOfWord(word);
  if (script === undefined) return [];
  const spoken = script === "latin" && word.length > 3 ? withoutSilentEnding(word) : word;
  return [...new Set([...romanise(word), ...readingsOf(spoken, script, IRREGULAR[script])])];
}

/** Returns a Latin word without a final consonant that French does not pronounce: Monet, Camus, Corbusier. */
const withoutSilentEnding = (word: string): string =>
  word.replace(/er$/, "e").replace(/([aeiou])[dstxz]$/, "$1");

/**
 * Returns the longest spelling that starts at `index`, and its possible sounds. A letter without a spelling is its own
 * sound.
 */
function spellingAt(word: string, index: number, spellings: Spellings): [string, readonly string[]] {
  for (let length = LONGEST.get(word[index]!) ?? 0; length > 0; length--) {
    const spelling = word.slice(index, index + length);
    const initial = index === 0 ? spellings[`^${spelling}`] : undefined;
    const sounds = spelling.length === length ? (initial ?? spellings[spelling]) : undefined;
    if (sounds !== undefined) return [spelling, typeof sounds === "string" ? [sounds] : sounds];
  }
  return [word[index]!, [word[index]!]];
}

/**
 * Returns the reading. If it begins with the article `al` and at least three letters follow, also returns the reading
 * without the article. Fewer letters would not be enough for a name.
 */
function withoutArticle(reading: string): string[] {
  return reading.startsWith("al") && reading.length > 4 ? [reading, reading.slice(2)] : [reading];
}

/**
 * Returns the reading, and if it is long enough and ends in `os`, `is` or `as`, also the reading without this ending.
 */
function withoutEnding(reading: string): string[] {
  return /.{4}[oia]s$/.test(reading) ? [reading, reading.slice(0, -2)] : [reading];
}

/** Returns the reading, and if it is long enough and ends in a consonant and `e`, also the reading without this `e`. */
function withoutFinalE(reading: string): string[] {
  return /.{2}[^aeiou]e$/.test(reading) ? [reading, reading.slice(0, -1)] : [reading];
}

const unchanged = (reading: string): string[] => [reading];
const VARIANTS = {
  latin: withoutFinalE,
  cyrillic: unchanged,
  greek: withoutEnding,
  arabic: withoutArticle,
} as const;

const withoutDoubles = (reading: string): string => reading.replace(/(.)\1+/gu, "$1");

function longestSpellings(): Map<string, number> {
  const longest = new Map<string, number>();
  for (const spelling of [...Object.values(SPELLINGS), IRREGULAR_LATIN].flatMap((spellings) =>
    Object.keys(spellings),
  )) {
    const { 0: letter = "", length } = spelling.replace("^", "");
    longest.set(letter, Math.max(length, longest.get(letter) ?? 0));
  }
  return longest;
}

/** Replacements for sounds that Arabic does not distinguish or writes with the same letter. */
const MERGED_SOUNDS: Readonly<Record<string, string>> = { p: "b", v: "f", z: "s", j: "g" };

/**
 * Returns the consonants of a folded word as written in Arabic, which omits short vowels: `mohamed`, `мохамед` and
 * `محمد` all become `mhmd`. Vowels and a final h (`sarah`) are dropped. A u at the start of an Arabic word counts as w
 * (`واشنطن`).
 */
export function consonants(word: string): readonly string[] {
  const arabic = scriptOfWord(word) === "arabic";
  const skeletons = readingsAcross(word).map((reading) => {
    const sounds = (arabic ? reading.replace(/^u/, "f") : reading).replace(/h$/, "").replace(/[aeiou]/g, "");
    return withoutDoubles(sounds.replace(/[pvzj]/g, (sound) => MERGED_SOUNDS[sound]!));
  });
  return [...new Set(skeletons)].filter((skeleton) => skeleton !== "");
}

/**
 * A way to compare words of two different scripts. Words are found by keys in a common alphabet and then compared by
 * sounds.
 */
export interface Comparison {
  readonly name: "sounds" | "consonants";
  /** Returns the keys of a word. Two words are compared if any of their keys are similar. */
  readonly keys: (word: string) => readonly string[];
  /** Minimum likeness (see `SCORE` in `candidates/score.ts`) of two keys for their words to be compared. */
  readonly least: number;
  /** Factor by which the `soundLikeness` of two words is multiplied to get their similarity. */
  readonly factor: number;
}

const SOUNDS: Comparison = { name: "sounds", keys: readingsAcross, least: 0.5, factor: 0.95 };
const CONSONANTS: Comparison = { name: "consonants", keys: consonants, least: 0.58, factor: 0.9 };

/**
 * Returns the comparison to use for two different scripts: by consonants if one of them is Arabic, otherwise by sounds.
 */
export function comparisonOf(a: Script, b: Script): Comparison {
  return a === "arabic" || b === "arabic" ? CONSONANTS : SOUNDS;
}

/**
 * Returns the similarity of two words in different scripts, or 0 if their sounds are not similar enough to be the same
 * name.
 */
export const similarityAcross = (a: string, b: string, { factor }: Comparison): number =>
  factor * soundLikeness(a, b, LEAST_ALIKE);

/** Minimum `soundLikeness` of words that may be the same name. */
const LEAST_ALIKE = 0.4;

/** Returns a folded name in which each word is replaced with its first key. Words without a key stay unchanged. */
export function transliterated(name: string, { keys }: Comparison): string {
  return name
    .split(" ")
    .map((word) => keys(word)[0] ?? word)
    .join(" ");
}
