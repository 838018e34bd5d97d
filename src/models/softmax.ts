/** Softmax of logits / temperature. Sums from the smallest power up, so the order of candidates cannot matter. */
export function softmax(logits: readonly number[], temperature = 1): number[] {
  const highest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const powers = logits.map((logit) => Math.exp((logit - highest) / temperature));
  const total = [...powers].sort((a, b) => a - b).reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/**
 * Clamps a probability to the open interval (0, 1), so that no logit, however large, makes a score certain. `most` is the
 * largest value returned; default: the largest double below 1.
 */
export const clampProbability = (probability: number, most: number = 1 - Number.EPSILON / 2): number =>
  Math.min(most, Math.max(Number.MIN_VALUE, probability));

/** Upper bound of match scores of the lexical model and the image likeness, and of the lexical S. */
export const MOST_LEXICAL = 1 - Number.EPSILON;

/** Softmax clamped to (0, 1): rounding never makes a match score 0 or 1. */
export const shares = (logits: readonly number[], temperature?: number): number[] =>
  softmax(logits, temperature).map((share) => clampProbability(share, MOST_LEXICAL));

/** Lower bound of `logShares`: smaller shares count as e^-30. */
const MIN_LOG = -30;

/**
 * log m of each candidate, at least −30; −30 for a candidate without m. For a model with m = softmax(l) this is l up to
 * a constant per mention, which no softmax over the mention's candidates notices.
 */
export function logShares(match: readonly (number | undefined)[]): number[] {
  return match.map((m) => (m === undefined ? MIN_LOG : Math.max(MIN_LOG, Math.log(m))));
}
