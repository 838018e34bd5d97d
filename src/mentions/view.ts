import { fold, impliesPerson, rolesIn } from "../names/index.js";
import { isBetweenNames, isTitle } from "./particles.js";
import type { Tagger } from "./tagger.js";
import {
  isCalendarWord,
  isDeterminer,
  isFunctionWord,
  isUsual,
  isUsualIn,
  languageOf,
} from "./usual-words.js";
import { type Style, styleOf, type Word, writtenWordsOf } from "./words.js";

/** Facts about a position in a text that help to decide whether a name at this position is a mention. */
export interface Place {
  /** Whether the position is the start of a sentence. */
  readonly first: boolean;
  /** Whether the word before is an article, or a preposition joined with an article. */
  readonly determined: boolean;
  /** Whether the word before is a title. */
  readonly title: boolean;
  /** Whether the word before is a title of a person: "Dr.", but not "Old". */
  readonly person: boolean;
  /** Whether the word before is an occupation: "Lehrling". */
  readonly occupation: boolean;
  /** Whether the word before is a preposition of place, such as "in" in English or "в" in Russian. */
  readonly inside: boolean;
}

/** A text with the facts that decide which names in it are mentions. */
export interface View {
  readonly text: string;
  /** The text's language (see `languageIn`); undefined if it is unknown. */
  readonly language: string | undefined;
  readonly style: Style;
  readonly words: readonly Word[];
  /**
   * Returns whether a folded word is so common that a capital letter at the start of a sentence does not make it a
   * name.
   */
  isUsual(word: string): boolean;
  /**
   * Returns whether a folded word is a caption word, function word, month, day or word for a role ("Maler") in at least
   * one language or, in an English text, a common English word. Such words often occur next to a name without being
   * part of it.
   */
  isAddition(word: string): boolean;
  /** Returns whether a folded word alone is not a name, even with a capital letter: "The", "May", "British". */
  isNeverName(word: string): boolean;
  isFunctionWord(word: string): boolean;
  placeOf(position: number): Place;
  /** Returns the index of the first word that ends after a position. */
  indexAt(position: number): number;
}

/** First parts of tags that name no language: undetermined, and multiple languages. */
const UNNAMED: ReadonlySet<string> = new Set(["und", "mul"]);

/**
 * Returns the language of a text: the first part of its BCP 47 tag. If there is no tag or it names no language, returns a
 * guess from the function words (ISO 639-1), or undefined if they do not decide.
 */
export function languageIn(text: string, tag: string | undefined): string | undefined {
  const tagged = tag?.toLowerCase().split(/[-_]/)[0];
  if (tagged !== undefined && !UNNAMED.has(tagged)) return tagged;
  const words = writtenWordsOf(text);
  const mixed = styleOf(text) === "mixed";
  const votes = words.flatMap(({ folded, capital, first }, at) => {
    if (mixed && capital && !first) return [];
    return [{ word: folded, weight: isBetweenNames(words, at) ? 0.5 : 1 }];
  });
  return languageOf(votes);
}

/**
 * Returns whether a text is in English, or may be in English because its language is unknown and all its letters are
 * Latin.
 */
export const isEnglish = (text: string, language: string | undefined): boolean =>
  language === "en" || (language === undefined && /^[\P{L}\p{sc=Latin}]*$/u.test(text));

/** Creates the view of a text. The dictionary is needed for English texts. */
export function createView(
  text: string,
  language: string | undefined,
  dictionary: Pick<Tagger, "isCommon" | "isDemonym"> | undefined,
): View {
  const words = writtenWordsOf(text);
  return {
    text,
    language,
    style: styleOf(text),
    words,
    isUsual: (word) => isUsualIn(language, word) || dictionary?.isCommon(word) === true,
    isAddition: (word) => isUsual(word) || dictionary?.isCommon(word) === true,
    isNeverName: (word) =>
      isFunctionWord(word, language) || isCalendarWord(word) || dictionary?.isDemonym(word) === true,
    isFunctionWord: (word) => isFunctionWord(word, language),
    placeOf: (position) => placeOf(text, words, position, language),
    indexAt: (position) => indexAt(words, position),
  };
}

/** Prepositions that mean "in", folded. Source: written for this project. */
const IN = new Set("in im en w we v ve i в во у σε στο στη στην à".split(" ").map(fold));

function indexAt(words: readonly Word[], position: number): number {
  let at = 0;
  let end = words.length;
  while (at < end) {
    const middle = (at + end) >>> 1;
    if (words[middle]!.end <= position) at = middle + 1;
    else end = middle;
  }
  return at;
}

function placeOf(
  text: string,
  words: readonly Word[],
  position: number,
  language: string | undefined,
): Place {
  const at = indexAt(words, position);
  const before = words[at - 1];
  const gap = before === undefined ? "" : text.slice(before.end, position);
  const next = before !== undefined && /^\.?\s+$/u.test(gap) ? before.folded : "";
  // "On." is an Italian title, but "on" an English preposition.
  const preposition = !gap.startsWith(".") && before?.capital === false && isFunctionWord(next, language);
  const title = isTitle(next) && !preposition;
  return {
    first: (words[at]?.first ?? false) && words[at]!.start === position,
    determined: isDeterminer(next),
    title,
    person: title && impliesPerson(next),
    occupation: next !== "" && !preposition && rolesIn([next]).some(({ kind }) => kind === "person"),
    inside: IN.has(next) && !gap.startsWith("."),
  };
}
