import type { NameScores } from "../core/index.js";
import { type Form, MAX_TOKENS, type Role } from "../names/index.js";
import type { Pattern, Units } from "./pattern.js";

/**
 * The score of a name for a mention, in [0, 1]; it is 1 only if the folded names are equal.
 *
 *     likeness(a, b) = 0.4 LCS / longer + 0.2 prefix / shorter + 0.4 (1 - edits / longer)     for two texts
 *     sim(a, b)      = 1 for equal tokens; 0.9 for nicknames; 0.8 for an initial and a name that begins with it;
 *                      0.97 if a and b differ only in spellings of umlauts (`umlautKey`);
 *                      0.95 if a may be another grammatical case or spelling of b (`createWordReader`), but only if
 *                      the index does not contain a;
 *                      likeness(a, b) if at least 0.6, otherwise 0                            for two tokens
 *                      for different scripts see `comparisonOf` in `names/romanise.ts`
 *     aligned(m, n)  = M (0.7 + 0.3 N), times 0.97 if the paired tokens are in a different order
 *     whole(m, n)    = likeness(m, n) if at least 0.5, otherwise 0                            for two complete names
 *     acronym(m, n)  = 0.75 if m is the acronym of n (`jfk`), otherwise 0
 *     score(m, n)    = the maximum of aligned, whole and acronym over the forms of both names, times 0.99 for each
 *                      derived form; 0 if below 0.3
 *
 * Tokens are paired one to one, the most similar pair first. M is the weighted mean of sim over the tokens of the mention. N is
 * the weighted mean of sim over the tokens of the name. Unpaired tokens count as 0. The weights depend on the role (see `ROLE`):
 * family 1, given 0.6, minor 0.2 in the mention and 0.1 in the name, extra 0.05 in the mention and 0.02 in the name. So a surname
 * alone is a good match, a first name alone is a weaker match, and missing titles, initials, particles and qualifiers hardly
 * matter. `aligned` is 0 unless a given or family name of the mention (initials excluded) is similar to a token of the name.
 * If a mention consists only of initials, each initial matches only an equal initial.
 */
export const SCORE = {
  parts: { subsequence: 0.4, prefix: 0.2, edit: 0.4 },
  /** Weights by role, in the order `given`, `family`, `minor`, `extra`. */
  mentionWeight: [0.6, 1, 0.2, 0.05],
  nameWeight: [0.6, 1, 0.1, 0.02],
  base: 0.7,
  disorder: 0.97,
  derived: 0.99,
  umlaut: 0.97,
  variant: 0.95,
  nickname: 0.9,
  initial: 0.8,
  token: 0.6,
  whole: 0.5,
  acronym: 0.75,
  floor: 0.3,
} as const;

/**
 * A number that is larger than the rounding error of any bound and smaller than the difference between any two
 * different scores.
 */
export const EPSILON = 1e-9;

/** Returns the three parts of the likeness (see `SCORE`) between a pattern and `units[start, end)`, each in [0, 1]. */
export function partsOf(pattern: Pattern, units: Units, start: number, end: number): NameScores {
  const longer = Math.max(pattern.length, end - start);
  const shorter = Math.min(pattern.length, end - start);
  if (shorter === 0) return { subsequence: 0, prefix: 0, edit: 0 };
  return {
    subsequence: pattern.subsequence(units, start, end) / longer,
    prefix: pattern.prefix(units, start, end) / shorter,
    edit: 1 - pattern.distance(units, start, end) / longer,
  };
}

/** Returns the likeness (see `SCORE`) between a pattern and `units[start, end)`, or 0 if the likeness is below `least`. */
export function likeness(pattern: Pattern, units: Units, start: number, end: number, least: number): number {
  const longer = Math.max(pattern.length, end - start);
  const shorter = Math.min(pattern.length, end - start);
  const { subsequence, prefix, edit } = SCORE.parts;
  const begin = (prefix * pattern.prefix(units, start, end)) / shorter;
  if ((subsequence + edit) * (shorter / longer) + begin < least - EPSILON) return 0;
  const shared = pattern.subsequence(units, start, end) / longer;
  if ((subsequence + edit) * shared + begin < least - EPSILON) return 0;
  const kept = 1 - pattern.distance(units, start, end) / longer;
  const whole = Math.min(1, subsequence * shared + begin + edit * kept);
  return whole < least - EPSILON ? 0 : whole;
}

