import type { Random } from "../../src/core/index.js";
import { SPLITS, type Split, TENTHS } from "../../src/datasets/splits.js";

/** Shares out ids 7:1:2 at random; every id is in one split only. The order of `ids` does not matter. */
export function splitIds(ids: readonly string[], random: Random): ReadonlyMap<string, Split> {
  const shuffled = random.shuffle([...ids].sort());
  const splits = new Map<string, Split>();
  let tenths = 0;
  for (const split of SPLITS) {
    const from = Math.round((shuffled.length * tenths) / 10);
    tenths += TENTHS[split];
    for (const id of shuffled.slice(from, Math.round((shuffled.length * tenths) / 10))) splits.set(id, split);
  }
  return splits;
}
