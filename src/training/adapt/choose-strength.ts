import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "../../core/index.js";

/** Items to which something is fitted with a penalty, and how to fit and judge it. */
export interface Strengths<Fitted> {
  /** The penalties to try, from weak to strong. */
  readonly strengths: readonly number[];
  /** The number of items. */
  readonly items: number;
  /** The fold of each item. Items that depend on each other belong to the same fold. */
  readonly foldOf: (item: number) => number;
  readonly folds: number;
  /** Fits to the items that `use` selects. `near` is the fit with the next stronger penalty, to start from. */
  readonly fitTo: (strength: number, use: (item: number) => boolean, near: Fitted | undefined) => Fitted;
  /** How many standard errors the mean loss may be above the lowest one. */
  readonly margin: number;
  /** The loss of an item; undefined if it has none. */
  readonly lossOf: (fitted: Fitted, item: number) => number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Chooses the strength of a penalty by cross-validation: the strongest penalty whose mean loss exceeds the lowest mean
 * loss by at most `margin` standard errors of the difference between the two (Hastie, Tibshirani and Friedman 2009, section
 * 7.10). The standard error is computed over the items.
 * Throws `ABORTED` if the signal fires.
 */
export async function chooseStrength<Fitted>(given: Strengths<Fitted>): Promise<number> {
  const { strengths, items, foldOf, folds, margin, fitTo, lossOf, signal } = given;
  const losses = strengths.map(() => new Float64Array(items));
  for (let fold = 0; fold < folds; fold++) {
    const heldOut = [...Array(items).keys()].filter((item) => foldOf(item) === fold);
    let near: Fitted | undefined;
    for (let index = strengths.length - 1; index >= 0; index--) {
      await setImmediate(); // lets the signal fire
      throwIfAborted(signal);
      near = fitTo(strengths[index]!, (item) => foldOf(item) !== fold, near);
      for (const item of heldOut) losses[index]![item] = lossOf(near, item) ?? 0;
    }
  }
  const sums = losses.map((values) => values.reduce((sum, value) => sum + value, 0));
  const best = sums.indexOf(Math.min(...sums));
  for (let index = strengths.length - 1; index > best; index--) {
    const excess = losses[index]!.map((loss, item) => loss - losses[best]![item]!);
    const mean = excess.reduce((sum, value) => sum + value, 0) / items;
    const variance = excess.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, items - 1);
    if (mean <= margin * Math.sqrt(variance / items)) return strengths[index]!;
  }
  return strengths[best]!;
}
