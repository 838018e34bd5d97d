import { createRandom } from "../core/index.js";

/** The lower and upper limits of a 95 % confidence interval. */
export type Interval = readonly [low: number, high: number];

export interface BootstrapOptions {
  /** Number of bootstrap samples; default 1,000. */
  readonly resamples?: number;
  readonly seed?: number;
}

/**
 * For one caption: the sum of each measure over the caption's mentions, and the number of mentions that count towards
 * the measure. The mentions of a caption are not independent, so captions are resampled as a whole.
 */
export interface Cluster {
  readonly totals: readonly number[]; // [measures]
  readonly counts: readonly number[]; // [measures]
}

/** Returns the totals and counts of each caption. A value that is undefined does not count. */
export function clustered<Item extends { readonly caption: unknown }>(
  records: readonly Item[],
  valuesOf: (record: Item) => readonly (number | undefined)[],
): readonly Cluster[] {
  const byCaption = new Map<unknown, { totals: number[]; counts: number[] }>();
  for (const record of records) {
    const values = valuesOf(record);
    const zeros = values.map(() => 0);
    const cluster = byCaption.get(record.caption) ?? { totals: zeros, counts: [...zeros] };
    byCaption.set(record.caption, cluster);
    for (const [i, value] of values.entries()) {
      cluster.totals[i]! += value ?? 0;
      cluster.counts[i]! += value === undefined ? 0 : 1;
    }
  }
  return [...byCaption.values()];
}

export interface Estimate {
  readonly mean: number;
  /** Null if the mentions of fewer than two captions count: a single caption shows nothing about the spread. */
  readonly interval95: Interval | null;
}

/**
 * Estimates the mean of every measure, with a 95 % percentile bootstrap interval. Captions are drawn with replacement
 * (Efron and Tibshirani 1993, chapter 13). The estimate is undefined if no mention counts towards the measure.
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
    if (Number.isNaN(mean)) return undefined;
    const isAlone = clusters.filter((cluster) => cluster.counts[measure]! > 0).length < 2;
    return { mean, interval95: isAlone ? null : interval95Of(drawn.map((sample) => sample[measure]!)) };
  });
}

/**
 * Computes the mean of each measure over a sample of captions that is as large as the original set. `choose` is called
 * once for each sampled caption and returns its index. The mean is NaN if no mention in the sample counts towards the
 * measure.
 */
function means(totals: Float64Array, counts: Float64Array, measures: number, choose: () => number): number[] {
  const total = new Float64Array(measures);
  const count = new Float64Array(measures);
  for (let remaining = totals.length / measures; remaining > 0; remaining--) {
    const from = choose() * measures;
    for (let measure = 0; measure < measures; measure++) {
      total[measure]! += totals[from + measure]!;
      count[measure]! += counts[from + measure]!;
    }
  }
  return Array.from(total, (sum, measure) => sum / count[measure]!);
}

/** Returns the 95 % percentile interval of the values of a measure in bootstrap samples. Omits samples without a value. */
export function interval95Of(drawn: readonly number[]): Interval {
  const sorted = drawn.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
}

/** Computes a quantile by linear interpolation between order statistics. */
function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const low = sorted[Math.floor(position)]!;
  return low + (position - Math.floor(position)) * (sorted[Math.ceil(position)]! - low);
}
