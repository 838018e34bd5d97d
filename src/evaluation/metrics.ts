import type { BootstrapOptions } from "./bootstrap.js";
import { type CalibrationFigures, calibrationFigures, predictionsOf } from "./calibration.js";
import { type Figures, figures } from "./figures.js";
import { isCorrect, type MentionRecord } from "./records.js";

/** How well NIL is told; null where nothing is there to count. */
export interface NilFigures {
  /** Share of the mentions called NIL that are. */
  readonly precision: number | null;
  /** Share of the NIL mentions that were called so. */
  readonly recall: number | null;
  readonly f1: number | null;
}

/** Everything that follows from the records alone. */
export interface Metrics {
  /** Share of gold entities among the first k candidates as retrieved, those missing in the knowledge base counted in. */
  readonly recall: Readonly<Record<"1" | "10" | "100", number | null>>;
  /** Mentions whose gold entity the knowledge base lacks; misses in every figure. */
  readonly goldNotInKb: number;
  /** Share of mentions, NIL among them, whose final outcome is right. */
  readonly linkedAccuracy: number | null;
  readonly all: Figures;
  /** Captions with one mention. */
  readonly single: Figures;
  /** Captions with several. */
  readonly multi: Figures;
  /** Only when it is known which entities training saw. */
  readonly seenInTraining?: Figures;
  readonly unseenInTraining?: Figures;
  readonly nil: NilFigures;
  /** How far the outcomes' probabilities can be trusted; absent when the model gives none. */
  readonly calibration?: CalibrationFigures;
}

export interface MetricsOptions extends BootstrapOptions {
  /** Ids of the gold entities of the training captions. */
  readonly trainingGold?: ReadonlySet<string>;
}

/** All figures of an evaluation (section 8 of the specification). */
export function metrics(
  records: readonly MentionRecord[],
  { trainingGold, ...bootstrap }: MetricsOptions = {},
): Metrics {
  const entities = records.filter(({ gold }) => gold.kind === "entity");
  const group = (belongs: (record: MentionRecord) => boolean): Figures =>
    figures(entities.filter(belongs), bootstrap);
  const isSeen = ({ gold }: MentionRecord): boolean =>
    gold.kind === "entity" && trainingGold?.has(gold.id) === true;
  const calibration = calibrationFigures(predictionsOf(records));
  const found = (k: number) =>
    ratio(entities.filter(({ retrievedAt }) => (retrievedAt ?? Infinity) <= k).length, entities.length);
  return {
    recall: { 1: found(1), 10: found(10), 100: found(100) },
    goldNotInKb: entities.filter(({ goldEntity }) => goldEntity === undefined).length,
    linkedAccuracy: ratio(records.filter(isCorrect).length, records.length),
    all: group(() => true),
    single: group(({ caption }) => caption.mentions.length === 1),
    multi: group(({ caption }) => caption.mentions.length > 1),
    ...(trainingGold && {
      seenInTraining: group(isSeen),
      unseenInTraining: group((record) => !isSeen(record)),
    }),
    nil: nilFigures(records),
    ...(calibration && { calibration }),
  };
}

function nilFigures(records: readonly MentionRecord[]): NilFigures {
  const called = records.filter(({ link }) => link.outcome === "nil").length;
  const nils = records.filter(({ gold }) => gold.kind === "nil");
  const right = nils.filter(isCorrect).length;
  const f1 = ratio(2 * right, called + nils.length);
  return { precision: ratio(right, called), recall: ratio(right, nils.length), f1 };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
