import { createRandom } from "../../core/index.js";
import { type CalibrationFigures, calibrationFigures, type Prediction } from "../../evaluation/index.js";
import { createCalibration } from "../../models/calibration/index.js";
import { decide } from "../../ranking/index.js";
import { fitCalibration } from "./fit-calibration.js";
import type { Observed } from "./observe.js";

/** What calibrated probabilities and NIL are worth in one knowledge base. */
export interface SettingFigures extends CalibrationFigures {
  /** Mentions that are NIL, and how well they are told; null without any. */
  readonly nil: { readonly mentions: number; readonly f1: number | null };
  /** F1 of NIL by the best threshold on the name score of the first candidate, cross-fitted alike. */
  readonly nilByName: number | null;
}

/**
 * Figures that no mention had a part in fitting: the captions are dealt into folds, and each fold is judged by what was
 * fitted to the others, in all settings together.
 */
export function crossFit<Setting extends string>(
  settings: Readonly<Record<Setting, readonly Observed[]>>,
  { folds, seed }: { readonly folds: number; readonly seed: number },
): Record<Setting, SettingFigures | undefined> {
  const names = Object.keys(settings) as Setting[];
  const foldOf = dealt(
    names.flatMap((name) => settings[name]),
    folds,
    seed,
  );
  const judged = Object.fromEntries(names.map((name) => [name, [] as Judged[]])) as unknown as Record<
    Setting,
    Judged[]
  >;
  for (let fold = 0; fold < folds; fold++) {
    const isHeld = ({ caption }: Observed): boolean => foldOf.get(caption) === fold;
    const others = names.flatMap((name) => settings[name].filter((one) => !isHeld(one)));
    const calibration = { nameFloor: 0, probabilities: createCalibration(fitCalibration(others)) };
    for (const name of names) {
      // The threshold may even choose itself for this setting, which the calibration may not.
      const threshold = bestThreshold(settings[name].filter((one) => !isHeld(one)));
      for (const one of settings[name].filter(isHeld)) judged[name].push(judge(one, calibration, threshold));
    }
  }
  return Object.fromEntries(names.map((name) => [name, figuresOf(judged[name])])) as Record<
    Setting,
    SettingFigures | undefined
  >;
}

interface Judged extends Prediction {
  readonly isNil: boolean;
  readonly calledNil: boolean;
  readonly calledByName: boolean;
}

function judge(
  { ranked, gold }: Observed,
  calibration: Parameters<typeof decide>[1],
  threshold: number,
): Judged {
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

function figuresOf(judged: readonly Judged[]): SettingFigures | undefined {
  const figures = calibrationFigures(judged);
  if (figures === undefined) return undefined;
  const nils = judged.filter(({ isNil }) => isNil).length;
  return {
    ...figures,
    nil: { mentions: nils, f1: f1(judged.map(({ isNil, calledNil }) => [isNil, calledNil])) },
    nilByName: f1(judged.map(({ isNil, calledByName }) => [isNil, calledByName])),
  };
}

/** Null where nothing is NIL. */
function f1(mentions: readonly (readonly [isNil: boolean, called: boolean])[]): number | null {
  const count = (of: (mention: readonly [boolean, boolean]) => boolean): number => mentions.filter(of).length;
  const nils = count(([isNil]) => isNil);
  if (nils === 0) return null;
  return (2 * count(([isNil, called]) => isNil && called)) / (nils + count(([, called]) => called));
}

/** The name score below which calling NIL has the best F1. */
function bestThreshold(observed: readonly Observed[]): number {
  const mentions = observed
    .map(({ ranked, gold }) => ({ score: nameScoreOf(ranked), isNil: gold === -1 }))
    .sort((a, b) => a.score - b.score);
  const nils = mentions.filter(({ isNil }) => isNil).length;
  let [best, threshold, right] = [0, 0, 0];
  mentions.forEach(({ score, isNil }, at) => {
    right += Number(isNil);
    const next = mentions[at + 1]?.score ?? 2;
    const value = (2 * right) / (nils + at + 1);
    if (next > score && value > best) [best, threshold] = [value, next];
  });
  return threshold;
}

/** The fold of each caption. */
function dealt(observed: readonly Observed[], folds: number, seed: number): ReadonlyMap<number, number> {
  const captions = createRandom(`${seed}/folds`).shuffle([
    ...new Set(observed.map(({ caption }) => caption)),
  ]);
  return new Map(captions.map((caption, at) => [caption, at % folds]));
}
