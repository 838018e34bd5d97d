import { MmelError } from "../core/index.js";

/**
 * The rank, from 1, that the gold candidate may expect among those of equal score: better ones, and half of the other
 * equals, before it. So ties never favour it, nor where it stands in the list. `NOT_A_NUMBER`.
 */
export function expectedRank(scores: readonly number[], gold: number): number {
  const own = scores[gold]!;
  let better = 0;
  let equal = 0;
  for (const score of scores) {
    if (Number.isNaN(score)) throw new MmelError("NOT_A_NUMBER", { what: "a score to be ranked is NaN" });
    if (score > own) better++;
    else if (score === own) equal++;
  }
  return better + (equal + 1) / 2;
}
