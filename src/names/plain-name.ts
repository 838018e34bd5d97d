import { fold, wordsOf } from "./fold.js";
import { withoutApostropheEnding } from "./inflection.js";
import {
  AND_WORDS,
  FAMILY_NAME_GENERATIONS,
  FAMILY_NAME_POSTNOMINALS,
  FINAL_TITLES,
  GENERATION_ENDS,
  GIVEN_NAME_TITLES,
  JUNIOR,
  MAX_PHRASE,
  PARTICLES,
  POSTNOMINALS,
  SENIOR,
  type Sex,
  TITLE_STARTS,
  TITLES,
} from "./lexicon.js";

/** The kind of a word in a name. */
export type PartKind = "given" | "initial" | "particle" | "family";

/** A word of a name. */
export interface Part {
  /** The folded word. */
  readonly word: string;
  readonly kind: PartKind;
}

/** A name of a person or thing, divided into parts. All words are folded. */
export interface NameParts {
  /** The words of the name without titles and suffixes, with given names before family names. */
  readonly parts: readonly Part[];
  /** Forms of address, ranks and offices before the name. */
  readonly titles: readonly string[];
  /** The sex that the titles imply. */
  readonly sex: Sex | undefined;
  /**
   * The generation among people with the same name: 1 for senior, the elder, I; 2 for junior, fils, II; 3 for III, …
   */
  readonly generation: number | undefined;
  /** All words of the name in the order in which they are written, without brackets. */
  readonly words: readonly string[];
  /** The words that state the generation: "jr", "iii". Empty if `generation` is undefined. */
  readonly suffix: readonly string[];
}

/** Matches the Roman numerals from 1 to 29. */
const ROMAN = /^(?:X{0,2}(?:I{1,3}|IV|VI{0,3}|IX)|X{1,2})$/;
const ORDINAL = /^(\d{1,2})(?:st|nd|rd|th|\.|er|e|o|º|ª)?$/i;
const ROMAN_VALUES: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10 };

/** Parses a name that contains no brackets, markers or years. */
export function readParts(text: string, cased: boolean): NameParts {
  const pieces = text
    .split(/[,،、;]/u)
    .map((piece) => piece.trim())
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece));
  const state: State = { cased, titles: [], sexes: new Set(), generation: undefined, suffix: [] };
  const rests: (readonly Word[])[] = [];
  const all: string[] = [];
  const offices: boolean[] = [];
  for (const [index, piece] of pieces.entries()) {
    const words = wordsWithShape(piece);
    for (const { word } of words) all.push(word);
    const rest = withoutNumeral(withoutAdditions(words, state, index), state);
    if (rest.length === 0) continue;
    const titled = rest[0] !== words[0] && (index > 1 || (rests[0]?.length ?? 0) > 1);
    offices.push(index > 0 && isOffice(rest, titled, cased));
    rests.push(rest);
  }
  const [first = [], second] = rests;
  const inverted =
    second !== undefined && !offices[1] && offices.slice(2).every((office) => office) && !isList(second);
  const parts = inverted ? invertedParts(first, second, cased) : partsOf(first, cased);
  const [sex] = state.sexes.size === 1 ? state.sexes : [];
  const { titles, generation, suffix } = state;
  return { parts, titles, sex, generation, words: all, suffix };
}

/** Returns whether words after a comma are the end of a list: "Scientific and Cultural Organization". */
const isList = (words: readonly Word[]): boolean =>
  words.some(({ word, written }) => AND_WORDS.has(word) && /^\p{Ll}/u.test(written));

/**
 * Removes a Roman numeral that is not at the end of a name, and records it as the generation in `state`: "VIII" in "Henry
 * VIII of England", "III" in "Jan III Sobieski", "II." in "II. Abdülhamid". A single letter counts only without a full
 * stop and before a particle.
 */
