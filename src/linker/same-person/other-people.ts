import type { Span } from "../../core/index.js";
import {
  AND_WORDS,
  FAMILY_WORDS,
  KIN_WORDS,
  rolesIn,
  type Sex,
  sexOfGivenName,
  TITLES,
} from "../../names/index.js";
import type { ShortForm } from "./short-form.js";
import {
  gapBefore,
  isAbbreviation,
  isCapital,
  overlaps,
  startsSentence,
  type TextWord,
  type WordedCaption,
  wordAfter,
  wordBefore,
} from "./text-words.js";

/** A person whose name in the text is not a mention. */
export interface Stranger {
  readonly sex: Sex | undefined;
}

/** Possible full names for a short name. */
interface FullNames {
  /** For each name, the range of words that it covers. */
  readonly places: readonly Span[];
  /** All words of the names. */
  readonly words: ReadonlySet<string>;
}

/** A short name whose full name is being searched for. */
export interface ShortName {
  readonly word: string;
  readonly form: ShortForm;
  /** Returns whether the name of a candidate contains both `given` and `word`. */
  readonly follows: (given: string) => boolean;
}

/**
 * Returns other people in the text who have the same short name but no mention: "John Ferris" in "Clara Ferris and John
 * Ferris", or "President Ferris" in "President Ferris and Clara Ferris".
 */
export function strangersIn(caption: WordedCaption, short: ShortName, full: FullNames): readonly Stranger[] {
  const found: Stranger[] = [];
  for (const [index, { word }] of caption.words.entries()) {
    const place = { start: index, end: index + 1 };
    if (word !== short.word || caption.places.some(overlaps(place))) continue;
    const { before, after } = neighbours(caption, place, short, full);
    if (short.form === "end" && before) found.push({ sex: sexOfGivenName(before.word) });
    else if (short.form === "beginning" && after) found.push({ sex: sexOfGivenName(word) });
    else if (full.places.some((name) => areOtherPeople(caption, place, name)))
      found.push({ sex: TITLES.get(wordBefore(caption, index)?.word ?? "") });
  }
  return found;
}

/**
 * Returns the words before and after a short name that may belong to the name of another person: capitalised words
 * other than titles, occupations and the words of the full names. If the word before begins a sentence or the short
 * name is inflected, that word must also be a given name, an initial, or part of a candidate's name with the short
 * name. For example, "Atelier" in "im Atelier Varns" is not part of a name. Returns no words if the text contains no
 * lower-case letters.
 */
export function neighbours(
  caption: WordedCaption,
  { start, end }: Span,
  { word, follows }: ShortName,
  full: FullNames,
): { readonly before?: TextWord | undefined; readonly after?: TextWord | undefined } {
  if (!/\p{Ll}/u.test(caption.text)) return {};
  const isName = (text: TextWord | undefined): text is TextWord =>
    text !== undefined &&
    /^\p{Lu}/u.test(text.written) &&
    !full.words.has(text.word) &&
    !TITLES.has(text.word) &&
    !isOccupation(text.word);
  const [before, after] = [wordBefore(caption, start), wordAfter(caption, end - 1)];
  const isOrdinary = startsSentence(caption, start - 1) || !full.words.has(word);
  return {
    before:
      isName(before) && (!isOrdinary || isGiven(before.word) || follows(before.word)) ? before : undefined,
    after: isName(after) ? after : undefined,
  };
}

const isGiven = (word: string): boolean => word.length === 1 || sexOfGivenName(word) !== undefined;

/** Returns whether the text shows that a short name and a full name at these places belong to different people. */
export const areOtherPeople = (caption: WordedCaption, short: Span, full: Span): boolean =>
  areRelatives(caption, short, full) || inSameList(caption, short, full);

/**
 * Returns whether both names are in one sentence that shows that they name different people: with a word for a relative
 * between them ("Ferris and his wife Clara Ferris"), with a word such as "brothers" before both, or with "and" between
 * them if the short name comes first ("President Ferris and first lady Clara Ferris").
 */
function areRelatives(caption: WordedCaption, short: Span, full: Span): boolean {
  const [first, second] = short.start < full.start ? [short, full] : [full, short];
  const isShortFirst = first === short;
  for (let index = first.end; index <= second.start; index++)
    if (startsSentence(caption, index)) return false;
  const between = caption.words.slice(first.end, second.start).map(({ word }) => word);
  if (between.some((word) => KIN_WORDS.has(word) || (isShortFirst && AND_WORDS.has(word)))) return true;
  for (let index = first.start; index > 0 && !startsSentence(caption, index); index--)
    if (FAMILY_WORDS.has(caption.words[index - 1]!.word)) return true;
  return false;
}

const GAP_IN_LIST = /^[\s,;&"“”„'’()]*$/;

/**
 * Returns whether two names belong to the same list, such as "Clara Ferris and Ferris" or "Clara Ferris, Paul Holm and
 * Mrs. Ferris". The entries of a list are different people. Between the names, a list contains only capitalised words,
 * titles, occupations, numbers, "the" and words such as "and".
 */
function inSameList(caption: WordedCaption, one: Span, other: Span): boolean {
  const [first, second] = one.start < other.start ? [one, other] : [other, one];
  let isList = false;
  for (let index = first.end; index <= second.start; index++) {
    const word = caption.words[index]!;
    const gap = gapBefore(caption, index);
    if (!GAP_IN_LIST.test(isAbbreviation(caption.words[index - 1]!) ? gap.replace(".", "") : gap))
      return false;
    isList ||= /[,;&]/.test(gap) || AND_WORDS.has(word.word);
    if (index < second.start && !mayBeInList(word)) return false;
  }
  return isList;
}

const mayBeInList = (text: TextWord): boolean =>
  isCapital(text) ||
  /^\d/.test(text.word) ||
  AND_WORDS.has(text.word) ||
  TITLES.has(text.word) ||
  text.word === "the" ||
  isOccupation(text.word);

const isOccupation = (word: string): boolean => rolesIn([word]).some(({ kind }) => kind === "person");
