import { LRUCache } from "lru-cache";
import { partition } from "../core/sorting.js";
import { createWordReader, isInitial, nicknames, nominativesOf, umlautKey } from "../names/index.js";
import { createOtherScripts } from "./other-scripts.js";
import { MAX_UNITS, Pattern } from "./pattern.js";
import { SCORE } from "./score.js";
import type { CandidateTables } from "./tables.js";
import { createTextIndex } from "./text-index.js";

/** The tokens of the index that are similar to a token of a mention, the most similar first. */
export interface SimilarTokens {
  readonly ids: Uint32Array;
  /**
   * The sim (see `SCORE`) of each token, in (0, 1]. Tokens that begin with an initial are not listed as similar to it; use
   * `begins` to find them.
   */
  readonly sims: Float64Array;
  /** Sum, over the tokens, of the number of rows that contain the token. */
  readonly rows: number;
}

/** Maximum number of tokens whose similar tokens are cached. */
const CACHED_TOKENS = 4096;

/** Maximum number of nominatives of a word that are compared with tokens in other scripts. */
const MAX_ACROSS = 8;

/**
 * Returns the nominatives of a word that are compared with tokens in other scripts: at most `MAX_ACROSS` that begin
 * with the word's first character. This excludes nominatives formed by removing a prefix: they are short, so the
 * comparison by consonants would find too many tokens.
 */
export const nominativesAcross = (word: string, nominatives: readonly string[]): readonly string[] =>
  nominatives.filter((nominative) => nominative[0] === word[0]).slice(0, MAX_ACROSS);

/** Finds tokens of the index. */
export interface TokenSearch {
  /** Returns all tokens similar to a folded token. */
  similar(text: string): SimilarTokens;
  /** Returns whether a token begins with the code unit. */
  begins(token: number, unit: number): boolean;
  /** Returns the token that equals a folded text, or -1 if the index does not contain the text. */
  find(text: string): number;
  /** Returns the token of an acronym, or -1 if the index does not contain the acronym. */
  acronym(text: string): number;
}

export function createTokenSearch(tables: CandidateTables): TokenSearch {
  const { tokenStart, tokenUnit } = tables;
  const count = tokenStart.length - 1;
  const plain = tables.plain[0]!;
  const pattern = new Pattern();
  const firstUnit = Uint16Array.from({ length: count }, (_, token) => tokenUnit[tokenStart[token]!]!);
  const texts = createTextIndex({
    count: plain,
    length: (token) => Math.min(MAX_UNITS, tokenStart[token + 1]! - tokenStart[token]!),
    write: (token, units) => {
      const start = tokenStart[token]!;
      const length = Math.min(MAX_UNITS, tokenStart[token + 1]! - start);
      for (let unit = 0; unit < length; unit++) units[unit] = tokenUnit[start + unit]!;
    },
  });
  const textOf = (token: number): string =>
    String.fromCharCode(...tokenUnit.subarray(tokenStart[token]!, tokenStart[token + 1]!));
  const otherScripts = createOtherScripts({
    count: plain,
    first: (token) => firstUnit[token]!,
    text: textOf,
  });
  const cache = new LRUCache<string, SimilarTokens>({ max: CACHED_TOKENS });

  /** Compares a token with a text in the sort order of the tables: by length, then by code units. */
  const compare = (token: number, text: string): number => {
    const start = tokenStart[token]!;
    const length = tokenStart[token + 1]! - start;
    if (length !== text.length) return length - text.length;
    let at = 0;
    while (at < length && tokenUnit[start + at] === text.charCodeAt(at)) at++;
    return at === length ? 0 : tokenUnit[start + at]! - text.charCodeAt(at);
  };

  /** Returns the token in `[from, to)` that is equal to a text, or -1. */
  const exact = (text: string, from: number, to: number): number => {
    const token = partition(from, to, (at) => compare(at, text) < 0);
    return token < to && compare(token, text) === 0 ? token : -1;
  };

  /**
   * Returns a function that returns the `sim` (see `SCORE`) of a token if it is a variant of the text, otherwise 0.
   * Tokens that differ from the text only in how umlauts are written ("ae", "ä") are always variants. Other spellings
   * and grammatical cases count as variants only if the index does not contain the text (`isUnknown`).
   */
  const variantsOf = (text: string, isUnknown: boolean): ((token: number) => number) => {
    const key = umlautKey(text);
    const read = createWordReader(text);
    return (token) => {
      const other = textOf(token);
      if (umlautKey(other) === key) return SCORE.umlaut;
      if (!isUnknown) return 0;
      const { kind } = read(other);
      return kind === "inflected" || kind === "spelling" ? SCORE.variant : 0;
    };
  };

  const find = (text: string): SimilarTokens => {
    const found = new Map<number, number>();
    const token = exact(text, 0, plain);
    const offer = (other: number, sim: number): void => {
      if (sim > (found.get(other) ?? 0)) found.set(other, sim);
    };
    if (!isInitial(text)) {
      const nominatives = token < 0 ? nominativesOf(text) : [];
      const variant = variantsOf(text, token < 0);
      pattern.set(text);
      texts.scan(
        pattern,
        () => SCORE.token,
        (other, sim) => offer(other, Math.max(sim, variant(other))),
      );
      const related = [
        ...nicknames(text).map((other) => [other, SCORE.nickname] as const),
        ...nominatives.map((other) => [other, SCORE.variant] as const),
        [text.slice(0, 1), SCORE.initial] as const,
      ];
      for (const [other, sim] of related) {
        const id = exact(other, 0, plain);
        if (id >= 0) offer(id, isInitial(other) ? SCORE.initial : sim);
      }
      otherScripts.similar(text, offer);
      for (const other of nominativesAcross(text, nominatives))
        otherScripts.similar(other, (id, sim) => offer(id, SCORE.variant * sim));
    }
    if (token >= 0) found.set(token, 1);
    const order = [...found].sort(([a, least], [b, most]) => most - least || a - b);
    return {
      ids: Uint32Array.from(order, ([id]) => id),
      sims: Float64Array.from(order, ([, sim]) => sim),
      rows: order.reduce((sum, [id]) => sum + tables.postStart[id + 1]! - tables.postStart[id]!, 0),
    };
  };

  return {
    similar(text) {
      const known = cache.get(text);
      if (known) return known;
      const found = find(text);
      cache.set(text, found);
      return found;
    },
    begins: (token, unit) => firstUnit[token] === unit,
    find: (text) => exact(text, 0, plain),
    acronym: (text) => exact(text, plain, count),
  };
}