function withoutNumeral(words: readonly Word[], state: State): readonly Word[] {
  if (!state.cased || state.generation !== undefined) return words;
  const isNumeral = ({ written, word }: Word, index: number): boolean =>
    ROMAN.test(written.replace(/\.$/, "")) &&
    index < words.length - 1 &&
    (word.length > 1 || (index > 0 && !written.endsWith(".") && PARTICLES.has(words[index + 1]!.word)));
  const place = words.findIndex(isNumeral);
  if (place < 0) return words;
  const { word } = words[place]!;
  state.generation = romanValue(word.toUpperCase());
  state.suffix = [word];
  return words.toSpliced(place, 1);
}

/**
 * Counts the additions to a piece of a name, given its folded words: the words of titles at the start, and the words of
 * generations and postnominals at the end. Ignores the use of capital letters. `commas` is the number of commas before
 * the piece.
 */
export function additionLengths(
  words: readonly string[],
  commas: number,
): { titles: number; endings: number } {
  const all = words.map((word): Word => ({ word, written: word, joined: false }));
  const state: State = { cased: false, titles: [], sexes: new Set(), generation: undefined, suffix: [] };
  const rest = withoutAdditions(all, state, commas);
  const titles = rest.length === 0 ? words.length : all.indexOf(rest[0]!);
  return { titles, endings: words.length - titles - rest.length };
}

interface State {
  readonly cased: boolean;
  readonly titles: string[];
  readonly sexes: Set<Sex>;
  generation: number | undefined;
  suffix: readonly string[];
}

/** A folded word and the written word that contains it. */
interface Word {
  readonly word: string;
  readonly written: string;
  /** Whether the word is not the first in `written`, because it follows a hyphen or an apostrophe. */
  readonly joined: boolean;
}

function wordsWithShape(text: string): Word[] {
  return text
    .split(/\s+/u)
    .flatMap((written) =>
      wordsOf(withoutApostropheEnding(written)).map((word, index) => ({ word, written, joined: index > 0 })),
    );
}

/**
 * Removes titles from the start of a piece of a name, and generations and postnominals from its end. Records the titles
 * and the generation in `state`, and returns the remaining words. `commas` is the number of commas before the piece. At
 * least one word remains unless `commas` is greater than 0: nothing remains of ", Sr.".
 */
function withoutAdditions(words: readonly Word[], state: State, commas: number): readonly Word[] {
  const least = commas > 0 ? 0 : 1;
  return commas > 0
    ? withoutTitles(withoutEndings(words, state, least, commas), state, least)
    : withoutEndings(withoutTitles(words, state, least), state, least, commas);
}

function withoutTitles(words: readonly Word[], state: State, least: number): readonly Word[] {
  if (!TITLE_STARTS.has(words[0]?.word ?? "")) return words;
  const length = longest(words.length - least, (size) => {
    const phrase = phraseOf(words.slice(0, size));
    return isTitle(phrase) && (state.titles.length > 0 || !mayBeGivenName(phrase));
  });
  if (length === 0) return isCoupleOf(words, 1) ? withoutTitle(words, 1, state, least) : words;
  return withoutTitle(words, length, state, least);
}

/** Removes a title of `length` words, and the titles after it. The titles of a couple imply no sex. */
function withoutTitle(words: readonly Word[], length: number, state: State, least: number): readonly Word[] {
  const title = phraseOf(words.slice(0, length));
  state.titles.push(title);
  const joined = isCoupleOf(words, length);
  const sex = TITLES.get(title);
  if (joined) state.sexes.add("female").add("male");
  else if (sex !== undefined) state.sexes.add(sex);
  return withoutTitles(words.slice(joined ? length + 1 : length), state, least);
}

/** Returns whether a title of `length` words and another title are those of a couple: "M. et Mme Roche". */
const isCoupleOf = (words: readonly Word[], length: number): boolean =>
  TITLES.has(phraseOf(words.slice(0, length))) &&
  AND_WORDS.has(words[length]?.word ?? "") &&
  isTitle(words[length + 1]?.word ?? "") &&
  words.length > length + 2;

