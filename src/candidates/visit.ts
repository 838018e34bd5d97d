import type { Board } from "./board.js";
import { type Form, isInitial, ROLE } from "./name.js";
import { alignedBound, EPSILON, SCORE, SHARES, shareOf, weightOf } from "./score.js";
import type { CandidateTables } from "./tables.js";
import type { SimilarTokens } from "./tokens.js";

/** A token of a mention by which rows are looked up. */
interface Lookup extends SimilarTokens {
  /** Its share of the mention's weight. */
  readonly share: number;
}

/** What a mention's tokens that are not looked up may add: the minor ones anywhere, an initial where a token begins so. */
interface Free {
  readonly anywhere: number;
  /** By the letters of `letterBit`. */
  readonly initials: readonly { readonly bit: number; readonly share: number }[];
}

/** Scores a row, offers it to the board, and returns the score when its entity is new there, else 0. */
type ScoreRow = (row: number) => number;

/**
 * Visits the rows that hold a similar token, as long as they can be among the best `limit` by their tokens. When the most similar
 * are done it calls `between`, which may find others: the better those are, the fewer rows are left to visit.
 */
export type Visit = (
  form: Form,
  similar: readonly SimilarTokens[],
  limit: number,
  score: ScoreRow,
  between: () => void,
) => void;

/** Rows are visited in so many steps of what they can reach. */
const LEVELS = 256;

/** Tokens at least so similar are looked up first. */
const ALIKE = 0.85;

export function createVisitor(tables: CandidateTables, board: Board): Visit {
  const { postStart, postRow } = tables;
  const rows = tables.rowEntity.length;
  const shares = postShares(tables);
  // What is known of a row, beside each other in memory; see `AT`.
  const facts = new Float32Array(FACTS * rows);
  const bits = new Uint32Array(facts.buffer);
  noteLetters(tables, bits);

  /** The most that `aligned` can be for a row of which `share` of the mention and `cover` of the name are found. */
  const boundOf = (row: number, share: number, cover: number, { anywhere, initials }: Free): number => {
    let open = anywhere;
    const letters = bits[FACTS * row + AT.letters]!;
    for (const initial of initials) if ((letters & initial.bit) !== 0) open += initial.share;
    return alignedBound(Math.min(1, share + open), open > 0 ? 1 : Math.min(1, cover));
  };

  /**
   * Of one token the most similar tokens first, and of each the rows of which it is the greatest share: similarity bounds M, the
   * share bounds N, and among equal bounds those of the better entities come first.
   */
  const byShare = ({ ids, sims, share }: Lookup, free: Free, limit: number, score: ScoreRow): void => {
    const open = openOf(free);
    for (let at = 0; at < ids.length; at++) {
      if (alignedBound(Math.min(1, open + share * sims[at]!), 1) < board.cutoff()) return;
      const end = postStart[ids[at]! + 1]!;
      let last = 0;
      let ahead = 0; // entities that no later row of this token with such a bound can overtake
      for (let post = postStart[ids[at]!]!; post < end; post++) {
        const row = postRow[post]!;
        const bound = boundOf(row, share * sims[at]!, shares[post]! / SHARES, free);
        if (bound !== last) ahead = 0;
        last = bound;
        if (bound >= board.cutoff() && ahead < limit) {
          if (score(row) >= bound - 2 * EPSILON) ahead++;
        } else if (open === 0 && bound < board.cutoff()) break;
      }
    }
  };

  /**
   * Of several tokens the rows for which the similarities add up to most, beginning with the rarest token. A token adds to the
   * rows that others found before, and brings its own only where it and those after it may be enough.
   */
  const byReach = (
    lookups: readonly Lookup[],
    free: Free,
    limit: number,
    least: number,
    score: ScoreRow,
  ): void => {
    const found: number[] = [];
    const open = openOf(free);
    const enough = Math.max(SCORE.floor, board.cutoff());
    let way = 0;
    let later = lookups.reduce((sum, { share, sims }) => sum + share * (sims[0] ?? 0), open); // what the others may add
    for (const { ids, sims, share } of lookups) {
      later -= share * (sims[0] ?? 0);
      for (let at = 0; at < ids.length && sims[at]! >= least; at++) {
        const sim = sims[at]!;
        const adds = alignedBound(Math.min(1, later + EPSILON + share * sim), 1) < enough;
        const end = postStart[ids[at]! + 1]!;
        const gain = share * sim;
        way++;
        for (let post = postStart[ids[at]!]!; post < end; post++) {
          const row = postRow[post]!;
          const at = FACTS * row;
          if (facts[at + AT.mention] === 0) {
            if (adds) continue;
            found.push(row);
            bits[at + AT.way] = way;
          }
          facts[at + AT.mention]! += gain;
          facts[at + AT.name]! += (sim * shares[post]!) / SHARES;
        }
      }
    }
    const levels: number[][] = Array.from({ length: LEVELS }, () => []);
    for (const row of found) {
      const at = FACTS * row;
      const bound = boundOf(row, facts[at + AT.mention]!, facts[at + AT.name]!, free) + ROUNDED;
      facts[at + AT.mention] = 0;
      facts[at + AT.name] = 0;
      if (bound < enough) continue;
      facts[at + AT.name] = bound;
      levels[Math.min(LEVELS - 1, Math.floor(bound * LEVELS))]!.push(row);
    }
    // Rows found by the same token stand in order of their entities, so of equal bounds the first ones win.
    const ahead = new Map<number, number>();
    for (let level = LEVELS - 1; level >= 0; level--) {
      for (const row of levels[level]!) {
        const at = FACTS * row;
        const bound = facts[at + AT.name]!;
        facts[at + AT.name] = 0;
        if (bound < board.cutoff()) continue;
        const key = bits[at + AT.way]! + bound / 2;
        const before = ahead.get(key) ?? 0;
        if (before < limit && score(row) >= bound - 2 * ROUNDED) ahead.set(key, before + 1);
      }
    }
  };

  return (form, similar, limit, score, between) => {
    const { lookups, free } = plan(form, similar);
    const [only] = lookups;
    if (only !== undefined && lookups.length === 1) {
      byShare(only, free, limit, score);
      between();
      return;
    }
    lookups.sort((a, b) => a.rows - b.rows);
    byReach(lookups, free, limit, ALIKE, score);
    between();
    byReach(lookups, free, limit, 0, score);
  };
}

