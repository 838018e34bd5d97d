import type { NameScores } from "../core/index.js";
import type { Role } from "./name.js";
import { type Pattern, popcount } from "./pattern.js";

/**
 * The score of a name for a mention, in [0, 1]; 1 only for names that are equal when folded.
 *
 *     likeness(a, b) = 0.4 LCS / longer + 0.2 prefix / shorter + 0.4 (1 - edits / longer)     of two texts
 *     sim(a, b)      = 1 for equal tokens; 0.9 for nicknames; 0.8 for an initial and a name that it begins;
 *                      likeness(a, b) if at least 0.6, else 0                                 of two tokens
 *     aligned(m, n)  = M (0.6 + 0.4 N), times 0.97 when the partners do not stand in the same order
 *     score(m, n)    = max over the forms of both of factor * max(aligned, likeness of the whole texts)
 *
 * Each token of one name takes at most one of the other as partner, the most similar pair first. M and N are the sums
 * of sim over the paired tokens of mention and name, weighted and divided by the weights of all of its tokens:
 * family 1, given 0.6, minor 0.2 in the mention and 0.1 in the name, so that a surname alone is a good match, a given
 * name alone a worse one, and titles, initials, particles and qualifiers in parentheses hardly count when missing.
 */
export const SCORE = {
  parts: { subsequence: 0.4, prefix: 0.2, edit: 0.4 },
  /** By role: given, family, minor, qualifier. */
  mentionWeight: [0.6, 1, 0.2, 0.1],
  nameWeight: [0.6, 1, 0.1, 0.02],
  /** Share of `aligned` that does not depend on what the mention leaves out of the name. */
  base: 0.6,
  disorder: 0.97,
  nickname: 0.9,
  initial: 0.8,
  /** Least likeness of two tokens that may be the same name. */
  token: 0.6,
  /** A mention that is the abbreviation of a name: `jfk`. */
  acronym: 0.75,
} as const;

/** The three parts of the likeness of a pattern and `units[start, end)`. */
export function partsOf(pattern: Pattern, units: Uint16Array, start: number, end: number): NameScores {
  const longer = Math.max(pattern.length, end - start);
  const shorter = Math.min(pattern.length, end - start);
  if (shorter === 0) return { subsequence: 0, prefix: 0, edit: 0 };
  return {
    subsequence: pattern.subsequence(units, start, end) / longer,
    prefix: pattern.prefix(units, start, end) / shorter,
    edit: 1 - pattern.distance(units, start, end) / longer,
  };
}

/** `likeness` above of a pattern and `units[start, end)` of that mask, or 0 as soon as it is sure to be below `least`. */
export function likeness(
  pattern: Pattern,
  units: Uint16Array,
  start: number,
  end: number,
  mask: number,
  least: number,
): number {
  const length = end - start;
  const longer = Math.max(pattern.length, length);
  const shorter = Math.min(pattern.length, length);
  if (shorter === 0 || likenessBound(pattern, length, mask) < least) return 0;
  const { subsequence, prefix, edit } = SCORE.parts;
  const begin = (prefix * pattern.prefix(units, start, end)) / shorter;
  const shared = pattern.subsequence(units, start, end) / longer;
  if ((subsequence + edit) * shared + begin < least) return 0;
  const kept = 1 - pattern.distance(units, start, end) / longer;
  const whole = Math.min(1, subsequence * shared + begin + edit * kept);
  return whole < least ? 0 : whole;
}

/**
 * An upper bound of `likeness`. A class of code units that only one text has holds at least one code unit outside every
 * common subsequence, and longer - edits is never more than the longest common subsequence.
 */
export function likenessBound(pattern: Pattern, length: number, mask: number): number {
  const common = Math.min(
    pattern.length - popcount(pattern.mask & ~mask),
    length - popcount(mask & ~pattern.mask),
  );
  const { subsequence, prefix, edit } = SCORE.parts;
  return (
    ((subsequence + edit) * common) / Math.max(pattern.length, length) +
    (prefix * common) / Math.min(pattern.length, length)
  );
}

/** The sum of the weights of roles `[start, end)`. */
export function weightOf(
  weights: readonly number[],
  roles: ArrayLike<Role>,
  start: number,
  end: number,
): number {
  let sum = 0;
  for (let at = start; at < end; at++) sum += weights[roles[at]!]!;
  return sum;
}

/** `aligned` above; `sims[i * name.length + j]` is sim of mention token i and name token j and is overwritten. */
export function aligned(sims: Float64Array, mention: ArrayLike<Role>, name: ArrayLike<Role>): number {
  const pairs = mention.length * name.length;
  const partners = new Int8Array(mention.length).fill(-1);
  let found = 0;
  let covered = 0;
  for (;;) {
    let best = -1;
    for (let at = 0; at < pairs; at++) if (sims[at]! > (best < 0 ? 0 : sims[best]!)) best = at;
    if (best < 0) break;
    const i = Math.floor(best / name.length);
    const j = best % name.length;
    found += SCORE.mentionWeight[mention[i]!]! * sims[best]!;
    covered += SCORE.nameWeight[name[j]!]! * sims[best]!;
    partners[i] = j;
    for (let at = 0; at < name.length; at++) sims[i * name.length + at] = 0;
    for (let at = j; at < pairs; at += name.length) sims[at] = 0;
  }
  if (found === 0) return 0;
  const ofMention = found / weightOf(SCORE.mentionWeight, mention, 0, mention.length);
  const ofName = covered / weightOf(SCORE.nameWeight, name, 0, name.length);
  const order = partners.filter((at) => at >= 0);
  const ordered = order.every((at, which) => which === 0 || at > order[which - 1]!);
  return ofMention * (SCORE.base + (1 - SCORE.base) * ofName) * (ordered ? 1 : SCORE.disorder);
}
