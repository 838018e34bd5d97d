import { z } from "zod";

/** How many candidates of a mention a cascade passes to its network. */
export const selectionSchema = z.strictObject({
  /** Maximum number, exceeded only by ties of the last; the rest rank below in the first stage's order. */
  most: z.int().min(1).default(16),
  /** Minimum number. */
  least: z.int().min(1).default(1),
  /** Candidates are added until the total m of the rest is at most this. */
  doubt: z.number().min(0).max(1).default(0.001),
});

export type Selection = z.infer<typeof selectionSchema>;

/** Indices of the candidates to pass on, in ascending order: the less certain the first stage, the more there are. */
export function select(match: readonly number[], { most, least, doubt }: Selection): number[] {
  const order = [...match.keys()].sort((a, b) => match[b]! - match[a]! || a - b);
  let left = 1;
  let count = 0;
  while (count < order.length && count < most && (count < least || left > doubt)) {
    left -= match[order[count]!]!;
    count += 1;
  }
  // Ties of the last one are included, so that the order of candidates cannot matter.
  const last = match[order[count - 1] ?? -1];
  while (count < order.length && match[order[count]!] === last) count += 1;
  return order.slice(0, count).sort((a, b) => a - b);
}
