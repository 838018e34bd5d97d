import { createRandom } from "../../core/index.js";
import { type CalibrationFigures, calibrationFigures } from "../../evaluation/index.js";
import { type CalibrationParameters, EVIDENCE } from "../../models/calibration/index.js";
import { type Paired, type PairedValue, paired } from "../paired.js";
import { fitCalibration, type Observed } from "./fit-calibration.js";
import { type OutcomeRecord, outcomeOf } from "./outcome.js";

/** Measures of how good a calibration's probabilities are. */
export interface OutcomeFigures extends CalibrationFigures {
  /**
   * Mean of −log p over the mentions that are NIL or whose gold entity is a candidate, where p is the probability of the
   * gold entity or of NIL. Null if there are no such mentions.
   */
  readonly logLoss: number | null;
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
  /** The figures of the given calibration for the same mentions. Absent if none was given. */
  readonly before?: OutcomeFigures & { readonly unknownCoverage: OutcomeFigures };
  /**
   * Baseline: the cross-validated F1 score for NIL if NIL is decided by a threshold on the first candidate's name
   * score. Null if no mention is NIL.
   */
  readonly nilByName: number | null;
}

export interface CrossFitOptions {
  readonly folds: number;
  readonly seed: number;
  /** The coverage that the fitted calibration assumes if the real coverage is unknown. */
  readonly defaultCoverage: number;
  /** An earlier calibration to compare with, and the coverage that it assumes if the real coverage is unknown. */
  readonly before?: (CalibrationParameters & { readonly coverage: number }) | undefined;
}

/** The fitted calibration compared with an earlier one, over all settings, with the coverage of each setting. */
export interface Comparison {
  readonly logLoss: Paired;
  /** The expected calibration error: the mean over the settings. */
  readonly calibrationError: { readonly before: number; readonly after: number };
}

export interface CrossFitted {
  /** The results of each setting; undefined for a setting without mentions. */
  readonly settings: readonly (SettingFigures | undefined)[];
  /** Absent if there is no earlier calibration, or nothing to compare. */
  readonly comparison?: Comparison | undefined;
}

/**
 * Computes cross-validated results for each setting (the complete knowledge base, or one with hidden entities). The
 * captions are divided into folds. Each fold is evaluated with a calibration that was fitted to the other folds of all
 * settings together, and with the calibration `before`. Copies with rewritten names are used for the fit only.
 */
export function crossFit(
  settings: readonly (readonly Observed[])[],
  { folds, seed, defaultCoverage, before }: CrossFitOptions,
): CrossFitted {
  const foldOf = assignFolds(settings.flat(), folds, seed);
  const evaluated = settings.map(() => [] as Evaluated[]);
  const outcomes = (mention: Observed, parameters: CalibrationParameters, coverage: number): Outcomes => ({
    known: outcomeOf(mention, parameters, mention.coverage),
    unknown: outcomeOf(mention, parameters, coverage),
  });
  for (let fold = 0; fold < folds; fold++) {
    const isHeldOut = ({ caption }: Observed): boolean => foldOf.get(caption) === fold;
    const kept = settings.map((setting) => setting.filter((mention) => !isHeldOut(mention)));
    const parameters = fitCalibration(kept.flat());
    settings.forEach((setting, index) => {
      // Unlike the calibration, the baseline's threshold is fitted to this setting alone, which favours the baseline.
      const threshold = bestThreshold(kept[index]!);
      for (const mention of setting.filter((mention) => isHeldOut(mention) && !mention.isCopy))
        evaluated[index]!.push({
          caption: mention.caption,
          after: outcomes(mention, parameters, defaultCoverage),
          ...(before && { before: outcomes(mention, before, before.coverage) }),
          calledByName: nameScoreOf(mention) < threshold,
        });
    });
  }
  const figures = evaluated.map((mentions, index) => figuresOf(mentions, settings[index]![0]?.coverage ?? 1));
  return { settings: figures, comparison: comparisonOf(evaluated.flat(), figures, seed) };
}

function comparisonOf(
  evaluated: readonly Evaluated[],
  figures: CrossFitted["settings"],
  seed: number,
): Comparison | undefined {
  const losses = evaluated.flatMap(({ caption, before, after }): PairedValue[] => {
    const [old, own] = [before?.known.loss, after.known.loss];
    return old === undefined || own === undefined ? [] : [{ caption, before: old, after: own }];
  });
  const logLoss = paired(losses, seed);
  const both = figures.flatMap((one) =>
    one?.before === undefined ? [] : { before: one.before.ece, after: one.ece },
  );
  if (logLoss === undefined || both.length === 0) return undefined;
  const mean = (of: (one: { before: number; after: number }) => number): number =>
    both.reduce((sum, one) => sum + of(one), 0) / both.length;
  return {
    logLoss,
    calibrationError: { before: mean(({ before }) => before), after: mean(({ after }) => after) },
  };
}

/** The outcomes of a mention with the coverage of the setting, and with the default coverage. */
interface Outcomes {
  readonly known: OutcomeRecord;
  readonly unknown: OutcomeRecord;
}

interface Evaluated {
  readonly caption: number;
  readonly after: Outcomes;
  readonly before?: Outcomes;
  /** Whether the threshold on the name score predicts NIL. */
  readonly calledByName: boolean;
}

const NAME_SCORE = EVIDENCE.indexOf("name score");
const nameScoreOf = ({ evidence }: Observed): number => evidence?.nil[NAME_SCORE] ?? 0;

function figuresOf(evaluated: readonly Evaluated[], coverage: number): SettingFigures | undefined {
  const figures = bothFigures(evaluated.map(({ after }) => after));
  if (figures === undefined) return undefined;
  const before = bothFigures(evaluated.flatMap((mention) => mention.before ?? []));
  const nilByName = f1(evaluated.map(({ after, calledByName }) => [after.known.isNil, calledByName]));
  return { ...figures, coverage, nilByName, ...(before && { before }) };
}

function bothFigures(
  outcomes: readonly Outcomes[],
): (OutcomeFigures & { readonly unknownCoverage: OutcomeFigures }) | undefined {
  const known = outcomeFigures(outcomes.map((mention) => mention.known));
  const unknownCoverage = outcomeFigures(outcomes.map((mention) => mention.unknown));
  return known && unknownCoverage && { ...known, unknownCoverage };
}

function outcomeFigures(records: readonly OutcomeRecord[]): OutcomeFigures | undefined {
  const figures = calibrationFigures(records);
  if (figures === undefined) return undefined;
  const confident = records.filter(({ calledNil, probability }) => !calledNil && probability >= CONFIDENT);
  const right = confident.filter(({ correct }) => correct).length;
  const losses = records.flatMap(({ loss }) => loss ?? []);
  return {
    ...figures,
    logLoss: losses.length === 0 ? null : losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
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
