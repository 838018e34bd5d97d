import { createHash } from "node:crypto";
import { counted, MmelError } from "../../core/index.js";
import type { Model } from "../model.js";

/**
 * Returns the model with its probabilities adjusted to `coverage`, the share of mentions whose entity is in the
 * knowledge base. If this is a new coverage, the hash of the model changes too. Throws CONFIG if the coverage is not in
 * (0, 1] or the model is not calibrated.
 */
export function withCoverage<Feature>(model: Model<Feature>, coverage: number): Model<Feature> {
  const { calibration } = model;
  if (calibration?.withCoverage === undefined)
    throw new MmelError("CONFIG", {
      what: `model ${model.name} is not calibrated, so the coverage has no effect`,
      hint: "Calibrate the model with `mmel calibrate`, or omit `--coverage`.",
    });
  const changed = calibration.withCoverage(coverage);
  if (coverage === calibration.coverage) return model;
  const hash = createHash("sha256")
    .update(JSON.stringify([model.hash, coverage]))
    .digest("hex");
  return { ...model, hash: hash.slice(0, 12), calibration: changed };
}

/** An estimate of the coverage, with its 95 % confidence interval. */
export interface CoverageEstimate {
  readonly coverage: number;
  readonly interval95: [low: number, high: number];
  /** Number of mentions from which the coverage was estimated. */
  readonly mentions: number;
}

/** Minimum number of mentions for an estimate. */
const MIN_MENTIONS = 200;
const MAX_STEPS = 10_000;
const TOLERANCE = 1e-6;
/** Minimum distance of an estimate from 0 and 1, for any number of mentions. */
const MIN_DISTANCE = 1e-4;

/**
 * Estimates the coverage c from the probabilities of NIL that a calibration with coverage 0.5 gives to the mentions of
 * many captions, by expectation maximisation (Saerens, Latinne and Decaestecker 2002, equation 2.9). The interval
 * follows from the curvature of the log-likelihood at its maximum. With n mentions, the estimate is at least 1 / (n +
 * 2) away from 0 and from 1, because n mentions cannot rule out a smaller share; the minimum for any n is
 * `MIN_DISTANCE`. Throws CONFIG if there are fewer than 200 mentions.
 */
export function estimateCoverage(nilAtHalf: readonly number[]): CoverageEstimate {
  const mentions = nilAtHalf.length;
  if (mentions < MIN_MENTIONS)
    throw new MmelError("CONFIG", {
      what: `the captions contain only ${counted(mentions, "mention")}`,
      expected: `at least ${MIN_MENTIONS} mentions to estimate the coverage`,
    });
  const mean = (value: (nil: number) => number): number =>
    nilAtHalf.reduce((sum, nil) => sum + value(nil), 0) / mentions;
  const limit = Math.max(MIN_DISTANCE, 1 / (mentions + 2));
  let coverage = 0.5;
  for (let step = 0; step < MAX_STEPS; step++) {
    const known = coverage;
    const next = mean((nil) => (known * (1 - nil)) / (known * (1 - nil) + (1 - known) * nil));
    coverage = Math.min(1 - limit, Math.max(limit, next));
    if (Math.abs(coverage - known) < TOLERANCE) break;
  }
  const curvature =
    mentions * mean((nil) => ((1 - 2 * nil) / (coverage * (1 - nil) + (1 - coverage) * nil)) ** 2);
  const error = 1.96 / Math.sqrt(curvature);
  return {
    coverage: round(coverage),
    interval95: [round(Math.max(0, coverage - error)), round(Math.min(1, coverage + error))],
    mentions,
  };
}

const round = (value: number): number => Number(value.toFixed(4));
