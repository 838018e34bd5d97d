import { type Form, isInitial, ROLE } from "../names/index.js";
import { alignedBound, SCORE, SHARES, shareOf, weightOf } from "./score.js";
import type { CandidateTables } from "./tables.js";
import type { SimilarTokens } from "./token-search.js";
import type { TopK } from "./top-k.js";

/** A token of a mention, its share of the mention's weight, and the tokens of the index that are similar to it. */
interface Part {
  readonly token: string;
  readonly share: number;
  readonly similar: SimilarTokens;
}

/**
 * Calls `score` for each row that contains a token similar to a given or family name of the form. Leaves out rows that
 * can no longer get into the top k. Calls `between` once, after the rows with the best matches of the form's rarest
 * token are scored. If `between` finds good matches, fewer rows need to be visited afterwards.
 */
export type PostingScan = (
  form: Form,
  similar: readonly SimilarTokens[],
  score: (row: number) => void,
  between: () => void,
) => void;

/**
 * Creates a scan of the postings (lists of rows) of a mention's tokens. The scan starts with the rarest token of the
 * mention. For each token of the mention, it starts with the most similar tokens of the index. The tokens that are
 * still to be scanned give an upper bound for the scores of rows that have not been visited. Once this bound is too low
 * for the top k, the scan stops, which skips the long postings of common tokens. If a row cannot get into
 * the top k by the current token alone, it is scored only if it may also match another token of the mention.
 */
export function createPostingScan(tables: CandidateTables, topK: TopK): PostingScan {
  const { postStart, postRow, rowEntity, rowStart, rowToken, rowRole } = tables;
  const words = Math.ceil(rowEntity.length / 32);
  const others = new Int32Array(words); // one bit per row: whether it contains another similar token
  let initials: Int32Array | undefined;

  /** Returns the weight of a token in a row's name, as a share of the name's total weight. */
  const coverOf = (row: number, token: number): number => {
    const [start, end] = [rowStart[row]!, rowStart[row + 1]!];
    let most = 0;
    for (let at = start; at < end; at++)
      if (rowToken[at] === token) most = Math.max(most, shareOf(rowRole, start, end, at));
    return most / SHARES;
  };

  /**
   * For each row that contains a token similar to one of the parts, sets the row's bit in `others`. If a part is an
   * initial, also sets the bits of the rows in which a token begins with a letter of the initial's class (see
   * `LETTER_CLASSES`).
   */
  const markOthers = (parts: readonly Part[]): void => {
    others.fill(0);
    for (const { token, similar } of parts) {
      for (const id of similar.ids)
        for (let post = postStart[id]!; post < postStart[id + 1]!; post++)
          others[postRow[post]! >>> 5]! |= 1 << (postRow[post]! & 31);
      if (!isInitial(token)) continue;
      initials ??= collectInitials(tables);
      const begin = (token.charCodeAt(0) % LETTER_CLASSES) * words;
      for (let word = 0; word < words; word++) others[word]! |= initials[begin + word]!;
    }
  };

  /**
   * Scores the rows that contain a token whose similarity to the part is in the range. `rest` contains the other parts that
   * may increase the scores of these rows. Returns whether rows that have not been visited may still get into the top k.
   */
  const scanPart = (
    part: Part,
    rest: readonly Part[],
    [least, most]: Range,
    score: (row: number) => void,
  ): boolean => {
    const { ids, sims } = part.similar;
    const more = rest.reduce((sum, other) => sum + maxGain(other), 0);
    let marked = false;
    for (let at = 0; at < ids.length && sims[at]! >= least; at++) {
      if (sims[at]! >= most) continue;
      const token = ids[at]!;
      const own = part.share * sims[at]!;
      if (alignedBound(Math.min(1, own + more), 1) < topK.cutoff()) return false;
      const end = postStart[token + 1]!;
      let alone = true; // whether a row can get into the top k by this token alone
      for (let post = postStart[token]!; post < end; post++) {
        const row = postRow[post]!;
        if (alone && post % CHECK_INTERVAL === 0) {
          // Postings are sorted by the token's share, then by entity: once a row is ruled out, all following rows are ruled out.
          alone = topK.admits(rowEntity[row]!, alignedBound(own, sims[at]! * coverOf(row, token)));
          if (!alone && rest.length === 0) break;
          if (!alone && !marked) markOthers(rest);
          marked ||= !alone;
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
    // Minor tokens come last and are scanned only if there are no others: a name that matches only them scores 0.
    parts.sort((a, b) => Number(a.minor) - Number(b.minor) || a.similar.rows - b.similar.rows);
    // The scan of an initial does not visit names that begin with it, so it may still add to the score of any row.
    const restOf = (at: number): Part[] =>
      parts.filter(({ token }, other) => other > at || (other < at && isInitial(token)));
    const several = parts.length > 1 && !parts[1]!.minor;
    let more = scanPart(parts[0]!, restOf(0), several ? NEAR : ALL, score);
    between();
    for (let at = 0; more && several && at < parts.length && !parts[at]!.minor; at++)
      more = scanPart(parts[at]!, restOf(at), at === 0 ? FAR : ALL, score);
  };
}

/**
 * After this many rows, the scan checks whether it can skip the following rows. Scoring a few rows too many is cheaper than
 * checking after every row.
 */
const CHECK_INTERVAL = 8;

/** A range of token similarities, at least `least` and less than `most`. */
type Range = readonly [least: number, most: number];
const NEAR_LIMIT = 0.85;
const NEAR: Range = [NEAR_LIMIT, 2];
const FAR: Range = [0, NEAR_LIMIT];
const ALL: Range = [0, 2];

/** Returns the maximum that a part can add to M (see `SCORE`). If the part is an initial, tokens that begin with it match too. */
function maxGain({ token, share, similar }: Part): number {
  return share * (similar.sims[0] ?? (isInitial(token) ? SCORE.initial : 0));
}

/** Number of classes that letters are hashed into. */
const LETTER_CLASSES = 32;

/**
 * Returns one bit per letter class and row, with the shape `[class, row / 32]`. The bit is set if the row contains a token
 * that begins with a letter in the class.
 */
function collectInitials({ rowStart, rowToken, tokenStart, tokenUnit }: CandidateTables): Int32Array {
  const words = Math.ceil((rowStart.length - 1) / 32);
  const initials = new Int32Array(LETTER_CLASSES * words);
  for (let row = 0; row + 1 < rowStart.length; row++)
    for (let at = rowStart[row]!; at < rowStart[row + 1]!; at++)
      initials[(tokenUnit[tokenStart[rowToken[at]!]!]! % LETTER_CLASSES) * words + (row >>> 5)]! |=
        1 << (row & 31);
  return initials;
}
