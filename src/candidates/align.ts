import { type Form, isInitial, MAX_TOKENS, ROLE } from "../names/index.js";
import { aligned, alignedBound, nameWeight, SCORE, weightOf } from "./score.js";
import type { CandidateTables } from "./tables.js";
import type { SimilarTokens, TokenSearch } from "./token-search.js";

/** Computes `aligned` (see `SCORE`) between one form of a mention and rows of the index. */
export interface Aligner {
  /** Sets the form to compare with rows. `similar` contains, for each token of the form, the similar tokens of the index. */
  take(form: Form, similar: readonly SimilarTokens[]): void;
  /**
   * Returns an upper bound of `aligned` for a row. The bound is 0 if none of the row's tokens is similar to one of the
   * form's given or family names.
   */
  bound(row: number): number;
  /** Returns `aligned` for the row last passed to `bound`. Call it at most once per call to `bound`. */
  score(): number;
}

export function createAligner(tables: CandidateTables, tokens: TokenSearch): Aligner {
  const { rowStart, rowToken, rowRole } = tables;
  const count = tables.postStart.length - 1;
  const sims = new Float64Array(MAX_TOKENS * MAX_TOKENS); // [token of the form, token of the row]
  const simOf: Float64Array[] = []; // [token of the form, token of the index]
  const similarToAny = new Uint8Array(count); // [token of the index]: 0 or 1, as bytes so that the array stays in the CPU cache
  const initials = new Uint16Array(MAX_TOKENS); // letters of the form's initials, otherwise 0; all 0 without a given or family name
  let form: Form = { tokens: [], roles: [], derived: false };
  let taken: readonly SimilarTokens[] = [];
  let weight = 0;
  let shares: readonly number[] = [];
  let start = 0;
  let width = 0;

  return {
    take(next, similar) {
      taken.forEach(({ ids }, i) => {
        for (const id of ids) simOf[i]![id] = similarToAny[id] = 0;
      });
      form = next;
      taken = similar;
      weight = weightOf(SCORE.mentionWeight, form.roles);
      shares = form.roles.map((role) => SCORE.mentionWeight[role]! / weight);
      const named = form.tokens.some((token, i) => form.roles[i]! < ROLE.minor && !isInitial(token));
      form.tokens.forEach((token, i) => {
        initials[i] = named && isInitial(token) ? token.charCodeAt(0) : 0;
      });
      similar.forEach(({ ids, sims }, i) => {
        simOf[i] ??= new Float64Array(count);
        for (let at = 0; at < ids.length; at++) {
          simOf[i]![ids[at]!] = sims[at]!;
          similarToAny[ids[at]!] = 1;
        }
      });
    },
    bound(row) {
      start = rowStart[row]!;
      width = rowStart[row + 1]! - start;
      let main = false;
      let mention = 0;
      let name = 0;
      let all = 0;
      for (let j = 0; j < width; j++) {
        const id = rowToken[start + j]!;
        const resembles = similarToAny[id] === 1;
        let gain = 0;
        let most = 0;
        for (let i = 0; i < form.tokens.length; i++) {
          const like = resembles ? simOf[i]![id]! : 0;
          const begins = like === 0 && initials[i]! > 0 && tokens.begins(id, initials[i]!);
          const sim = begins ? SCORE.initial : like;
          sims[i * width + j] = sim;
          main ||= like > 0 && form.roles[i]! < ROLE.minor;
          gain = Math.max(gain, shares[i]! * sim);
          most = Math.max(most, sim);
        }
        const role = nameWeight(rowRole, start + j);
        mention += gain;
        name += role * most;
        all += role;
      }
      return main ? alignedBound(Math.min(1, mention), Math.min(1, name / all)) : 0;
    },
    score: () => aligned(sims, form, weight, rowRole, start, width),
  };
}
