import {
  type CalibrationParameters,
  candidateLogits,
  EVIDENCE,
  nilEvidence,
} from "../../models/calibration/index.js";
import { softmax } from "../../models/softmax.js";
import type { Ranked } from "../../ranking/index.js";
import { lbfgs } from "../lbfgs.js";

/** A ranked mention with its gold answer. */
export interface Observed {
  /** Index of the mention's caption. All observations from the same caption belong to the same fold. */
  readonly caption: number;
  readonly ranked: readonly Ranked[];
  /**
   * Index of the gold entity in `ranked`; −1 if the mention is NIL; undefined if the gold entity is in the knowledge base but
   * not among the candidates.
   */
  readonly gold: number | undefined;
}

/** Fits the probabilities of candidates and of NIL by maximum likelihood. */
export function fitCalibration(observed: readonly Observed[]): CalibrationParameters {
  return { ...fitCandidates(observed), nil: fitNil(observed) };
}

/** Strength λ of the L2 penalty λ/2 · w². */
const PENALTY = 0.01;

/** Fits the sharpness and the weight of the collaborative term to the mentions whose gold entity is among the candidates. */
function fitCandidates(observed: readonly Observed[]): Omit<CalibrationParameters, "nil"> {
  const mentions = observed
    .filter(({ gold }) => gold !== undefined && gold >= 0)
    .map(({ ranked, gold }) => ({
      gold: gold!,
      logShares: candidateLogits(ranked, { sharpness: 1, collaborative: 0 }),
      terms: ranked.map(({ collaborative }) => collaborative),
    }));
  // Sharpness is a² and the collaborative weight is c², so neither can be negative.
  const point = lbfgs(
    ([a, c], gradient) => {
      gradient.set([PENALTY * (a! - 1), PENALTY * c!]);
      let loss = (PENALTY / 2) * ((a! - 1) ** 2 + c! ** 2);
      for (const { gold, logShares, terms } of mentions) {
        const shares = softmax(logShares.map((log, i) => a! * a! * log + c! * c! * terms[i]!));
        loss -= Math.log(Math.max(Number.MIN_VALUE, shares[gold]!));
        shares.forEach((share, i) => {
          const error = share - Number(i === gold);
          gradient[0]! += 2 * a! * error * logShares[i]!;
          gradient[1]! += 2 * c! * error * terms[i]!;
        });
      }
      return loss;
    },
    Float64Array.of(1, 0.5),
  );
  const hasTerms = mentions.some(({ terms }) => terms.some((value) => value !== 0));
  return {
    sharpness: round(Math.max(1e-3, point[0]! ** 2)),
    collaborative: hasTerms ? round(point[1]! ** 2) : 0,
  };
}

/** Fits a logistic regression that predicts NIL from the evidence, standardised to mean 0 and variance 1. */
function fitNil(observed: readonly Observed[]): CalibrationParameters["nil"] {
  const mentions = observed.filter(({ ranked }) => ranked.length > 0);
  const rows = mentions.map(({ ranked }) => nilEvidence(ranked));
  const isNil = mentions.map(({ gold }) => Number(gold === -1));
  const means = EVIDENCE.map((_, i) => average(rows.map((row) => row[i]!)));
  const scales = EVIDENCE.map(
    (_, i) => Math.sqrt(average(rows.map((row) => (row[i]! - means[i]!) ** 2))) || 1,
  );
  const standardised = rows.map((row) =>
    row.map((value, i) => (i === 0 ? 1 : (value - means[i]!) / scales[i]!)),
  );
  const weights = lbfgs((point, gradient) => {
    gradient.set(point.map((weight) => PENALTY * weight));
    let loss = (PENALTY / 2) * point.reduce((sum, weight) => sum + weight * weight, 0);
    standardised.forEach((row, mention) => {
      const logit = row.reduce((sum, value, i) => sum + value * point[i]!, 0);
      loss += Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - isNil[mention]! * logit;
      const error = 1 / (1 + Math.exp(-logit)) - isNil[mention]!;
      row.forEach((value, i) => {
        gradient[i]! += error * value;
      });
    });
    return loss;
  }, new Float64Array(EVIDENCE.length));
  // Convert the weights so that they apply to the evidence before standardisation.
  const own = Array.from(weights, (weight, i) => (i === 0 ? weight : weight / scales[i]!));
  own[0]! -= own.reduce((sum, weight, i) => (i === 0 ? sum : sum + weight * means[i]!), 0);
  return Object.fromEntries(
    EVIDENCE.map((name, i) => [name, round(own[i]!)]),
  ) as CalibrationParameters["nil"];
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Rounds a value, so that machines whose `Math.exp` differs in the last bits give the same parameters. */
const round = (value: number): number => Number(value.toFixed(5)) + 0;
