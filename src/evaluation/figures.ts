import { type BootstrapOptions, type Cluster, type Estimate, estimates, type Interval } from "./bootstrap.js";
import type { MentionRecord } from "./records.js";

const within = (k: number) => (rank: number | undefined) => Number(rank !== undefined && rank <= k);

/** What a mention adds to each figure, from the rank of its gold; undefined: it is not counted there. */
const MEASURES = {
  top1: within(1),
  top5: within(5),
  top10: within(10),
  top20: within(20),
  mrr: (rank: number | undefined) => (rank === undefined ? 0 : 1 / rank),
  meanRank: (rank: number | undefined) => rank,
} as const;

export type Measure = keyof typeof MEASURES;
const NAMES = Object.keys(MEASURES) as Measure[];

/** Ranking figures of a group of mentions; null where there is nothing to count. */
export type Figures = Readonly<Record<Measure, number | null>> & {
  readonly mentions: number;
  /** Mentions whose gold is not among the candidates: reciprocal rank 0, no rank. */
  readonly misses: number;
  readonly interval95: Readonly<Record<Measure, Interval | null>>;
};

/** Figures of the mentions whose gold is an entity; NIL mentions have no rank and are left out. */
export function figures(records: readonly MentionRecord[], options: BootstrapOptions = {}): Figures {
  const ranked = records.filter(({ gold }) => gold.kind === "entity");
  const clusters = clustered(ranked, ({ rank }) => NAMES.map((name) => MEASURES[name](rank)));
  const of = estimates(clusters, options);
  const row = <T>(pick: (estimate: Estimate) => T) =>
    Object.fromEntries(
      NAMES.map((name, at) => [name, of[at] === undefined ? null : pick(of[at])]),
    ) as Readonly<Record<Measure, T | null>>;
  return {
    mentions: ranked.length,
    misses: ranked.filter(({ rank }) => rank === undefined).length,
    ...row(({ mean }) => mean),
    interval95: row(({ interval95 }) => interval95),
  };
}

/** What run `b` gains over run `a` on the mentions that both have, with a paired bootstrap interval. */
export interface Difference {
  readonly mentions: number;
  readonly difference: number | null;
  readonly interval95: Interval | null;
}

/** The difference of one figure, b − a; captions are drawn as pairs. Misses have no rank to compare in `meanRank`. */
export function pairedDifference(
  a: readonly MentionRecord[],
  b: readonly MentionRecord[],
  measure: Measure = "top1",
  options: BootstrapOptions = {},
): Difference {
  const key = ({ caption, mention }: MentionRecord): string => JSON.stringify([caption.id, mention]);
  const other = new Map(b.map((record) => [key(record), record]));
  const both = a.filter((record) => record.gold.kind === "entity" && other.has(key(record)));
  const clusters = clustered(both, (record) => {
    const [before, after] = [record, other.get(key(record))!].map(({ rank }) => MEASURES[measure](rank));
    return [before === undefined || after === undefined ? undefined : after - before];
  });
  const [estimate] = estimates(clusters, options);
  return {
    mentions: both.length,
    difference: estimate?.mean ?? null,
    interval95: estimate?.interval95 ?? null,
  };
}

/** Sums by caption. */
function clustered(
  records: readonly MentionRecord[],
  valuesOf: (record: MentionRecord) => readonly (number | undefined)[],
): readonly Cluster[] {
  const byCaption = new Map<unknown, { totals: number[]; counts: number[] }>();
  for (const record of records) {
    const values = valuesOf(record);
    const zeros = values.map(() => 0);
    const cluster = byCaption.get(record.caption) ?? { totals: zeros, counts: [...zeros] };
    byCaption.set(record.caption, cluster);
    for (const [at, value] of values.entries()) {
      cluster.totals[at]! += value ?? 0;
      cluster.counts[at]! += value === undefined ? 0 : 1;
    }
  }
  return [...byCaption.values()];
}
