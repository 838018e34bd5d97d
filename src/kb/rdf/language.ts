import type { RdfValue } from "./triple.js";

export type Literal = Extract<RdfValue, { kind: "literal" }>;

/** The languages that a reader wants, the first the most (BCP 47, lower case); none for all. */
export type Languages = readonly string[];

/**
 * How far down a literal stands among the wanted languages: `de` takes `de-at` too; what has no language comes after the
 * wanted ones. `undefined` when it is not wanted. Where all are, what has no language comes first, then English.
 */
export function languageRank({ language }: Literal, wanted: Languages): number | undefined {
  if (wanted.length === 0) return language === "" ? 0 : matches(language, "en") ? 1 : 2;
  if (language === "") return wanted.length;
  const rank = wanted.findIndex((one) => matches(language, one));
  return rank < 0 ? undefined : rank;
}

const matches = (language: string, wanted: string): boolean =>
  language === wanted || language.startsWith(`${wanted}-`);

/** The literal that stands first; where none is wanted, the first of all. */
export function preferred(literals: readonly Literal[], wanted: Languages): Literal | undefined {
  let best: { readonly literal: Literal; readonly rank: number } | undefined;
  for (const literal of literals) {
    const rank = languageRank(literal, wanted) ?? Number.POSITIVE_INFINITY;
    if (best === undefined || rank < best.rank) best = { literal, rank };
  }
  return best?.literal;
}
