import type { MentionRecord } from "./records.js";
import { isCorrect } from "./records.js";

/** The predicted probability of an outcome, and whether the outcome is correct. */
export interface Prediction {
  readonly probability: number;
  readonly correct: boolean;
}

/** A bin of predictions with similar probabilities. */
export interface ReliabilityBin {
  readonly predictions: number;
  readonly meanProbability: number;
  /** Share of correct predictions. */
  readonly accuracy: number;
}

/** Figures on the reliability of outcome probabilities. */
export interface CalibrationFigures {
  readonly predictions: number;
  /** Share of correct outcomes. */
  readonly accuracy: number;
  /**
   * Expected calibration error (Guo et al. 2017): the mean of |accuracy − mean probability| over 15 bins of equal
   * width, weighted by the number of predictions in each bin.
   */
  readonly ece: number;
  /** Brier score: mean of (probability − correct)². */
  readonly brier: number;
  /**
   * Largest share of predictions that can be accepted, most probable first, if at least 95 % of the accepted
   * predictions must be correct.
   */
  readonly coverageAt95: number;
  /** The non-empty bins, in ascending order of probability. */
  readonly bins: readonly ReliabilityBin[];
}

const BINS = 15;
const PRECISION = 0.95;

/** Computes the calibration figures; undefined if there are no predictions. */
export function calibrationFigures(predictions: readonly Prediction[]): CalibrationFigures | undefined {
  const { length } = predictions;
  if (length === 0) return undefined;
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const binOf = ({ probability }: Prediction): number => Math.min(BINS - 1, Math.floor(probability * BINS));
  const bins = Array.from({ length: BINS }, (_, bin) =>
    predictions.filter((prediction) => binOf(prediction) === bin),
  )
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

/**
 * Computes the largest share of predictions that can be accepted, most probable first, with a precision of at least
 * `precision`. Predictions with equal probabilities are accepted together, because no threshold can separate them.
 */
function coverageAt(predictions: readonly Prediction[], precision: number): number {
  const descending = predictions.toSorted((a, b) => b.probability - a.probability);
  let right = 0;
  let most = 0;
  for (const [i, { correct, probability }] of descending.entries()) {
    right += Number(correct);
    if (descending[i + 1]?.probability !== probability && right >= precision * (i + 1)) most = i + 1;
  }
  return most / predictions.length;
}

/** Returns the probability and correctness of each outcome; outcomes without a probability are omitted. */
export function predictionsOf(records: readonly MentionRecord[]): Prediction[] {
  return records.flatMap((record) => {
    const { probability } = record.link;
    return probability === null ? [] : [{ probability, correct: isCorrect(record) }];
  });
}
