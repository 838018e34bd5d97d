/** Softmax of logits / temperature, summed from the smallest up, so that the order of candidates cannot matter. */
export function softmax(logits: readonly number[], temperature = 1): number[] {
  const highest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const powers = logits.map((logit) => Math.exp((logit - highest) / temperature));
  const total = [...powers].sort((a, b) => a - b).reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
