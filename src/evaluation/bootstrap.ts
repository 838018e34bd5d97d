import { createRandom } from "../core/index.js";

/** The bounds of a 95 % interval. */
export type Interval = readonly [low: number, high: number];

export interface BootstrapOptions {
  /** How often is drawn (1,000). */
  readonly resamples?: number;
  readonly seed?: number;
}

/** What one caption adds to each mean: mentions of a caption go together, since they are not independent. */
export interface Cluster {
  readonly totals: readonly number[]; // [measures]
  readonly counts: readonly number[]; // [measures]
}

export interface Estimate {
  readonly mean: number;
  readonly interval95: Interval;
}

/**
 * The mean of every measure and its 95 % percentile bootstrap interval, captions drawn with replacement
 * (Efron and Tibshirani 1993, chapter 13). Undefined for a measure that counts nothing.
 */
export function estimates(
  clusters: readonly Cluster[],
  { resamples = 1000, seed = 0 }: BootstrapOptions = {},
): (Estimate | undefined)[] {
  const measures = clusters[0]?.totals.length ?? 0;
  const totals = Float64Array.from(clusters.flatMap((cluster) => cluster.totals)); // [captions, measures]
  const counts = Float64Array.from(clusters.flatMap((cluster) => cluster.counts));
  const random = createRandom(seed);
  const drawn = Array.from({ length: resamples }, () =>
    means(totals, counts, measures, () => random.below(clusters.length)),
  );
  let next = 0;
  return means(totals, counts, measures, () => next++).map((mean, measure) => {
    const sorted = drawn.map((of) => of[measure]!).filter((value) => !Number.isNaN(value));
    sorted.sort((a, b) => a - b);
    return Number.isNaN(mean)
      ? undefined
      : { mean, interval95: [quantile(sorted, 0.025), quantile(sorted, 0.975)] };
  });
}

/** Mean of each measure over as many captions as there are, each chosen by `choose`; NaN where nothing is counted. */
function means(totals: Float64Array, counts: Float64Array, measures: number, choose: () => number): number[] {
  const total = new Float64Array(measures);
  const count = new Float64Array(measures);
  for (let left = totals.length / measures; left > 0; left--) {
    const from = choose() * measures;
    for (let measure = 0; measure < measures; measure++) {
      total[measure]! += totals[from + measure]!;
      count[measure]! += counts[from + measure]!;
    }
  }
  return Array.from(total, (sum, measure) => sum / count[measure]!);
}

/** Linear interpolation between order statistics. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - low);
}
