/** Softmax of logits / temperature, summed from the smallest up, so that the order of candidates cannot matter. */
export function softmax(logits: readonly number[], temperature = 1): number[] {
  const highest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const powers = logits.map((logit) => Math.exp((logit - highest) / temperature));
  const total = [...powers].sort((a, b) => a - b).reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** The same, kept inside (0, 1): a match score is never 0 or 1, whatever the precision of numbers makes of it. */
export const shares = (logits: readonly number[], temperature?: number): number[] =>
  softmax(logits, temperature).map((share) =>
    Math.min(Math.max(share, Number.MIN_VALUE), 1 - Number.EPSILON),
  );
