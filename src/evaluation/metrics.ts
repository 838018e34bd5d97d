import { type BootstrapOptions, clustered, type Estimate, estimates, type Interval } from "./bootstrap.js";
import { type CalibrationFigures, calibrationFigures, predictionsOf } from "./calibration.js";
import { type CollaborationFigures, collaborationFigures } from "./collaboration.js";
import { isCorrect, type MentionRecord } from "./records.js";

const within = (k: number) => (rank: number | undefined) => Number(rank !== undefined && rank <= k);

/**
 * For each measure, a function that returns a mention's contribution, given the rank of its gold entity. If the
 * function returns undefined, the mention does not count towards the measure.
 */
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

/** Ranking figures for a group of mentions. A figure is null if no mention counts towards it. */
export type Figures = Readonly<Record<Measure, number | null>> & {
  readonly mentions: number;
  /** Number of mentions whose gold entity is not among the candidates. They have reciprocal rank 0 and no rank. */
  readonly misses: number;
  readonly interval95: Readonly<Record<Measure, Interval | null>>;
};

/**
 * Computes ranking figures over the mentions whose gold annotation is an entity. Omits NIL mentions, which have no
 * rank. `rankOf` returns the rank of the gold entity, by default in the ranking of the model.
 */
export function figures(
  records: readonly MentionRecord[],
  options: BootstrapOptions = {},
  rankOf: (record: MentionRecord) => number | undefined = ({ rank }) => rank,
): Figures {
  const ranked = records.filter(({ gold }) => gold.kind === "entity");
  const clusters = clustered(ranked, (record) => NAMES.map((name) => MEASURES[name](rankOf(record))));
  const found = estimates(clusters, options);
  const row = <T>(pick: (estimate: Estimate) => T) =>
    Object.fromEntries(
      NAMES.map((name, i) => [name, found[i] === undefined ? null : pick(found[i])]),
    ) as Readonly<Record<Measure, T | null>>;
  return {
    mentions: ranked.length,
    misses: ranked.filter((record) => rankOf(record) === undefined).length,
    ...row(({ mean }) => mean),
    interval95: row(({ interval95 }) => interval95),
  };
}

/**
 * The difference in a measure between two runs, over the mentions with a gold entity that both runs contain. The
 * interval comes from a paired bootstrap.
 */
export interface Difference {
  readonly mentions: number;
  readonly difference: number | null;
  readonly interval95: Interval | null;
}

/**
 * Computes the difference in a measure between two runs (b − a), over the mentions with a gold entity that both runs
 * contain. The bootstrap draws the same captions for both runs. For `meanRank`, mentions that are a miss in either run
 * do not affect the difference.
 */
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

/** Figures on the detection of NIL. A figure is null if no mention counts towards it. */
export interface NilFigures {
  /** Share of NIL outcomes that are correct. */
  readonly precision: number | null;
  /** Share of the mentions annotated as NIL whose outcome is NIL. */
  readonly recall: number | null;
  readonly f1: number | null;
}

/** All figures that can be computed from the records. */
export interface Metrics {
  /**
   * For each k, the share of mentions whose gold entity is among the first k retrieved candidates. Mentions annotated
   * as NIL are omitted. Mentions whose gold entity is missing from the knowledge base count as misses.
   */
  readonly recall: Readonly<Record<"1" | "10" | "100", number | null>>;
  /** Number of mentions whose gold entity is missing from the knowledge base. They count as misses. */
  readonly goldNotInKb: number;
  /** Share of mentions, including NIL mentions, whose outcome is correct. */
  readonly linkedAccuracy: number | null;
  readonly all: Figures;
  /** Figures for ranking the same candidates by name score alone. */
  readonly nameScore: Figures;
  /** Figures for the mentions of single-mention captions. */
  readonly single: Figures;
  /** Figures for the mentions of multi-mention captions. */
  readonly multi: Figures;
  /** Figures for mentions whose gold entity is annotated in the training captions; absent without `trainingGold`. */
  readonly seenInTraining?: Figures;
  /** Figures for mentions whose gold entity is not annotated in the training captions; absent without `trainingGold`. */
  readonly unseenInTraining?: Figures;
  /** Figures by the mention's type, as written in the captions; absent if no mention with a gold entity has a type. */
  readonly byType?: Readonly<Record<string, Figures>>;
  /** Figures by the caption's language; absent if no caption with a gold entity has a language. */
  readonly byLanguage?: Readonly<Record<string, Figures>>;
  readonly nil: NilFigures;
  /** The mentions whose first candidate was changed by the caption's other mentions. */
  readonly collaboration: CollaborationFigures;
  /** Reliability of the outcomes' probabilities; absent if no outcome has a probability. */
  readonly calibration?: CalibrationFigures;
}