function withoutEndings(
  words: readonly Word[],
  state: State,
  least: number,
  commas: number,
): readonly Word[] {
  const last = words.at(-1)?.word ?? "";
  if (FINAL_TITLES.has(last) && words.length > 2) {
    state.titles.push(last);
    const sex = TITLES.get(last);
    if (sex !== undefined) state.sexes.add(sex);
    return withoutEndings(words.slice(0, -1), state, least, commas);
  }
  const most = GENERATION_ENDS.has(last) ? words.length : 1;
  const length = longest(Math.min(most, words.length - least), (size) => {
    const [before, end] = splitAtEnd(words, size);
    return (
      generationOf(end, before, state.cased, commas) !== undefined ||
      (size === 1 && isPostnominal(end[0]!, commas > 0, state.cased))
    );
  });
  if (length === 0) return words;
  const [before, ending] = splitAtEnd(words, length);
  const generation = generationOf(ending, before, state.cased, commas);
  if (generation !== undefined) {
    state.generation = generation;
    state.suffix = ending.map(({ word }) => word);
  }
  return withoutEndings(before, state, least, commas);
}

const splitAtEnd = (words: readonly Word[], size: number): [readonly Word[], readonly Word[]] => [
  words.slice(0, -size),
  words.slice(-size),
];

/**
 * Returns the largest number of words that passes the test, or 0 if no number passes. Only numbers up to `most` and
 * `MAX_PHRASE` are tested.
 */
function longest(most: number, test: (size: number) => boolean): number {
  for (let size = Math.min(MAX_PHRASE, most); size > 0; size--) if (test(size)) return size;
  return 0;
}

/** Returns whether a title is rather a given name or two initials ("A. D. Marlow") unless another title precedes it. */
const mayBeGivenName = (phrase: string): boolean =>
  GIVEN_NAME_TITLES.has(phrase) || /^\p{L} \p{L}$/u.test(phrase);

/** Returns whether a phrase is a title. A single letter does not count, because it is more likely to be an initial. */
const isTitle = (phrase: string): boolean => phrase.length > 1 && TITLES.has(phrase);

const phraseOf = (words: readonly Word[]): string => words.map(({ word }) => word).join(" ");

/**
 * Returns the generation that a phrase at the end of a piece of a name means, or undefined if it means none. `before` are
 * the words before the phrase, and `commas` is the number of commas before the piece.
 */
function generationOf(
  words: readonly Word[],
  before: readonly Word[],
  cased: boolean,
  commas: number,
): number | undefined {
  const phrase = phraseOf(words);
  if (isPartOfName(phrase, words, before, cased, commas)) return undefined;
  const [only] = words;
  if (words.length === 1 && only !== undefined) {
    const written = only.written.replace(/\.$/, "");
    const roman = cased ? written : written.toUpperCase();
    if (ROMAN.test(roman)) return romanValue(roman);
    const ordinal = ORDINAL.exec(only.written);
    if (ordinal !== null && /\D/.test(only.written)) return Number(ordinal[1]);
  }
  if (SENIOR.has(phrase)) return 1;
  return JUNIOR.has(phrase) ? 2 : undefined;
}

/** Returns the generation that a text in brackets means ("fils"), with its words, or undefined if it means none. */
export function generationIn(
  text: string,
  cased: boolean,
): Pick<NameParts, "generation" | "suffix"> | undefined {
  const words = wordsWithShape(text);
  if (words.length === 0 || words.length > MAX_PHRASE || /^[IVX]$/.test(text)) return undefined;
  const generation = generationOf(words, [], cased, 2);
  return generation === undefined ? undefined : { generation, suffix: words.map(({ word }) => word) };
}

/**
 * Returns whether a phrase that can mean a generation is rather a part of the name: letters that are initials, or a word
 * that is also a name.
 */
