import type { NameScores } from "../core/index.js";
import { type Form, MAX_TOKENS, type Role } from "../names/index.js";
import type { Pattern, Units } from "./pattern.js";

/**
 * The score of a name for a mention, in [0, 1]; 1 only for names that are equal when folded.
 *
 *     likeness(a, b) = 0.4 LCS / longer + 0.2 prefix / shorter + 0.4 (1 - edits / longer)     of two texts
 *     sim(a, b)      = 1 for equal tokens; 0.9 for nicknames; 0.8 for an initial and a name that it begins;
 *                      likeness(a, b) if at least 0.6, else 0                                 of two tokens
 *                      of different scripts: `transliterate/compare.ts`
 *     aligned(m, n)  = M (0.7 + 0.3 N), times 0.97 when the partners do not stand in the same order
 *     whole(m, n)    = likeness(m, n) if at least 0.5, else 0                                 of two whole names
 *     score(m, n)    = the greatest over the forms of both of max(aligned, whole), times 0.99 for each derived form;
 *                      at least 0.75 for a mention that is the name's abbreviation (`jfk`); 0 if below 0.3
 *
 * Each token of one name takes at most one of the other as partner, the most similar pair first. M and N are the sums
 * of sim over the paired tokens of mention and name, weighted and divided by the weights of all of its tokens (0 when no token of the
 * mention but minor ones and initials resembles one of the name; of a mention that has only such, only equal initials count):
 * family 1, given 0.6, minor 0.2 in the mention and 0.1 in the name, apart 0.05 and 0.02 (see `Role`). So a surname alone is a
 * good match, a given name alone a worse one, and titles, initials, particles and qualifiers hardly count when missing.
 */
export const SCORE = {
  parts: { subsequence: 0.4, prefix: 0.2, edit: 0.4 },
  /** By role: given, family, minor, apart. */
  mentionWeight: [0.6, 1, 0.2, 0.05],
  nameWeight: [0.6, 1, 0.1, 0.02],
  base: 0.7,
  disorder: 0.97,
  derived: 0.99,
  nickname: 0.9,
  initial: 0.8,
  token: 0.6,
  whole: 0.5,
  acronym: 0.75,
  floor: 0.3,
} as const;

/** Above every error of rounding in a bound, below every difference of two scores. */
export const EPSILON = 1e-9;

/** The three parts of the likeness of a pattern and `units[start, end)`. */
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

/** `likeness` above of a pattern and `units[start, end)`, or 0 when it is below `least`. */
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
 * The least number of code units that two texts of these lengths have in common when their likeness is at least `least`:
 * neither the longest common subsequence nor longer - edits is more than that. Not more than `prefix` code units at their
 * beginnings are equal.
 */
export function leastCommon(a: number, b: number, least: number, prefix: number): number {
  const { parts } = SCORE;
  const [longer, shorter] = [Math.max(a, b), Math.min(a, b)];
  const perUnit = (parts.subsequence + parts.edit) / longer;
  const begin = parts.prefix / shorter;
  const units = Math.max(
    (least - EPSILON - begin * Math.min(prefix, shorter)) / perUnit,
    (least - EPSILON) / (perUnit + begin), // of which all may be at the beginning
  );
  return Math.ceil(units);
}

/** The sum of the weights of roles. */
export function weightOf(weights: readonly number[], roles: ArrayLike<Role>): number {
  let sum = 0;
  for (let at = 0; at < roles.length; at++) sum += weights[roles[at]!]!;
  return sum;
}

/** Where `aligned` notes the partner of each token of the mention. */
const partners = new Int8Array(MAX_TOKENS);

/**
 * `aligned` above. `sims[i * width + j]` is sim of token i of the mention and token j of the name, whose `width` roles begin at
 * `roles[start]`; it is overwritten. `weight` is that of the whole mention.
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

/** How finely `shareOf` measures. */
export const SHARES = 1000;

/** The share of a name, whose roles are `roles[start, end)`, that its token `at` covers, in steps of 1 / `SHARES`, rounded up. */
export function shareOf(roles: Uint8Array, start: number, end: number, at: number): number {
  let all = 0;
  for (let other = start; other < end; other++) all += nameWeight(roles, other);
  return Math.ceil((SHARES * nameWeight(roles, at)) / all);
}

/** The most that `aligned` can be for these M and N. */
export function alignedBound(mention: number, name: number): number {
  return mention * (SCORE.base + (1 - SCORE.base) * name) + EPSILON;
}

/** What the token of a name with the role `roles[at]` counts of it. */
export function nameWeight(roles: Uint8Array, at: number): number {
  return SCORE.nameWeight[roles[at] as Role];
}

/** Where the greatest of the first values stands, the first of equal ones; -1 when none is above 0. */
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

function inOrder(height: number): boolean {
  let last = -1;
  for (let i = 0; i < height; i++) {
    const partner = partners[i]!;
    if (partner >= 0 && partner < last) return false;
    if (partner >= 0) last = partner;
  }
  return true;
}
