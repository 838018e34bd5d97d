import type { MentionRecord } from "./records.js";
import { isCorrect } from "./records.js";

/** An outcome with the probability that was given for it. */
export interface Prediction {
  readonly probability: number;
  readonly correct: boolean;
}

/** Predictions of like probability. */
export interface ReliabilityBin {
  readonly predictions: number;
  readonly meanProbability: number;
  /** Share of them that are right. */
  readonly accuracy: number;
}

/** How far probabilities of outcomes can be trusted. */
export interface CalibrationFigures {
  readonly predictions: number;
  /** Share of outcomes that are right. */
  readonly accuracy: number;
  /** Expected calibration error (Guo et al. 2017): mean of |accuracy − mean probability| over 15 bins of equal width, by their size. */
  readonly ece: number;
  /** Mean of (probability − right)². */
  readonly brier: number;
  /** Largest share of the predictions, the surest first, of which 95 % are right. */
  readonly coverageAt95: number;
  /** Bins that hold something, from the least sure up. */
  readonly bins: readonly ReliabilityBin[];
}

const BINS = 15;
const PRECISION = 0.95;

/** Undefined without predictions. */
export function calibrationFigures(predictions: readonly Prediction[]): CalibrationFigures | undefined {
  const { length } = predictions;
  if (length === 0) return undefined;
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const binOf = ({ probability }: Prediction): number => Math.min(BINS - 1, Math.floor(probability * BINS));
  const bins = Array.from({ length: BINS }, (_, bin) => predictions.filter((one) => binOf(one) === bin))
    .filter((members) => members.length > 0)
    .map((members) => ({
      predictions: members.length,
      meanProbability: mean(members.map(({ probability }) => probability)),
      accuracy: mean(members.map(({ correct }) => Number(correct))),
    }));
  return {
    predictions: length,
    accuracy: mean(predictions.map(({ correct }) => Number(correct))),
    ece: bins.reduce(
      (sum, bin) => sum + (bin.predictions / length) * Math.abs(bin.accuracy - bin.meanProbability),
      0,
    ),
    brier: mean(predictions.map(({ probability, correct }) => (probability - Number(correct)) ** 2)),
    coverageAt95: coverageAt(predictions, PRECISION),
    bins,
  };
}

/** Equal probabilities are taken together: no threshold tells them apart. */
function coverageAt(predictions: readonly Prediction[], precision: number): number {
  const surest = predictions.toSorted((a, b) => b.probability - a.probability);
  let right = 0;
  let most = 0;
  for (const [at, { correct, probability }] of surest.entries()) {
    right += Number(correct);
    if (surest[at + 1]?.probability !== probability && right >= precision * (at + 1)) most = at + 1;
  }
  return most / predictions.length;
}

/** The outcomes of annotated mentions that have a probability. */
export function predictionsOf(records: readonly MentionRecord[]): Prediction[] {
  return records.flatMap((record) => {
    const { probability } = record.link;
    return probability === null ? [] : [{ probability, correct: isCorrect(record) }];
  });
}