function isPartOfName(
  phrase: string,
  words: readonly Word[],
  before: readonly Word[],
  cased: boolean,
  commas: number,
): boolean {
  const { written } = words[0]!;
  const isSmall = cased && /^\p{Ll}/u.test(written);
  if (words.every(({ word }) => isInitial(word))) {
    // The letters after the first comma are given names: "Marlow, D. J.", "Marlow, Edith V.". "d. J." is German.
    if (commas > 1 || isSmall) return false;
    if (cased)
      return commas === 1 || words.length > 1 || !ROMAN.test(phrase.toUpperCase()) || endsInInitial(before);
    return commas === 1 || words.length === 1 || before.length < 2;
  }
  if (phrase === "da" && !/[äæ]/iu.test(written.normalize("NFC"))) return true;
  if (phrase === "da" || phrase === "dj") return cased ? !isSmall : commas > 0 || before.length < 2;
  if (!FAMILY_NAME_GENERATIONS.has(phrase) || words.at(-1)!.written.endsWith(".") || isSmall) return false;
  return commas === 0 || (commas === 1 && cased && before.length === 0);
}

const endsInInitial = (words: readonly Word[]): boolean => isInitial(words.at(-1)?.word ?? "");

/** Returns whether postnominal letters are unlikely to be a family name, regardless of case. */
const isUnlikeName = (letters: string): boolean =>
  !/[aeiouy]/.test(letters) || (letters.length > 2 && !FAMILY_NAME_POSTNOMINALS.has(letters));

function romanValue(text: string): number {
  const values = [...text].map((letter) => ROMAN_VALUES[letter]!);
  return values.reduce((sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value), 0);
}

/**
 * Returns whether a word is a postnominal, such as "OBE". After a comma, any word of two to seven capitals counts;
 * elsewhere, only the words in `POSTNOMINALS` count. If capital letters are ignored, only these words count and, except
 * after a comma, only if they are unlikely to be a family name.
 */
function isPostnominal({ word, written }: Word, later: boolean, cased: boolean): boolean {
  const letters = written.replaceAll(".", "");
  const isKnown = (): boolean => POSTNOMINALS.has(fold(letters)) && word !== "";
  if (!cased) return isKnown() && (later || isUnlikeName(fold(letters)));
  const dotted = letters.length < written.length - 1;
  const capitals =
    /^(?:\p{Lu}{2,7}|PhD|MdB|MdL|MdEP|CSc|DrSc|DPhil|DLitt|Esq|MSc|BSc|DSc|LittD|FRAeS|FMedSci)$/u.test(
      letters,
    );
  return capitals && ((later && !dotted) || isKnown());
}

/**
 * Returns whether the words after a comma are an office, rank or occupation ("1st Earl of Kent", "Queen of Scots", "British
 * painter") and not given names. `titled` is true if a title precedes these words and the name before the comma is a full
 * name ("Daniel Marlow, Baron Marlow").
 */
const isOffice = (words: readonly Word[], titled: boolean, cased: boolean): boolean =>
  titled || /^\d/.test(words[0]!.word) || words[0]!.word === "of" || (cased && words.some(isCommonNoun));

/** Returns whether a word is in small letters, and no particle, title or initial: "painter". */
const isCommonNoun = ({ word, written, joined }: Word): boolean =>
  !joined && word.length > 1 && /^\p{Ll}+$/u.test(written) && !PARTICLES.has(word) && !TITLES.has(word);

const INITIAL = /^\p{L}$/u;
const STANDALONE = /[\p{sc=Han}\p{sc=Hangul}\p{sc=Hira}\p{sc=Kana}]/u;

/** Returns whether a word is a single letter that abbreviates a name. (`fold` splits "J.F." into two such words.) */
const isInitial = (word: string): boolean => INITIAL.test(word) && !STANDALONE.test(word);

/**
 * Returns whether a word is a particle. The last word never counts: "Li" in "Jet Li". At the start of a name, a
 * capitalised word counts only if it is an article or precedes another particle: "Van" in "Van der Berg", but not in
 * "Van Morrison".
 */
function isParticle({ word, written }: Word, index: number, words: readonly Word[], cased: boolean): boolean {
  if (index === words.length - 1) return false;
  if (cased && /^\p{Ll}\.$/u.test(written)) return true; // "v." for "van" or "von"
  if (isArticle(words, index)) return true;
  if (!PARTICLES.has(word) || isInitialOf(words, index, cased)) return false;
  if (index > 0 || (cased && /^\p{Ll}/u.test(written))) return true;
  return ARTICLES.has(word) || (words.length > 2 && PARTICLES.has(words[1]!.word));
}

