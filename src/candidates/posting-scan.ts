import { type Form, isInitial, ROLE } from "../names/index.js";
import type { Board } from "./top-k.js";
import { alignedBound, SCORE, SHARES, shareOf, weightOf } from "./score.js";
import type { CandidateTables } from "./tables.js";
import type { SimilarTokens } from "./token-search.js";

/** A token of a mention and its share of the mention's weight. */
interface Part {
  readonly token: string;
  readonly share: number;
  readonly similar: SimilarTokens;
}

/**
 * Visits the rows that hold a similar token, as long as they can come on the board by their tokens. After those of the rarest
 * token of the mention it calls `between`, which may find others: the better those are, the fewer rows are left to visit.
 */
export type Visit = (
  form: Form,
  similar: readonly SimilarTokens[],
  score: (row: number) => void,
  between: () => void,
) => void;

/**
 * For each token of the mention, the rarest first, the rows of the most similar tokens first. What a row that was not met yet can
 * reach is told by what is left: when that is not enough any more, all rows that count have been met, and the rows of common
 * tokens need not be gone through. A row to which one token alone cannot bring enough must also have another.
 */
export function createVisitor(tables: CandidateTables, board: Board): Visit {
  const { postStart, postRow, rowEntity, rowStart, rowToken, rowRole } = tables;
  const words = Math.ceil(rowEntity.length / 32);
  const others = new Int32Array(words); // a bit for each row
  let letters: Int32Array | undefined;

  /** Of the name of a row, how much a token of it covers. */
  const coverOf = (row: number, token: number): number => {
    const [start, end] = [rowStart[row]!, rowStart[row + 1]!];
    let most = 0;
    for (let at = start; at < end; at++)
      if (rowToken[at] === token) most = Math.max(most, shareOf(rowRole, start, end, at));
    return most / SHARES;
  };

  /** Notes in `others` which rows hold a token that is similar to one of the parts, or that one which is an initial begins. */
  const noteOthers = (parts: readonly Part[]): void => {
    others.fill(0);
    for (const { token, similar } of parts) {
      for (const id of similar.ids)
        for (let post = postStart[id]!; post < postStart[id + 1]!; post++)
          others[postRow[post]! >>> 5]! |= 1 << (postRow[post]! & 31);
      if (!isInitial(token)) continue;
      letters ??= noteLetters(tables);
      const begin = (token.charCodeAt(0) % LETTERS) * words;
      for (let word = 0; word < words; word++) others[word]! |= letters[begin + word]!;
    }
  };

  /**
   * Visits the rows of those tokens that are similar to a part by at least `least` and less than `most`. `rest` are the parts
   * that may add to them. Returns whether there may be better rows that no token walked so far has.
   */
  const walk = (
    part: Part,
    rest: readonly Part[],
    [least, most]: Range,
    score: (row: number) => void,
  ): boolean => {
    const { ids, sims } = part.similar;
    const more = rest.reduce((sum, other) => sum + mostOf(other), 0);
    let noted = false;
    for (let at = 0; at < ids.length && sims[at]! >= least; at++) {
      if (sims[at]! >= most) continue;
      const token = ids[at]!;
      const own = part.share * sims[at]!;
      if (alignedBound(Math.min(1, own + more), 1) < board.cutoff()) return false;
      const end = postStart[token + 1]!;
      let alone = true; // whether a row of this token can be enough without the rest
      for (let post = postStart[token]!; post < end; post++) {
        const row = postRow[post]!;
        if (alone && post % CHECKED === 0) {
          // Those of which the token covers most stand first, then the smaller entities: after one that is no good, none is.
          alone = board.admits(rowEntity[row]!, alignedBound(own, sims[at]! * coverOf(row, token)));
          if (!alone && rest.length === 0) break;
          if (!alone && !noted) noteOthers(rest);
          noted ||= !alone;
        }
        if (alone || (others[row >>> 5]! & (1 << (row & 31))) !== 0) score(row);
      }
    }
    return true;
  };

  return (form, similar, score, between) => {
    const weight = weightOf(SCORE.mentionWeight, form.roles);
    const parts = form.tokens.map((token, at): Part & { minor: boolean } => ({
      token,
      share: SCORE.mentionWeight[form.roles[at]!]! / weight,
      similar: similar[at]!,
      minor: form.roles[at]! >= ROLE.minor,
    }));
    // Rows are not looked up by minor tokens: no name counts that has only such.
    parts.sort((a, b) => Number(a.minor) - Number(b.minor) || a.similar.rows - b.similar.rows);
    // Initials may add to any row, also to those that do not have them as tokens.
    const restOf = (at: number): Part[] =>
      parts.filter(({ token }, other) => other > at || (other < at && isInitial(token)));
    const several = parts.length > 1 && !parts[1]!.minor;
    let more = walk(parts[0]!, restOf(0), several ? NEAR : ALL, score);
    between();
    for (let at = 0; more && several && at < parts.length && !parts[at]!.minor; at++)
      more = walk(parts[at]!, restOf(at), at === 0 ? FAR : ALL, score);
  };
}

/** Of so many rows one is checked for whether those after it can be enough: to score a few too many takes less time. */
const CHECKED = 8;

/** Tokens of which similarity are visited: from the first to below the second. */
type Range = readonly [least: number, most: number];
const ALIKE = 0.85;
const NEAR: Range = [ALIKE, 2];
const FAR: Range = [0, ALIKE];
const ALL: Range = [0, 2];

/** The most that a part can bring to a row; an initial also counts where a token begins so. */
function mostOf({ token, share, similar }: Part): number {
  return share * (similar.sims[0] ?? (isInitial(token) ? SCORE.initial : 0));
}

/** Letters fall into so many classes. */
const LETTERS = 32;

/** Which rows have a token that begins with a letter: a bit each, `[class of the letter, row]`. */
function noteLetters({ rowStart, rowToken, tokenStart, tokenUnit }: CandidateTables): Int32Array {
  const words = Math.ceil((rowStart.length - 1) / 32);
  const letters = new Int32Array(LETTERS * words);
  for (let row = 0; row + 1 < rowStart.length; row++)
    for (let at = rowStart[row]!; at < rowStart[row + 1]!; at++)
      letters[(tokenUnit[tokenStart[rowToken[at]!]!]! % LETTERS) * words + (row >>> 5)]! |= 1 << (row & 31);
  return letters;
}
