import { isInflected, type NameParts, type ParsedName, type Part } from "../../names/index.js";

/**
 * The part of a full name that a short form contains: the "beginning" with the given names, or the "end" with the
 * family name. In every script, the family name counts as the end.
 */
export type ShortForm = "beginning" | "end";

/** The words of a name without particles. */
const wordsOf = ({ parts }: NameParts): readonly Part[] => parts.filter(({ kind }) => kind !== "particle");

/** Number of words of a name, without particles. An initial counts as half a word. */
export const fullness = (name: NameParts): number =>
  wordsOf(name).reduce((sum, { kind }) => sum + (kind === "initial" ? 0.5 : 1), 0);

/**
 * Returns the part of the name `full` that the name `short` contains, or undefined if `short` is not a short form of
 * `full`. "Clara", "Ferris" and "Holm Ferris" are short forms of "Clara Holm Ferris". "C. Ferris" is one, too, because
 * initials of the given names may precede the end. Words may be inflected, except that a word for which `isName`
 * returns true is never an inflected form. A short form without a generation (Jr.) fits every generation.
 */
export function shortFormOf(
  full: ParsedName,
  short: ParsedName,
  isName: (word: string) => boolean = () => false,
): ShortForm | undefined {
  if (short.couple || full.couple) return undefined;
  if (short.generation !== undefined && short.generation !== full.generation) return undefined;
  const same = (a: string, b: string): boolean =>
    a === b || (a[0] === b[0] && (isInflected(a, b) || isInflected(b, a)) && !isName(a));
  for (const name of [full, ...full.others, ...full.halves]) {
    const form = endOf(name, short, same);
    if (form !== undefined) return form;
  }
  return undefined;
}

function endOf(
  fullName: NameParts,
  shortName: NameParts,
  same: (a: string, b: string) => boolean,
): ShortForm | undefined {
  const [full, short] = [wordsOf(fullName), wordsOf(shortName)];
  if (full.length === 1 && short.length === 1) return unspacedEnd(full[0]!.word, short[0]!.word);
  const initials = short.findIndex(({ kind }) => kind !== "initial");
  if (initials < 0 || full.length < 2 || fullness(shortName) >= fullness(fullName)) return undefined;
  const words = short.slice(initials);
  const matches = (from: number): boolean =>
    words.every(({ word }, offset) => {
      const other = full[from + offset];
      return other !== undefined && other.kind !== "initial" && same(word, other.word);
    });
  const last = full.length - words.length;
  const initialsAgree = short
    .slice(0, initials)
    .every(({ word }, at) => at < last && full[at]!.word[0] === word);
  if (last > 0 && initialsAgree && matches(last)) return "end";
  return initials === 0 && matches(0) ? "beginning" : undefined;
}

/** Scripts without spaces between the parts of a name. */
const UNSPACED = /^[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}]+$/u;
/** Maximum number of characters in a given name in these scripts. */
const MAX_GIVEN = 3;

/**
 * Returns "end" if `short` is the family name in `full`, for scripts in which the family name precedes the given name
 * without a space; otherwise undefined.
 */
function unspacedEnd(full: string, short: string): ShortForm | undefined {
  const given = full.length - short.length;
  return given > 0 && given <= MAX_GIVEN && full.startsWith(short) && UNSPACED.test(full) ? "end" : undefined;
}

/**
 * Returns whether two full names may belong to the same person: their generations are the same, and either one name is
 * a short form of the other, or their first words and their last words agree.
 */
export function isSameName(a: ParsedName, b: ParsedName): boolean {
  if (a.generation !== b.generation) return false;
  if (shortFormOf(a, b) !== undefined || shortFormOf(b, a) !== undefined) return true;
  const [one, other] = [wordsOf(a), wordsOf(b)];
  if (one.length < 2 || other.length < 2)
    return one.length === 1 && other.length === 1 && one[0]!.word === other[0]!.word;
  const agree = ({ word: x, kind: k }: Part, { word: y, kind: l }: Part): boolean =>
    x === y ||
    ((k === "initial" || l === "initial") && x[0] === y[0]) ||
    isInflected(x, y) ||
    isInflected(y, x);
  return agree(one[0]!, other[0]!) && agree(one.at(-1)!, other.at(-1)!);
}
