import { createRandom } from "../../core/index.js";
import { type CalibrationFigures, calibrationFigures, type Prediction } from "../../evaluation/index.js";
import { type CalibrationParameters, EVIDENCE, probabilitiesOf } from "../../models/calibration/index.js";
import { fitCalibration, type Observed } from "./fit-calibration.js";

/** Measures of how good a calibration's probabilities are. */
export interface OutcomeFigures extends CalibrationFigures {
  /** Number of NIL mentions, and the F1 score for recognising them. `f1` is null if no mention is NIL. */
  readonly nil: { readonly mentions: number; readonly f1: number | null };
  /**
   * Mentions linked with a probability of at least 0.9: their share of all mentions, and the share of these links that
   * are correct (`accuracy`, null if there are none).
   */
  readonly confidentLinks: { readonly share: number; readonly accuracy: number | null };
}

/** Results of a calibration in one setting: the complete knowledge base, or one with some of its entities hidden. */
export interface SettingFigures extends OutcomeFigures {
  /**
   * The coverage of the knowledge base. All other figures were computed with this coverage, except `unknownCoverage`.
   */
  readonly coverage: number;
  /** The same figures, computed with the default coverage. */
  readonly unknownCoverage: OutcomeFigures;
  /**
   * Baseline: the cross-validated F1 score for NIL if NIL is decided by a threshold on the first candidate's name
   * score. Null if no mention is NIL.
   */
  readonly nilByName: number | null;
}

export interface CrossFitOptions {
  readonly folds: number;
  readonly seed: number;
  /** The coverage that a calibration assumes if the real coverage is unknown. */
  readonly defaultCoverage: number;
}

/**
 * Computes cross-validated results for each setting (the complete knowledge base, or one with hidden entities). The
 * captions are divided into folds. Each fold is evaluated with a calibration that was fitted to the other folds of all
 * settings together. Copies with rewritten names are used for the fit only. The result of a setting without mentions is
 * undefined.
 */
export function crossFit(
  settings: readonly (readonly Observed[])[],
  { folds, seed, defaultCoverage }: CrossFitOptions,
): (SettingFigures | undefined)[] {
  const foldOf = assignFolds(settings.flat(), folds, seed);
  const evaluated = settings.map(() => [] as Evaluated[]);
  for (let fold = 0; fold < folds; fold++) {
    const isHeldOut = ({ caption }: Observed): boolean => foldOf.get(caption) === fold;
    const kept = settings.map((setting) => setting.filter((mention) => !isHeldOut(mention)));
    const parameters = fitCalibration(kept.flat());
    settings.forEach((setting, index) => {
      // Unlike the calibration, the baseline's threshold is fitted to this setting alone, which favours the baseline.
      const threshold = bestThreshold(kept[index]!);
      for (const mention of setting.filter((mention) => isHeldOut(mention) && !mention.isCopy))
        evaluated[index]!.push({
          known: outcomeOf(mention, parameters, mention.coverage),
          unknown: outcomeOf(mention, parameters, defaultCoverage),
          calledByName: nameScoreOf(mention) < threshold,
        });
    });
  }
  return evaluated.map((mentions, index) => figuresOf(mentions, settings[index]![0]?.coverage ?? 1));
}

interface OutcomeRecord extends Prediction {
  readonly isNil: boolean;
  /** Whether the calibration predicts NIL. */
  readonly calledNil: boolean;
}

interface Evaluated {
  /** The outcomes with the coverage of the setting, and with the default coverage. */
  readonly known: OutcomeRecord;
  readonly unknown: OutcomeRecord;
  /** Whether the threshold on the name score predicts NIL. */
  readonly calledByName: boolean;
}

function outcomeOf(
  { evidence, gold }: Observed,
  parameters: CalibrationParameters,
  coverage: number,
): OutcomeRecord {
  const { nil, candidates } = probabilitiesOf(evidence, parameters, coverage);
  const first = candidates[0] ?? 0;
  const calledNil = nil > 0.5; // as in `decide`
  const isNil = gold === -1;
  return { probability: calledNil ? nil : first, correct: calledNil ? isNil : gold === 0, isNil, calledNil };
}

const NAME_SCORE = EVIDENCE.indexOf("name score");
const nameScoreOf = ({ evidence }: Observed): number => evidence?.nil[NAME_SCORE] ?? 0;

function figuresOf(evaluated: readonly Evaluated[], coverage: number): SettingFigures | undefined {
  const known = outcomeFigures(evaluated.map((mention) => mention.known));
  const unknownCoverage = outcomeFigures(evaluated.map((mention) => mention.unknown));
  if (known === undefined || unknownCoverage === undefined) return undefined;
  const nilByName = f1(evaluated.map((mention) => [mention.known.isNil, mention.calledByName]));
  return { ...known, coverage, unknownCoverage, nilByName };
}

function outcomeFigures(records: readonly OutcomeRecord[]): OutcomeFigures | undefined {
  const figures = calibrationFigures(records);
  if (figures === undefined) return undefined;
  const confident = records.filter(({ calledNil, probability }) => !calledNil && probability >= CONFIDENT);
  const right = confident.filter(({ correct }) => correct).length;
  return {
    ...figures,
    nil: {
      mentions: records.filter(({ isNil }) => isNil).length,
      f1: f1(records.map(({ isNil, calledNil }) => [isNil, calledNil])),
    },
    confidentLinks: {
      share: confident.length / records.length,
      accuracy: confident.length === 0 ? null : right / confident.length,
    },
  };
}

const CONFIDENT = 0.9;

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
    .map((mention) => ({ score: nameScoreOf(mention), isNil: mention.gold === -1 }))
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
