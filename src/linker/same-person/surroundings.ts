import type { Span } from "../../core/index.js";
import {
  FAMILY_WORDS,
  impliesPerson,
  KIN_WORDS,
  PLACE_WORDS,
  parseName,
  rolesIn,
  SEX_WORDS,
  type Sex,
  withoutApostropheEnding,
} from "../../names/index.js";
import {
  gapBefore,
  isCapital,
  type TextWord,
  type WordedCaption,
  wordAfter,
  wordBefore,
} from "./text-words.js";

/** Information about a mention from the words around it. */
export interface Surroundings {
  /** Whether the mention has a title or a possessive ending. */
  readonly isPerson: boolean;
  /**
   * Whether the words around the mention show that it names a place, an organisation, a family or somebody's relative.
   */
  readonly isOther: boolean;
  /** Sex that the mention's title implies. */
  readonly sex: Sex | undefined;
  /** Sex that the first pronoun or similar word after the mention implies, if it follows soon in the same sentence. */
  readonly sexAfter: Sex | undefined;
  /** Generation that the word after the mention states: 2 for "Jr.". */
  readonly generation: number | undefined;
}

/** Legal forms of companies. Source: written for this project from general knowledge. */
const COMPANY =
  /^(?:ltd|limited|inc|incorporated|corp|co|llc|llp|plc|gmbh|ag|kg|kgaa|ohg|sarl|sas|spa|srl|snc|bv|nv|ab|oy|oyj|aps|sro|zrt|kft|ооо|оао|зао|ао)$/;
const AND_COMPANY =
  /^\s*(?:&|and|und|et|e|y|en|og|och|i|и)\s+(?:co|cie|company|sons?|söhne|fils|figli|hijos|filhos|zonen|sønner|söner|synowie|сыновья)(?!\p{L})/iu;
const OF: ReadonlySet<string> = new Set("of de di do du des der von van".split(" "));
const ARTICLES: ReadonlySet<string> = new Set(
  "the der die das den dem le la les el los il lo het".split(" "),
);
/** Endings of the locative and the ablative in Turkish. */
const LOCATIVE = /^['’´`]n?[dt][ae]n?(?:ki)?(?!\p{L})/u;
const POSSESSIVE = /^['’´`]s?(?!\p{L})/u;
/** Number of words after a mention that are searched for a pronoun. */
const WORDS_TO_PRONOUN = 6;

/**
 * Returns what the words around a mention reveal about it. `own` is the text of the mention, and `place` is the range
 * of its words.
 */
export function surroundingsOf(caption: WordedCaption, place: Span, own: string): Surroundings {
  const { text, words } = caption;
  const before = wordBefore(caption, place.start);
  const second = before && wordBefore(caption, place.start - 1);
  const after = wordAfter(caption, place.end - 1);
  const parsed = parseName(before === undefined ? own : `${before.written} ${own}`);
  const hasTitle = parsed.titles.some(impliesPerson);
  const last = words[place.end - 1]!;
  const ending = text.slice(last.start + withoutApostropheEnding(last.written).length);
  const isPerson = hasTitle || POSSESSIVE.test(ending);
  return {
    isPerson,
    isOther:
      (!isPerson && (isInPlace(before, second) || before?.word === "the" || own.startsWith("The "))) ||
      (!hasTitle && before !== undefined && KIN_WORDS.has(before.word)) ||
      LOCATIVE.test(ending) ||
      [before, after].some((word) => word !== undefined && FAMILY_WORDS.has(word.word)) ||
      isPartOfThing(caption, place, before, second, after),
    sex: parsed.sex,
    sexAfter: sexAfter(caption, place),
    generation: after && parseName(`${own} ${after.written}`).generation,
  };
}

function isInPlace(before: TextWord | undefined, second: TextWord | undefined): boolean {
  if (before === undefined) return false;
  if (PLACE_WORDS.has(before.word)) return true;
  if (second === undefined) return false;
  return (
    PLACE_WORDS.has(`${second.word} ${before.word}`) ||
    (ARTICLES.has(before.word) && PLACE_WORDS.has(second.word))
  );
}

/**
 * Returns whether the mention is part of a longer name, such as "Lake Ferris", "town of Ferris", "Ferris Ltd" or
 * "Ferris-Museum".
 */
function isPartOfThing(
  caption: WordedCaption,
  { start, end }: Span,
  before: TextWord | undefined,
  second: TextWord | undefined,
  after: TextWord | undefined,
): boolean {
  const hyphen = (index: number): boolean => /^[-‐‑]$/.test(gapBefore(caption, index));
  if (hyphen(start) || hyphen(end)) return true;
  if (AND_COMPANY.test(caption.text.slice(caption.words[end - 1]!.end))) return true;
  if (after !== undefined && isCapital(after) && (COMPANY.test(after.word) || isThing(after.word)))
    return true;
  if (before !== undefined && isCapital(before) && isThing(before.word)) return true;
  return before !== undefined && OF.has(before.word) && second !== undefined && isThing(second.word);
}

/** Returns whether a word names a kind of place or organisation, and not an occupation. */
export function isThing(word: string): boolean {
  const kinds = rolesIn([word]).map(({ kind }) => kind);
  return kinds.some((kind) => kind === "place" || kind === "organisation") && !kinds.includes("person");
}

function sexAfter({ words, text }: WordedCaption, { end }: Span): Sex | undefined {
  for (let index = end; index < Math.min(words.length, end + WORDS_TO_PRONOUN); index++) {
    const { word, start } = words[index]!;
    if (/[.!?;]\s/.test(text.slice(words[end - 1]!.end, start))) return undefined;
    const sex = SEX_WORDS.get(word);
    if (sex !== undefined) return sex;
  }
  return undefined;
}
