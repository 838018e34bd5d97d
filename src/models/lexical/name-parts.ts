import { wordsOf } from "../../names/index.js";

/**
 * A name divided into its core and additions. The core is "Edward Grey" in "Edward Grey, 1st Viscount Grey" and "Fred"
 * in "Fred (footballer, born 1979)".
 */
export interface NameParts {
  /** Folded words outside brackets, before the first comma. */
  readonly core: readonly string[];
  /** Folded words outside brackets, after the first comma. */
  readonly suffix: readonly string[];
  /** Folded words in brackets, which distinguish namesakes. */
  readonly bracket: readonly string[];
  /** The words of the core and of the suffix. */
  readonly words: readonly string[];
  /** The words of the core, the suffix and the bracket. */
  readonly all: readonly string[];
  /** The number that distinguishes namesakes: "ii", "xiv", "7th". */
  readonly numeral: string | undefined;
}

/** Divides a name into its parts. */
export function cutName(name: string): NameParts {
  const inner: string[] = [];
  const outside = name.replace(/\(([^)]*)\)/g, (_, text: string) => {
    inner.push(text);
    return " ";
  });
  const comma = outside.indexOf(",");
  const core = wordsOf(comma < 0 ? outside : outside.slice(0, comma));
  const suffix = comma < 0 ? [] : wordsOf(outside.slice(comma));
  const bracket = wordsOf(inner.join(" "));
  const words = suffix.length === 0 ? core : [...core, ...suffix];
  const all = bracket.length === 0 ? words : [...words, ...bracket];
  return { core, suffix, bracket, words, all, numeral: numeralIn(words) };
}

/** Returns the first Roman or ordinal number in a list of folded words. */
export function numeralIn(words: readonly string[]): string | undefined {
  return words.find((word) => NUMERAL.test(word));
}

const NUMERAL = /^(?:i{2,3}|iv|vi{0,3}|ix|x(?:i{1,3}|iv|vi{0,3})|xv|[ix]|\d{1,2}(?:st|nd|rd|th))$/;
