import { isInitial } from "./name.js";
import { nicknames } from "./nicknames.js";
import { createPattern } from "./pattern.js";
import { likeness, SCORE } from "./score.js";
import type { CandidateTables } from "./tables.js";

/** The tokens of the index that may be the same name as a mention's token, ascending. */
export interface SimilarTokens {
  readonly ids: Uint32Array;
  /** sim, in (0, 1], of each. */
  readonly sims: Float64Array;
}

/** How many tokens' similar tokens are kept. */
const CACHED = 4096;

/** Looks tokens up in the index: exactly by binary search, and all similar ones by a scan that length and letters prune. */
export function createTokenSearch(tables: CandidateTables) {
  const { tokenStart, tokenUnit, tokenMask } = tables;
  const plain = tables.plain[0]!;
  const total = tokenMask.length;
  const pattern = createPattern();
  const cache = new Map<string, SimilarTokens>();

  const lengthOf = (token: number): number => tokenStart[token + 1]! - tokenStart[token]!;

  /** The first token of `[from, to)` for which `before` does not hold; it holds for all tokens before that one. */
  const search = (from: number, to: number, before: (token: number) => boolean): number => {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const compare = (token: number, text: string): number => {
    const length = lengthOf(token);
    if (length !== text.length) return length - text.length;
    for (let at = 0; at < length; at++) {
      const difference = tokenUnit[tokenStart[token]! + at]! - text.charCodeAt(at);
      if (difference !== 0) return difference;
    }
    return 0;
  };

  const exact = (text: string, from: number, to: number): number => {
    const token = search(from, to, (at) => compare(at, text) < 0);
    return token < to && compare(token, text) === 0 ? token : -1;
  };

  const find = (text: string): SimilarTokens => {
    const found = new Map<number, number>();
    const raise = (token: number, sim: number): void => {
      if (token >= 0 && sim > (found.get(token) ?? 0)) found.set(token, sim);
    };
    pattern.set(text);
    const shortest = Math.ceil(text.length * LEAST_RATIO);
    const longest = Math.floor(text.length / LEAST_RATIO);
    const end = search(0, plain, (at) => lengthOf(at) <= longest);
    for (let token = search(0, plain, (at) => lengthOf(at) < shortest); token < end; token++) {
      const sim = likeness(
        pattern,
        tokenUnit,
        tokenStart[token]!,
        tokenStart[token + 1]!,
        tokenMask[token]!,
        SCORE.token,
      );
      if (sim > 0) raise(token, sim);
    }
    for (const other of nicknames(text)) raise(exact(other, 0, plain), SCORE.nickname);
    if (!isInitial(text))
      raise(exact(text.slice(0, 1), 0, plain), isInitial(text.slice(0, 1)) ? SCORE.initial : 0);
    const ids = Uint32Array.from(found.keys()).sort();
    return { ids, sims: Float64Array.from(ids, (token) => found.get(token)!) };
  };

  /** All tokens similar to a folded one; of an initial only itself, for what it may begin `begins` tells. */
  const similar = (text: string): SimilarTokens => {
    const known = cache.get(text);
    if (known) return known;
    if (cache.size >= CACHED) cache.clear();
    const found = find(text);
    cache.set(text, found);
    return found;
  };

  return {
    similar,
    /** Whether a token begins with a code unit. */
    begins: (token: number, unit: number): boolean => tokenUnit[tokenStart[token]!] === unit,
    /** The token that is an abbreviation, or -1. */
    acronym: (text: string): number => exact(text, plain, total),
  };
}

/** Likeness is at most 0.8 r + 0.2 for lengths in the ratio r. */
const LEAST_RATIO = (SCORE.token - SCORE.parts.prefix) / (SCORE.parts.subsequence + SCORE.parts.edit);
