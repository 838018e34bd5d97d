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

/** Scores a row, offers it to the board, and returns the score when its entity is new there, else 0. */
type ScoreRow = (row: number) => number;

/** Visits the rows that hold a similar token, as long as they can be among the best `limit`. */
export type Visit = (form: Form, similar: readonly SimilarTokens[], limit: number, score: ScoreRow) => void;

/** Rows are visited in so many steps of what they can reach. */
const LEVELS = 128;

export function createVisitor(tables: CandidateTables, board: Board): Visit {
  const { postStart, postRow, rowStart, rowToken, rowRole } = tables;
  const reach = new Float32Array(tables.rowEntity.length);

  const shareIn = (row: number, token: number): number => {
    const end = rowStart[row + 1]!;
    let share = 0;
    for (let at = rowStart[row]!; at < end; at++) {
      if (rowToken[at] === token) share = Math.max(share, shareOf(rowRole, rowStart[row]!, end, at));
    }
    return Math.min(1, share / SHARES);
  };

  /**
   * Of one token the most similar tokens first, and of each the rows of which it is the greatest share: similarity bounds M, the
   * share bounds N, and among equal bounds those of the better entities come first.
   */
  const byShare = ({ ids, sims, share }: Lookup, free: number, limit: number, score: ScoreRow): void => {
    for (let at = 0; at < ids.length; at++) {
      const most = Math.min(1, free + share * sims[at]!);
      if (alignedBound(most, 1) < board.cutoff()) return;
      const end = postStart[ids[at]! + 1]!;
      let ahead = 0; // entities that no later row of this token can overtake
      for (let post = postStart[ids[at]!]!; post < end && ahead < limit; post++) {
        const row = postRow[post]!;
        const bound = alignedBound(most, free > 0 ? 1 : shareIn(row, ids[at]!));
        if (bound < board.cutoff()) break;
        if (score(row) >= bound - 2 * EPSILON) ahead++;
      }
    }
  };

  /** Of several tokens the rows for which the similarities add up to most. */
  const byReach = (lookups: readonly Lookup[], free: number, score: ScoreRow): void => {
    const found: number[] = [];
    for (const { ids, sims, share } of lookups) {
      for (let at = 0; at < ids.length; at++) {
        const gain = share * sims[at]!;
        const end = postStart[ids[at]! + 1]!;
        for (let post = postStart[ids[at]!]!; post < end; post++) {
          const row = postRow[post]!;
          if (reach[row] === 0) found.push(row);
          reach[row]! += gain;
        }
      }
    }
    const levels: number[][] = Array.from({ length: LEVELS }, () => []);
    for (const row of found) {
      levels[Math.min(LEVELS - 1, Math.floor((reach[row]! + free + EPSILON) * LEVELS))]!.push(row);
      reach[row] = 0;
    }
    for (let level = LEVELS - 1; level >= 0; level--) {
      if (alignedBound((level + 1) / LEVELS, 1) < board.cutoff()) return;
      for (const row of levels[level]!) score(row);
    }
  };

  return (form, similar, limit, score) => {
    const { lookups, free } = plan(form, similar);
    const [only] = lookups;
    if (only !== undefined && lookups.length === 1) byShare(only, free, limit, score);
    else byReach(lookups, free, score);
  };
}

/** Minor tokens are not looked up, no name having only such; they and what initials stand for are what any row may reach. */
function plan(form: Form, similar: readonly SimilarTokens[]): { lookups: Lookup[]; free: number } {
  const weight = weightOf(SCORE.mentionWeight, form.roles);
  const lookups: Lookup[] = [];
  let free = 0;
  form.tokens.forEach((token, i) => {
    const share = SCORE.mentionWeight[form.roles[i]!]! / weight;
    const skipped = form.roles[i]! >= ROLE.minor;
    if (skipped || isInitial(token)) free += share;
    if (!skipped) lookups.push({ ...similar[i]!, share });
  });
  return { lookups, free };
}