function openOf({ anywhere, initials }: Free): number {
  return anywhere + initials.reduce((sum, { share }) => sum + share, 0);
}

/** By how much a bound in 32 bits may exceed what it bounds. */
const ROUNDED = 1e-6;

/** Minor tokens are not looked up, no name having only such; they and what initials stand for are what any row may reach. */
function plan(form: Form, similar: readonly SimilarTokens[]): { lookups: Lookup[]; free: Free } {
  const weight = weightOf(SCORE.mentionWeight, form.roles);
  const lookups: Lookup[] = [];
  const initials: { bit: number; share: number }[] = [];
  let anywhere = 0;
  form.tokens.forEach((token, i) => {
    const share = SCORE.mentionWeight[form.roles[i]!]! / weight;
    const skipped = form.roles[i]! >= ROLE.minor;
    if (isInitial(token)) initials.push({ bit: letterBit(token.charCodeAt(0)), share });
    else if (skipped) anywhere += share;
    if (!skipped) lookups.push({ ...similar[i]!, share });
  });
  return { lookups, free: { anywhere, initials } };
}

/** `shareOf` of each entry of the postings. */
function postShares({ postStart, postRow, rowStart, rowToken, rowRole }: CandidateTables): Uint16Array {
  const shares = new Uint16Array(postRow.length);
  for (let token = 0; token + 1 < postStart.length; token++) {
    for (let post = postStart[token]!; post < postStart[token + 1]!; post++) {
      const row = postRow[post]!;
      const [start, end] = [rowStart[row]!, rowStart[row + 1]!];
      for (let at = start; at < end; at++)
        if (rowToken[at] === token) shares[post] = Math.max(shares[post]!, shareOf(rowRole, start, end, at));
    }
  }
  return shares;
}

/** Where in a row's facts stand: the most that M can be without what is free, and N; by which token it was found first; `noteLetters`. */
const AT = { mention: 0, name: 1, way: 2, letters: 3 } as const;
const FACTS = 4;

/** Notes with which letters the tokens of each row begin, a bit each. */
function noteLetters(
  { rowStart, rowToken, tokenStart, tokenUnit }: CandidateTables,
  bits: Uint32Array,
): void {
  for (let row = 0; row + 1 < rowStart.length; row++)
    for (let at = rowStart[row]!; at < rowStart[row + 1]!; at++)
      bits[FACTS * row + AT.letters]! |= letterBit(tokenUnit[tokenStart[rowToken[at]!]!]!);
}

function letterBit(unit: number): number {
  return 1 << (unit & 31);
}
