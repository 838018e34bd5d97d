import { isInitial } from "./name.js";
import { nicknames } from "./nicknames.js";
import { Pattern } from "./pattern.js";
import { leastCommon, likeness, mayShare, SCORE } from "./score.js";
import type { CandidateTables } from "./tables.js";
import { createOtherScripts } from "./transliterate/other-scripts.js";

/** The tokens of the index that may be the same name as a mention's token, the most similar first. */
export interface SimilarTokens {
  readonly ids: Uint32Array;
  /** sim, in (0, 1], of each; that of an initial is told by `begins` instead. */
  readonly sims: Float64Array;
  /** How many rows hold them. */
  readonly rows: number;
}

/** How many tokens' similar tokens are kept. */
const CACHED = 4096;

/** Looks tokens up in the index: exactly by binary search, and all similar ones by a scan that lengths and letters prune. */
export function createTokenSearch(tables: CandidateTables) {
  const { tokenStart, tokenUnit, tokenMask } = tables;
  const plain = tables.plain[0]!;
  const pattern = new Pattern();
  const firstUnit = Uint16Array.from(tokenMask, (_, token) => tokenUnit[tokenStart[token]!]!);
  const textOf = (token: number): string =>
    String.fromCharCode(...tokenUnit.subarray(tokenStart[token]!, tokenStart[token + 1]!));
  const otherScripts = createOtherScripts({
    count: plain,
    first: (token) => firstUnit[token]!,
    text: textOf,
  });
  const cache = new Map<string, SimilarTokens>();

  const compare = (token: number, text: string): number => {
    const start = tokenStart[token]!;
    const length = tokenStart[token + 1]! - start;
    if (length !== text.length) return length - text.length;
    let at = 0;
    while (at < length && tokenUnit[start + at] === text.charCodeAt(at)) at++;
    return at === length ? 0 : tokenUnit[start + at]! - text.charCodeAt(at);
  };

  const exact = (text: string, from: number, to: number): number => {
    const token = partition(from, to, (at) => compare(at, text) < 0);
    return token < to && compare(token, text) === 0 ? token : -1;
  };

  /** The first plain token that is at least so long. */
  const firstOf = (length: number): number =>
    partition(0, plain, (at) => tokenStart[at + 1]! - tokenStart[at]! < length);

  const scan = (
    from: number,
    to: number,
    length: number,
    common: number,
    found: Map<number, number>,
  ): void => {
    if (common > Math.min(pattern.length, length)) return;
    for (let token = from; token < to; token++) {
      const mask = tokenMask[token]!;
      if (!mayShare(pattern, mask, length, common)) continue;
      const start = tokenStart[token]!;
      const sim = likeness(pattern, tokenUnit, start, start + length, mask, SCORE.token);
      if (sim > 0) found.set(token, sim);
    }
  };

  /** Tokens of one length: those that begin otherwise, around those that begin alike and may share less. */
  const scanLength = (length: number, unit: number, found: Map<number, number>): void => {
    const from = firstOf(length);
    const to = firstOf(length + 1);
    const alike = partition(from, to, (at) => firstUnit[at]! < unit);
    const after = partition(alike, to, (at) => firstUnit[at] === unit);
    const otherwise = leastCommon(pattern.length, length, SCORE.token, false);
    scan(from, alike, length, otherwise, found);
    scan(alike, after, length, leastCommon(pattern.length, length, SCORE.token, true), found);
    scan(after, to, length, otherwise, found);
  };

  const find = (text: string): SimilarTokens => {
    const found = new Map<number, number>();
    const token = exact(text, 0, plain);
    if (!isInitial(text)) {
      pattern.set(text);
      for (let length = 1; length <= 2 * text.length; length++) {
        scanLength(length, text.charCodeAt(0), found);
      }
      for (const other of [...nicknames(text), text.slice(0, 1)]) {
        const related = exact(other, 0, plain);
        const sim = isInitial(other) ? SCORE.initial : SCORE.nickname;
        if (related >= 0 && sim > (found.get(related) ?? 0)) found.set(related, sim);
      }
      otherScripts.similar(text, (other, sim) => found.set(other, Math.max(sim, found.get(other) ?? 0)));
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
    /** All tokens similar to a folded one. */
    similar(text: string): SimilarTokens {
      const known = cache.get(text);
      if (known) return known;
      if (cache.size >= CACHED) cache.clear();
      const found = find(text);
      cache.set(text, found);
      return found;
    },
    /** Whether a token begins with a code unit. */
    begins: (token: number, unit: number): boolean => firstUnit[token] === unit,
    /** The token that is an abbreviation, or -1. */
    acronym: (text: string): number => exact(text, plain, tokenMask.length),
  };
}

/** The first number of `[from, to)` for which `before` does not hold, where it holds for all smaller ones. */
function partition(from: number, to: number, before: (at: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
