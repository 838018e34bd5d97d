import { z } from "zod";

/** Settings that determine how many of a mention's candidates a cascade passes to its network. */
export const selectionSchema = z.strictObject({
  /**
   * Maximum number of candidates to select. Candidates that are tied with the last of them are always selected too. All
   * other candidates, except the first stage's best, rank below the selected ones, in the first stage's order.
   */
  most: z.int().min(1).default(16),
  /** Minimum number of candidates to select. */
  least: z.int().min(1).default(1),
  /**
   * Candidates are selected, best first, until the total probability of the remaining candidates is at most this value.
   */
  doubt: z.number().min(0).max(1).default(0.001),
});

export type Selection = z.infer<typeof selectionSchema>;

/**
 * Returns the indices of the candidates that the network should score, in ascending order. The less certain the first
 * stage is, the more candidates are selected.
 */
export function select(match: readonly number[], { most, least, doubt }: Selection): number[] {
  const order = [...match.keys()].sort((a, b) => match[b]! - match[a]! || a - b);
  let left = 1;
  let count = 0;
  while (count < order.length && count < most && (count < least || left > doubt)) {
    left -= match[order[count]!]!;
    count += 1;
  }
  // Include ties with the last selected candidate, so that the result does not depend on the order of candidates.
  const last = match[order[count - 1] ?? -1];
  while (count < order.length && match[order[count]!] === last) count += 1;
  return order.slice(0, count).sort((a, b) => a - b);
}
