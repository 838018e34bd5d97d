import type { WireCandidate } from "./types.js";

/**
 * A candidate's score and rank without the caption's other names (before) and with them (after), as in figure 5 of the
 * paper.
 */
export interface BeforeAfter {
  /** Score without the other names; undefined if the network did not score the candidate. */
  readonly before: number | undefined;
  readonly after: number;
  /**
   * Rank without the other names, from 1; undefined if the candidate is not in the list of candidates without the other
   * names.
   */
  readonly rankBefore: number | undefined;
  readonly rankAfter: number;
}

/**
 * Compares the candidates for a name with `alone`, the candidates when the same name is linked without the caption's
 * other names. Without `alone`, uses each candidate's `match` as the score without the other names, since `match` does
 * not include the collaborative score.
 */
export function beforeAfter(
  candidates: readonly WireCandidate[],
  alone?: readonly WireCandidate[],
): BeforeAfter[] {
  return candidates.map((candidate, index) => {
    const { score: before, rank } = beforeOf(candidate, candidates, alone);
    return { before, after: candidate.score, rankBefore: rank, rankAfter: index + 1 };
  });
}

interface Before {
  readonly score: number | undefined;
  readonly rank: number | undefined;
}

function beforeOf(
  { id, match, independentRank }: WireCandidate,
  candidates: readonly WireCandidate[],
  alone: readonly WireCandidate[] | undefined,
): Before {
  if (alone !== undefined) {
    const index = alone.findIndex((candidate) => candidate.id === id);
    const found = alone[index];
    return {
      score: found?.match == null ? undefined : found.score,
      rank: index === -1 ? undefined : index + 1,
    };
  }
  if (match === null) return { score: undefined, rank: undefined };
  const rank = 1 + candidates.filter((other) => (other.match ?? -1) > match).length;
  return { score: match, rank: independentRank ?? rank };
}

/** Smallest difference that is visible with two decimals. */
const VISIBLE_DIFFERENCE = 0.005;

/** Returns whether the caption's other names visibly change a score or a rank. */
export const changedByOthers = (rows: readonly BeforeAfter[]): boolean =>
  rows.some(
    ({ before, after, rankBefore, rankAfter }) =>
      before !== undefined && (Math.abs(after - before) >= VISIBLE_DIFFERENCE || rankBefore !== rankAfter),
  );
