import { createRandom } from "../../core/index.js";
import { type CalibrationFigures, calibrationFigures, type Prediction } from "../../evaluation/index.js";
import { createCalibration } from "../../models/calibration/index.js";
import { decide } from "../../ranking/index.js";
import { fitCalibration, type Observed } from "./fit-calibration.js";

/** Results of a calibration with one version of the knowledge base: metrics for the probabilities and for NIL. */
export interface SettingFigures extends CalibrationFigures {
  /** Number of NIL mentions, and the F1 score for recognising them. `f1` is null if no mention is NIL. */
  readonly nil: { readonly mentions: number; readonly f1: number | null };
  /**
   * Baseline: the cross-validated F1 score for NIL if NIL is decided by a threshold on the first candidate's name
   * score. Null if no mention is NIL.
   */
  readonly nilByName: number | null;
}

/**
 * Computes cross-validated results for each setting (a version of the knowledge base). The captions are divided into
 * folds. Each fold is evaluated with a calibration that was fitted to the other folds of all settings together. The
 * result of a setting without mentions is undefined.
 */
export function crossFit<Setting extends string>(
  settings: Readonly<Record<Setting, readonly Observed[]>>,
  { folds, seed }: { readonly folds: number; readonly seed: number },
): Record<Setting, SettingFigures | undefined> {
  const names = Object.keys(settings) as Setting[];
  const foldOf = assignFolds(
    names.flatMap((name) => settings[name]),
    folds,
    seed,
  );
  const evaluated = Object.fromEntries(
    names.map((name) => [name, [] as EvaluatedMention[]]),
  ) as unknown as Record<Setting, EvaluatedMention[]>;
  for (let fold = 0; fold < folds; fold++) {
    const isHeldOut = ({ caption }: Observed): boolean => foldOf.get(caption) === fold;
    const others = names.flatMap((name) => settings[name].filter((mention) => !isHeldOut(mention)));
    const calibration = { nameFloor: 0, probabilities: createCalibration(fitCalibration(others)) };
    for (const name of names) {
      // Unlike the calibration, the baseline's threshold is fitted to this setting alone, which favours the baseline.
      const threshold = bestThreshold(settings[name].filter((mention) => !isHeldOut(mention)));
      for (const mention of settings[name].filter(isHeldOut))
        evaluated[name].push(evaluate(mention, calibration, threshold));
    }
  }
  return Object.fromEntries(names.map((name) => [name, figuresOf(evaluated[name])])) as Record<
    Setting,
    SettingFigures | undefined
  >;
}

interface EvaluatedMention extends Prediction {
  readonly isNil: boolean;
  /** Whether the calibration predicts NIL. */
  readonly calledNil: boolean;
  /** Whether the threshold on the name score predicts NIL. */
  readonly calledByName: boolean;
}

function evaluate(
  { ranked, gold }: Observed,
  calibration: Parameters<typeof decide>[1],
  threshold: number,
): EvaluatedMention {
  const { outcome, probability } = decide(ranked, calibration);
  const calledNil = outcome === "nil";
  const isNil = gold === -1;
  return {
    probability: probability ?? 1,
    correct: calledNil ? isNil : gold === 0,
    isNil,
    calledNil,
    calledByName: nameScoreOf(ranked) < threshold,
  };
}

const nameScoreOf = (ranked: Observed["ranked"]): number => ranked[0]?.candidate.nameScore ?? 0;

function figuresOf(evaluated: readonly EvaluatedMention[]): SettingFigures | undefined {
  const figures = calibrationFigures(evaluated);
  if (figures === undefined) return undefined;
  const nils = evaluated.filter(({ isNil }) => isNil).length;
  return {
    ...figures,
    nil: { mentions: nils, f1: f1(evaluated.map(({ isNil, calledNil }) => [isNil, calledNil])) },
    nilByName: f1(evaluated.map(({ isNil, calledByName }) => [isNil, calledByName])),
  };
}

/** Computes the F1 score for NIL. Returns null if no mention is NIL. */
function f1(mentions: readonly (readonly [isNil: boolean, called: boolean])[]): number | null {
  const count = (test: (mention: readonly [boolean, boolean]) => boolean): number =>
    mentions.filter(test).length;
  const nils = count(([isNil]) => isNil);
  if (nils === 0) return null;
  return (2 * count(([isNil, called]) => isNil && called)) / (nils + count(([, called]) => called));
}

/** Returns the name-score threshold with the best F1 score for NIL. Mentions below the threshold count as NIL. */
function bestThreshold(observed: readonly Observed[]): number {
  const mentions = observed
    .map(({ ranked, gold }) => ({ score: nameScoreOf(ranked), isNil: gold === -1 }))
    .sort((a, b) => a.score - b.score);
  const nils = mentions.filter(({ isNil }) => isNil).length;
  let [best, threshold, right] = [0, 0, 0];
  mentions.forEach(({ score, isNil }, index) => {
    right += Number(isNil);
    const next = mentions[index + 1]?.score ?? 2;
    const value = (2 * right) / (nils + index + 1);
    if (next > score && value > best) [best, threshold] = [value, next];
  });
  return threshold;
}

/** Assigns captions to folds at random. Returns a map from each caption's index to the number of its fold, from 0. */
function assignFolds(
  observed: readonly Observed[],
  folds: number,
  seed: number,
): ReadonlyMap<number, number> {
  const captions = createRandom(`${seed}/folds`).shuffle([
    ...new Set(observed.map(({ caption }) => caption)),
  ]);
  return new Map(captions.map((caption, index) => [caption, index % folds]));
}