/**
 * Returns whether a word is a single letter that abbreviates a name, although it may also be a particle: "D." in "Franklin
 * D. Roosevelt", but not in "D'Annunzio", and not "y" in "Ortega y Gasset".
 */
function isInitialOf(words: readonly Word[], index: number, cased: boolean): boolean {
  const { word, written } = words[index]!;
  if (!isInitial(word) || (written.length > 1 && !INITIALS.test(written))) return false;
  if (cased && !/^\p{Lu}/u.test(written)) return false;
  const mayJoin = written.length === 1 && (word === "y" || word === "e"); // "ORTEGA Y GASSET"
  return !mayJoin || (cased && !/^\p{Lu}{2,}$/u.test(words[index - 1]?.written ?? ""));
}

/** Matches a written word that consists only of initials: "D.", "J.-P." */
const INITIALS = /^(?:\p{L}\p{M}*[.\-‐]+)*\p{L}\p{M}*[.\-‐]*$/u;

/**
 * Returns whether a word is the Arabic article, joined to the next word with a hyphen: "al-Sadat", "as-Sadat". In its
 * assimilated forms, its consonant is the first of the next word, which is longer than a syllable of "An-na".
 */
function isArticle(words: readonly Word[], index: number): boolean {
  const { word } = words[index]!;
  const next = words[index + 1];
  if (next === undefined || !next.joined || !next.written.includes("-")) return false;
  if (word === "al" || word === "el") return true;
  return /^a(?:sh|[rsdntz])$/.test(word) && next.word.length > 3 && next.word.startsWith(word.slice(1));
}

const ARTICLES: ReadonlySet<string> = new Set("the die der das les los las gli".split(" "));

/**
 * Assigns a kind to each word of a name that is written with the given names first. The last word that is not an
 * initial or a particle is the family name, together with the words joined to it by a hyphen or an apostrophe.
 */
function partsOf(words: readonly Word[], cased: boolean): Part[] {
  const counting = words.map(
    (word, index) => !isInitial(word.word) && !isParticle(word, index, words, cased),
  );
  let last = counting.lastIndexOf(true);
  if (last < 0) last = words.length - 1;
  let first = last;
  while (
    first > 0 &&
    words[first]!.joined &&
    !isInitial(words[first - 1]!.word) &&
    !isArticle(words, first - 1)
  )
    first -= 1;
  const parts = words.map(({ word }, index): Part => {
    if (index >= first && index <= last) return { word, kind: "family" };
    if (isParticle(words[index]!, index, words, cased)) return { word, kind: "particle" };
    return { word, kind: isInitial(word) ? "initial" : index > last ? "particle" : "given" };
  });
  const next = words[last + 1];
  if (next === undefined || next.joined || !next.written.endsWith(".")) return parts;
  // In "Tolstoy L. N.", the family name is first.
  return [...parts.slice(last + 1), ...parts.slice(0, last + 1)];
}

/**
 * Returns the parts of a name whose family name is written before the comma. The family name may be repeated at the end:
 * "Tennyson, Alfred Tennyson, Baron".
 */
function invertedParts(family: readonly Word[], given: readonly Word[], cased: boolean): Part[] {
  const repeats = given.length > 1 && given.at(-1)!.word === family.at(-1)!.word;
  return [...givenOf(repeats ? given.slice(0, -1) : given, cased), ...familyOf(family, cased)];
}

const givenOf = (words: readonly Word[], cased: boolean): Part[] =>
  words.map(({ word }, index): Part => {
    if (index > 0 && PARTICLES.has(word) && !isInitialOf(words, index, cased))
      return { word, kind: "particle" };
    return { word, kind: isInitial(word) ? "initial" : "given" };
  });

const familyOf = (words: readonly Word[], cased: boolean): Part[] =>
  words.map(({ word }, index): Part => {
    if (index === words.length - 1) return { word, kind: "family" };
    if (PARTICLES.has(word) && !isInitialOf(words, index, cased)) return { word, kind: "particle" };
    return { word, kind: isInitial(word) ? "initial" : "family" };
  });
