/**
 * Sums numbers in ascending order, so that the result does not depend on the order in which they are given. The sum of
 * two numbers never does.
 */
export function sumSorted(values: readonly number[]): number {
  const sorted = values.length < 3 ? values : new Float64Array(values).sort();
  let sum = 0;
  for (let at = 0; at < sorted.length; at++) sum += sorted[at]!;
  return sum;
}

/** Computes the softmax of logits / temperature. The result does not depend on the order of candidates. */
export function softmax(logits: readonly number[], temperature = 1): number[] {
  const highest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const powers = logits.map((logit) => Math.exp((logit - highest) / temperature));
  const total = sumSorted(powers);
  return powers.map((power) => power / total);
}

/**
 * Clamps a probability to the open interval (0, 1), so that even a very large logit does not give a score of exactly 0
 * or 1. `most` is the largest value that is returned (default: the largest double below 1).
 */
export const clampProbability = (probability: number, most: number = 1 - Number.EPSILON / 2): number =>
  Math.min(most, Math.max(Number.MIN_VALUE, probability));

/** Upper limit of the match scores of the lexical and image-similarity models, and of the lexical pair similarity S. */
export const MOST_LEXICAL = 1 - Number.EPSILON;

/** Computes a softmax clamped to (0, 1), so that rounding never makes a match score exactly 0 or 1. */
export const shares = (logits: readonly number[], temperature?: number): number[] =>
  softmax(logits, temperature).map((share) => clampProbability(share, MOST_LEXICAL));

/** Lower limit of `logShares`. Shares below e^−30 count as e^−30. */
const MIN_LOG = -30;

/**
 * Returns log m of each candidate. Values below −30, and the value of a candidate without m, are replaced with −30. For
 * a model with m = softmax(l), the result otherwise equals l up to a constant per mention. This constant has no effect
 * in a softmax over the mention's candidates.
 */
export function logShares(match: readonly (number | undefined)[]): number[] {
  return match.map((m) => (m === undefined ? MIN_LOG : Math.max(MIN_LOG, Math.log(m))));
}
