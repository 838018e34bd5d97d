import type { Caption } from "../../core/index.js";
import type { FittedCalibration } from "../../models/calibration/index.js";
import type { Observed } from "./fit-calibration.js";

/** Where the coverage in a calibration comes from. */
export type CoverageSource = "nilRate" | "gold" | "before" | "default";

/** The share of mentions whose entity is in the knowledge base. */
export interface Coverage {
  readonly value: number;
  readonly source: CoverageSource;
}

/** The coverage that a calibration assumes if nothing is known about it. */
const DEFAULT_COVERAGE = 0.7;

/**
 * Chooses the coverage: from `nilRate`; otherwise, if the captions have NIL annotations, from the share of NIL in
 * `observed`; otherwise from the calibration before; otherwise the default. With n mentions, the share is at least
 * 1 / (n + 2) away from 0 and from 1, because n mentions cannot rule out a smaller one.
 */
export function coverageOf(
  captions: readonly Caption[],
  observed: readonly Observed[],
  {
    nilRate,
    before,
  }: { readonly nilRate?: number | undefined; readonly before?: FittedCalibration | undefined },
): Coverage {
  if (nilRate !== undefined) return { value: 1 - nilRate, source: "nilRate" };
  if (captions.some(({ mentions }) => mentions.some(({ gold }) => gold?.kind === "nil"))) {
    const limit = 1 / (observed.length + 2);
    const share = observed.filter(({ gold }) => gold !== -1).length / observed.length;
    const value = Number(Math.min(1 - limit, Math.max(limit, share)).toFixed(4));
    return { value, source: "gold" };
  }
  return before === undefined
    ? { value: DEFAULT_COVERAGE, source: "default" }
    : { value: before.coverage, source: "before" };
}
