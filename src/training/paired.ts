import { clustered, estimates, type Interval } from "../evaluation/index.js";

/** The value of a measure for one mention before and after a change. */
export interface PairedValue {
  /** Index of the mention's caption. */
  readonly caption: number;
  readonly before: number;
  readonly after: number;
}

/** The mean of a measure before and after a change, over the same mentions. */
export interface Paired {
  readonly mentions: number;
  readonly before: number;
  readonly after: number;
  /** After minus before, with its 95 % bootstrap interval; see `estimates`. */
  readonly difference: number;
  readonly interval95: Interval | null;
}

/** Compares the means of a measure before and after a change. Returns undefined if there are no values. */
export function paired(values: readonly PairedValue[], seed = 0): Paired | undefined {
  const clusters = clustered(values, ({ before, after }) => [before, after, after - before]);
  const [before, after, change] = estimates(clusters, { seed });
  if (before === undefined || after === undefined || change === undefined) return undefined;
  return {
    mentions: values.length,
    before: before.mean,
    after: after.mean,
    difference: change.mean,
    interval95: change.interval95,
  };
}
