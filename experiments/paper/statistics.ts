import { type Cluster, estimates, type Interval } from "../../src/evaluation/bootstrap.js";
import type { SetName } from "./prepare.js";
import type { Ranks, Result } from "./results.js";
import type { Row } from "./rows.js";

/** The cut-offs of Top-k in the paper's tables. */
export const KS = [1, 5, 10, 20] as const;

/** Which mentions count: those of captions with one or several mentions, of captions of a kind, or the first of each caption. */
export interface Part {
  readonly mentions?: "single" | "multi";
  readonly kind?: string;
  readonly isFirstOnly?: boolean;
}

/** The figures of a row on a set: shares in [0, 1], as means over the seeds. */
export interface RowFigures {
  readonly mentions: number;
  readonly seeds: number;
  /** Top-k for each of `KS`. */
  readonly top: readonly number[];
  /** 95 % interval of Top-1, from a bootstrap over captions; null for fewer than two captions. */
  readonly interval: Interval | null;
  /** Lowest and highest Top-1 of a seed. */
  readonly range: Interval;
}

/** Returns the results of a row, one for each seed, that have a set. */
export function resultsOf(results: readonly Result[], row: Row, set: SetName): readonly Result[] {
  return results.filter(({ variant, sets }) => variant === row.variant && sets[set] !== undefined);
}

/** Computes the figures of a row on a set; undefined if it was not run or no mention counts. */
export function figuresOf(
  results: readonly Result[],
  row: Row,
  set: SetName,
  part: Part = {},
): RowFigures | undefined {
  const found = resultsOf(results, row, set);
  const seeds = found.map((result) => hitsOf(result, row, set, part));
  const mean = meanOf(seeds);
  if (mean === undefined) return undefined;
  const top = estimates(mean).map((estimate) => estimate!);
  const ones = seeds.map((clusters) => estimates(clusters, { resamples: 0 })[0]!.mean);
  return {
    mentions: mean.reduce((sum, { counts }) => sum + counts[0]!, 0),
    seeds: found.length,
    top: top.map((estimate) => estimate.mean),
    interval: top[0]!.interval95,
    range: [Math.min(...ones), Math.max(...ones)],
  };
}

export interface RowDifference {
  readonly difference: number;
  readonly interval: Interval | null;
}

/** A row on a set. */
export interface Place {
  readonly row: Row;
  readonly set: SetName;
}

/**
 * Computes by how much Top-1 in place `b` is above that in place `a`, with the interval of a paired bootstrap over
 * captions. The sets of the two places must have the same mentions, as `swapped` and `companion` have. Undefined if one of
 * them was not run, or they were run on different captions.
 */
export function differenceOf(
  results: readonly Result[],
  a: Place,
  b: Place,
  part: Part = {},
): RowDifference | undefined {
  const [before, after] = [a, b].map(({ row, set }) =>
    meanOf(resultsOf(results, row, set).map((result) => hitsOf(result, row, set, part))),
  );
  if (before === undefined || after === undefined || before.length !== after.length) return undefined;
  return paired(before, after);
}

function paired(before: readonly Cluster[], after: readonly Cluster[]): RowDifference | undefined {
  const clusters = before.map(({ totals, counts }, caption): Cluster => {
    const other = after[caption]!;
    return { totals: [other.totals[0]! - totals[0]!], counts: [counts[0]!] };
  });
  const [estimate] = estimates(clusters);
  return estimate && { difference: estimate.mean, interval: estimate.interval95 };
}

/** Returns the hits of each caption of a set at each of `KS`: totals and counts of its mentions. */
function hitsOf(result: Result, { alone = false }: Row, set: SetName, part: Part): readonly Cluster[] {
  const { together, alone: ranks, kinds } = result.sets[set]!;
  const chosen: Ranks = alone ? ranks : together;
  return chosen.flatMap((mentions, caption): Cluster[] => {
    if (part.kind !== undefined && kinds[caption] !== part.kind) return [];
    if (part.mentions !== undefined && mentions.length > 1 !== (part.mentions === "multi")) return [];
    const counted = part.isFirstOnly ? mentions.slice(0, 1) : mentions;
    const hits = (k: number): number => counted.filter((rank) => rank !== null && rank <= k).length;
    return [{ totals: KS.map(hits), counts: KS.map(() => counted.length) }];
  });
}

/** Returns the mean of the hits over the seeds; undefined if there are none. */
function meanOf(seeds: readonly (readonly Cluster[])[]): readonly Cluster[] | undefined {
  const [first] = seeds;
  if (first === undefined || first.length === 0) return undefined;
  return first.map(({ counts }, caption) => ({
    counts,
    totals: counts.map(
      (_, k) => seeds.reduce((sum, clusters) => sum + clusters[caption]!.totals[k]!, 0) / seeds.length,
    ),
  }));
}
