import { MmelError } from "../core/index.js";

/**
 * Positions, ascending, of the `count` highest values and of all that tie with the last of them. When ties would make
 * them more than `limit`, none of the tied is kept: ties are treated alike, and memory stays bounded.
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
  for (let at = 0; at < values.length; at++) if (wanted(values[at]!)) found.push(at);
  return found;
}

/** The error for a score that is no number from 0 to 1. */
export function notANumber(what: string, where?: string): MmelError {
  return new MmelError("NOT_A_NUMBER", {
    what: `${what} is not a number from 0 to 1`,
    where,
    expected: "a model whose scores are finite",
    hint: "mmel models show on the model's folder",
  });
}