/**
 * Returns a lower bound on the number of code units that two texts of lengths `a` and `b` share. Assumes that their
 * likeness is at least `least` and their common prefix has at most `prefix` code units. (Neither the LCS nor longer -
 * edits exceeds the number of shared units.)
 */
export function leastCommon(a: number, b: number, least: number, prefix: number): number {
  const { parts } = SCORE;
  const [longer, shorter] = [Math.max(a, b), Math.min(a, b)];
  const perUnit = (parts.subsequence + parts.edit) / longer;
  const begin = parts.prefix / shorter;
  const units = Math.max(
    (least - EPSILON - begin * Math.min(prefix, shorter)) / perUnit,
    (least - EPSILON) / (perUnit + begin), // if all shared units belong to the prefix
  );
  return Math.ceil(units);
}

/** Returns the sum of the weights of the roles. */
export function weightOf(weights: readonly number[], roles: ArrayLike<Role>): number {
  let sum = 0;
  for (let at = 0; at < roles.length; at++) sum += weights[roles[at]!]!;
  return sum;
}

/** Scratch memory of `aligned`: for each token of the mention, the index of its partner, or -1 if it has no partner. */
const partners = new Int8Array(MAX_TOKENS);

/**
 * Computes `aligned` (see `SCORE`). `sims[i * width + j]` is the sim of token i of the mention and token j of the name; the
 * function overwrites `sims`. The name has `width` tokens, whose roles begin at `roles[start]`. `weight` is the total weight
 * of the mention.
 */
export function aligned(
  sims: Float64Array,
  mention: Form,
  weight: number,
  roles: Uint8Array,
  start: number,
  width: number,
): number {
  const height = mention.tokens.length;
  let found = 0;
  let covered = 0;
  partners.fill(-1, 0, height);
  for (let best = greatest(sims, height * width); best >= 0; best = greatest(sims, height * width)) {
    const i = Math.floor(best / width);
    const j = best - i * width;
    found += SCORE.mentionWeight[mention.roles[i]!]! * sims[best]!;
    covered += nameWeight(roles, start + j) * sims[best]!;
    partners[i] = j;
    sims.fill(0, i * width, (i + 1) * width);
    for (let at = j; at < height * width; at += width) sims[at] = 0;
  }
  let all = 0;
  for (let at = start; at < start + width; at++) all += nameWeight(roles, at);
  const score = Math.min(1, (found / weight) * (SCORE.base + (1 - SCORE.base) * (covered / all)));
  return inOrder(height) ? score : score * SCORE.disorder;
}

/** The result of `shareOf` for a share of 1. */
export const SHARES = 1000;

/**
 * Returns the weight of the token `at`, divided by the total weight of a name with the roles `roles[start, end)`. The result
 * is in units of 1 / `SHARES`, rounded up.
 */
export function shareOf(roles: Uint8Array, start: number, end: number, at: number): number {
  let all = 0;
  for (let other = start; other < end; other++) all += nameWeight(roles, other);
  return Math.ceil((SHARES * nameWeight(roles, at)) / all);
}

/** Returns an upper bound of `aligned`, given upper bounds of M and N. */
export function alignedBound(mention: number, name: number): number {
  return mention * (SCORE.base + (1 - SCORE.base) * name) + EPSILON;
}

/** Returns the weight of a name's token that has the role `roles[at]`. */
export function nameWeight(roles: Uint8Array, at: number): number {
  return SCORE.nameWeight[roles[at] as Role];
}

/**
 * Returns the index of the greatest of the first `length` values, or -1 if no value is positive. Among equal values, the
 * first wins.
 */
function greatest(values: Float64Array, length: number): number {
  let best = -1;
  let most = 0;
  for (let at = 0; at < length; at++) {
    if (values[at]! > most) {
      most = values[at]!;
      best = at;
    }
  }
  return best;
}

/** Returns whether the partners are in ascending order. */
function inOrder(height: number): boolean {
  let last = -1;
  for (let i = 0; i < height; i++) {
    const partner = partners[i]!;
    if (partner >= 0 && partner < last) return false;
    if (partner >= 0) last = partner;
  }
  return true;
}
