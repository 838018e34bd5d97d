import { z } from "zod";

/** How many candidates of a mention a cascade passes to its network. */
export const selectionSchema = z.strictObject({
  /** At most so many (and the equals of the last); the rest keep the first stage's order below them. */
  most: z.int().min(1).default(16),
  /** At least so many. */
  least: z.int().min(1).default(1),
  /** Enough that the first stage gives the others together no more than this. */
  doubt: z.number().min(0).max(1).default(0.001),
});

export type Selection = z.infer<typeof selectionSchema>;

/** Indices of the candidates to pass on, in the order of the candidates: more when the first stage is unsure. */
export function select(match: readonly number[], { most, least, doubt }: Selection): number[] {
  const order = [...match.keys()].sort((a, b) => match[b]! - match[a]! || a - b);
  let left = 1;
  let count = 0;
  while (count < order.length && count < most && (count < least || left > doubt)) {
    left -= match[order[count]!]!;
    count += 1;
  }
  // Equals of the last one go with it, so that the order in which candidates came decides nothing.
  const last = match[order[count - 1] ?? -1];
  while (count < order.length && match[order[count]!] === last) count += 1;
  return order.slice(0, count).sort((a, b) => a - b);
}
