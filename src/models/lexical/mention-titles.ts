import type { Mention } from "../../core/index.js";
import {
  AND_WORDS,
  GIVEN_NAME_TITLES,
  KIN_WORDS,
  type ParsedName,
  readKnownMention,
  TITLES,
} from "../../names/index.js";
import type { Range, Word } from "./caption-words.js";

/** A caption's text and words, and the words of its mentions (see `CaptionFacts`). */
interface Placed {
  readonly text: string;
  readonly words: readonly Word[];
  readonly ranges: readonly (readonly Range[])[];
}

/** Maximum number of words before a mention that are read as titles: "the Rt. Rev." */
const MAX_WORDS = 3;

/**
 * Returns the folded titles directly before a mention and outside all mentions, nearest first: "mrs" before "Karl Holm".
 * Longer titles precede those that they contain: "lt col", "col". Returns
 * no titles of a couple ("Mr. and Mrs. Holm"), because the name may be that of either.
 */
export function titlesBefore({ text, words, ranges }: Placed, { start }: Range): readonly string[] {
  const titles: string[] = [];
  const isTitleAt = (at: number): boolean => TITLES.has(words[at]?.text ?? "");
  for (let first = start - 1; first >= Math.max(0, start - MAX_WORDS); first--) {
    if (!/^\.?\s+$/u.test(text.slice(words[first]!.end, words[first + 1]!.start))) break;
    const phrase = words
      .slice(first, start)
      .map((word) => word.text)
      .join(" ");
    const title = [phrase, words[first]!.text].find((each) => TITLES.has(each));
    if (title === undefined || !isTitle(title, words[first]!)) break;
    if (AND_WORDS.has(words[first - 1]?.text ?? "") && isTitleAt(first - 2)) return [];
    titles.push(title);
  }
  if (titles.length === 0) return titles;
  const isInMention = ranges.flat().some((range) => range.start < start && range.end >= start);
  return isInMention ? [] : titles;
}

/** "Fr." is a Frau in German and a Father in English. */
const AMBIGUOUS_TITLES: ReadonlySet<string> = new Set(["fr"]);

/** Returns whether a title before a name is one: not a single letter, a given name, or the relative in "his sister Ada". */
const isTitle = (title: string, { capital }: Word): boolean =>
  title.length > 1 &&
  !GIVEN_NAME_TITLES.has(title) &&
  !AMBIGUOUS_TITLES.has(title) &&
  (capital || !KIN_WORDS.has(title));

/**
 * Adds the titles of a mention's repeats, and the titles before it that imply a sex, to the parsed mention, with the sex
 * that all these titles imply.
 */
export function withTitles(
  parsed: ParsedName,
  repeats: readonly Mention[] = [],
  before: readonly string[],
): ParsedName {
  const sexed = before.filter((title) => TITLES.get(title) !== undefined);
  if (repeats.length === 0 && sexed.length === 0) return parsed;
  const all = [parsed, ...repeats.map(({ text }) => readKnownMention(text).parsed)];
  return {
    ...parsed,
    titles: [...all.flatMap(({ titles }) => titles), ...sexed],
    sex: all.find(({ sex }) => sex !== undefined)?.sex ?? TITLES.get(sexed[0] ?? ""),
  };
}
