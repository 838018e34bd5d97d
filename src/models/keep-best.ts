import { MmelError } from "../core/index.js";

/**
 * Returns the positions of the `count` highest values, in ascending order of position. If further values equal the
 * lowest of these, returns their positions too. If that makes more than `limit` positions, leaves out all values of
 * this tie and returns fewer than `count` positions. Tied values are thus treated equally, and memory stays bounded.
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
    hint: "Use another model, or train or fit this model again.",
  });
}
