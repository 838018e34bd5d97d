import type { Board } from "./board.js";
import { type Form, isInitial, ROLE } from "./name.js";
import { alignedBound, SCORE, SHARES, shareOf, weightOf } from "./score.js";
import type { CandidateTables } from "./tables.js";
import type { SimilarTokens } from "./tokens.js";

/** A token of a mention by which rows are looked up. */
interface Lookup extends SimilarTokens {
  /** Its share of the mention's weight. */
  readonly share: number;
}

/** Visits the rows that hold a similar token, as long as they can be among the best `limit`. */
export interface Visitor {
  /** `score` scores a row, offers it and returns the score when its entity is new, else 0. */
  visit(form: Form, similar: readonly SimilarTokens[], limit: number, score: (row: number) => number): void;
}

/**
 * Tokens are looked up by the number of rows, the fewest first, and for each the most similar tokens first (as MaxScore; Turtle
 * and Flood 1995): what is left of the mention bounds M of all rows not yet seen, and when nothing is left, the share
 * that the token has of the row bounds N. Of rows with the same bound those of the better entities come first.
 */
export function createVisitor(tables: CandidateTables, board: Board): Visitor {
  const { postStart, postRow, rowStart, rowToken, rowRole, rowEntity } = tables;
  const seen = new Uint8Array(rowEntity.length);

  const shareIn = (row: number, token: number): number => {
    const end = rowStart[row + 1]!;
    let share = 0;
    for (let at = rowStart[row]!; at < end; at++) {
      if (rowToken[at] === token) share = Math.max(share, shareOf(rowRole, rowStart[row]!, end, at));
    }
    return share / SHARES;
  };

  return {
    visit(form, similar, limit, score) {
      const { lookups, free } = plan(form, similar);
      const visited: number[] = [];
      let rest = lookups.reduce((sum, { share }) => sum + share, free);
      for (const { ids, sims, share } of lookups) {
        rest -= share;
        const last = rest < 1e-6;
        for (let at = 0; at < ids.length; at++) {
          const most = Math.min(1, rest + share * sims[at]!);
          if (alignedBound(most, 1) < board.cutoff()) break;
          const end = postStart[ids[at]! + 1]!;
          let ahead = 0; // entities that no later row of this token can overtake
          for (let post = postStart[ids[at]!]!; post < end && ahead < limit; post++) {
            const row = postRow[post]!;
            const bound = alignedBound(most, last ? Math.min(1, shareIn(row, ids[at]!)) : 1);
            if (bound < board.cutoff()) break;
            if (seen[row] === 1) continue;
            seen[row] = 1;
            visited.push(row);
            if (score(row) >= bound - 2e-9) ahead++;
          }
        }
      }
      for (const row of visited) seen[row] = 0;
    },
  };
}

/** Minor tokens are not looked up, unless there are only such; they and what initials stand for are what any row may reach. */
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
  return { lookups: lookups.sort((a, b) => a.rows - b.rows), free };
}