export interface MetricsOptions extends BootstrapOptions {
  /** Ids of the gold entities in the training captions. */
  readonly trainingGold?: ReadonlySet<string>;
}

/** Computes all figures of an evaluation. */
export function metrics(
  records: readonly MentionRecord[],
  { trainingGold, ...bootstrap }: MetricsOptions = {},
): Metrics {
  const entities = records.filter(({ gold }) => gold.kind === "entity");
  const group = (belongs: (record: MentionRecord) => boolean): Figures =>
    figures(entities.filter(belongs), bootstrap);
  const isSeen = ({ gold }: MentionRecord): boolean =>
    gold.kind === "entity" && trainingGold?.has(gold.id) === true;
  const groups = (keyOf: (record: MentionRecord) => string | undefined) =>
    figuresByGroup(entities, keyOf, bootstrap);
  const byType = groups(({ caption, mention }) => caption.mentions[mention]?.type);
  const byLanguage = groups(({ caption }) => caption.language);
  const calibration = calibrationFigures(predictionsOf(records));
  const found = (k: number) =>
    ratio(entities.filter(({ retrievedAt }) => (retrievedAt ?? Infinity) <= k).length, entities.length);
  return {
    recall: { 1: found(1), 10: found(10), 100: found(100) },
    goldNotInKb: entities.filter(({ goldEntity }) => goldEntity === undefined).length,
    linkedAccuracy: ratio(records.filter(isCorrect).length, records.length),
    all: group(() => true),
    nameScore: figures(entities, bootstrap, ({ nameRank }) => nameRank),
    single: group(({ caption }) => caption.mentions.length === 1),
    multi: group(({ caption }) => caption.mentions.length > 1),
    ...(trainingGold && {
      seenInTraining: group(isSeen),
      unseenInTraining: group((record) => !isSeen(record)),
    }),
    ...(byType && { byType }),
    ...(byLanguage && { byLanguage }),
    nil: nilFigures(records),
    collaboration: collaborationFigures(records),
    ...(calibration && { calibration }),
  };
}

/** Maximum number of groups in `byType` and in `byLanguage`. Only the largest groups are reported. */
const MAX_GROUPS = 50;

/**
 * Computes ranking figures for each group of mentions, largest group first. `keyOf` returns the name of a mention's
 * group, or undefined if it belongs to none. Names that differ only in case count as the same group. Returns undefined
 * if there are no groups.
 */
function figuresByGroup(
  records: readonly MentionRecord[],
  keyOf: (record: MentionRecord) => string | undefined,
  options: BootstrapOptions,
): Readonly<Record<string, Figures>> | undefined {
  const groups = new Map<string, { readonly name: string; readonly records: MentionRecord[] }>();
  for (const record of records) {
    const name = keyOf(record);
    if (name === undefined) continue;
    const group = groups.get(name.toLowerCase()) ?? { name, records: [] };
    groups.set(name.toLowerCase(), group);
    group.records.push(record);
  }
  if (groups.size === 0) return undefined;
  const largest = [...groups.values()]
    .sort((a, b) => b.records.length - a.records.length)
    .slice(0, MAX_GROUPS);
  return Object.fromEntries(largest.map(({ name, records }) => [name, figures(records, options)]));
}

function nilFigures(records: readonly MentionRecord[]): NilFigures {
  const predicted = records.filter(({ link }) => link.outcome === "nil").length;
  const nils = records.filter(({ gold }) => gold.kind === "nil");
  const right = nils.filter(isCorrect).length;
  const f1 = ratio(2 * right, predicted + nils.length);
  return { precision: ratio(right, predicted), recall: ratio(right, nils.length), f1 };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** A named group of mentions with its figures, for example all mentions of multi-mention captions. */
export interface Group {
  readonly name: string;
  readonly figures: Figures;
}

/** Returns the non-empty groups of mentions that reports compare. */
export function groupsOf(result: Metrics): readonly Group[] {
  const {
    all,
    nameScore,
    single,
    multi,
    seenInTraining,
    unseenInTraining,
    byType = {},
    byLanguage = {},
  } = result;
  const groups: [string, Figures | undefined][] = [
    ["all", all],
    ["name score alone", nameScore],
    ["single-mention", single],
    ["multi-mention", multi],
    ["seen in training", seenInTraining],
    ["unseen in training", unseenInTraining],
    ...named("type", byType),
    ...named("language", byLanguage),
  ];
  return groups.flatMap(([name, figures]) => (figures && figures.mentions > 0 ? [{ name, figures }] : []));
}

const named = (kind: string, groups: Readonly<Record<string, Figures>>): [string, Figures][] =>
  Object.entries(groups).map(([name, figures]) => [`${kind} ${name}`, figures]);
