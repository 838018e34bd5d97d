import { fold } from "../../core/index.js";

/** A name cut into what identifies and what only adds: "Edward Grey, 1st Viscount Grey", "Fred (footballer, born 1979)". */
export interface NameParts {
  /** Folded words before a bracket or comma. */
  readonly core: readonly string[];
  /** Folded words after a comma. */
  readonly suffix: readonly string[];
  /** Folded words in brackets, which tell namesakes apart. */
  readonly bracket: readonly string[];
}

export function cutName(name: string): NameParts {
  const inner: string[] = [];
  const outside = name.replace(/\(([^)]*)\)/g, (_, text: string) => {
    inner.push(text);
    return " ";
  });
  const comma = outside.indexOf(",");
  return {
    core: wordsOf(comma < 0 ? outside : outside.slice(0, comma)),
    suffix: comma < 0 ? [] : wordsOf(outside.slice(comma)),
    bracket: wordsOf(inner.join(" ")),
  };
}

/** The folded words of a text. */
export function wordsOf(text: string): string[] {
  const folded = fold(text);
  return folded === "" ? [] : folded.split(" ");
}

/** The number that tells namesakes apart: "ii", "xiv", "7th". */
export function numeralIn(words: readonly string[]): string | undefined {
  return words.find((word) => NUMERAL.test(word));
}

const NUMERAL = /^(?:i{2,3}|iv|vi{0,3}|ix|x(?:i{1,3}|iv|vi{0,3})|xv|[ix]|\d{1,2}(?:st|nd|rd|th))$/;
