import { MmelError } from "../core/index.js";

/**
 * Returns, in ascending order, the positions of the `count` highest values and of all values tied with the lowest of
 * them. If this results in more than `limit` positions, omits all tied values. Tied values are thus treated equally,
 * and memory stays bounded.
 */
export function keepBest(values: ArrayLike<number>, count: number, limit: number): number[] {
  if (values.length <= count) return [...Array(values.length).keys()];
  const sorted = Float64Array.from(values).sort();
  const cut = sorted[sorted.length - count]!;
  const kept = positions(values, (value) => value >= cut);
  return kept.length <= limit ? kept : positions(values, (value) => value > cut);
}

function positions(values: ArrayLike<number>, wanted: (value: number) => boolean): number[] {
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) if (wanted(values[i]!)) found.push(i);
  return found;
}

/** Creates the error for a score that is NaN or outside [0, 1]. */
export function notANumber(what: string, where?: string): MmelError {
  return new MmelError("NOT_A_NUMBER", {
    what: `${what} is not a number from 0 to 1`,
    where,
    expected: "a model with finite scores",
    hint: "Inspect the model with `mmel models show`.",
  });
}
