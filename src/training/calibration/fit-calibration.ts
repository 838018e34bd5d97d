import {
  candidateLogits,
  EVIDENCE,
  type FittedCalibration,
  nilEvidence,
} from "../../models/calibration/index.js";
import { softmax } from "../../models/softmax.js";
import { lbfgs } from "../lbfgs.js";
import type { Observed } from "./observe.js";

type Fitted = Pick<FittedCalibration, "sharpness" | "collaborative" | "nil">;

/** Fits the probabilities of candidates and of NIL to what was observed, by greatest likelihood. */
export function fitCalibration(observed: readonly Observed[]): Fitted {
  return { ...fitCandidates(observed), nil: fitNil(observed) };
}

/** Sharpness and weight of the collaborative term, from the mentions whose gold is among the candidates. */
function fitCandidates(observed: readonly Observed[]): Omit<Fitted, "nil"> {
  const mentions = observed
    .filter(({ gold }) => gold !== undefined && gold >= 0)
    .map(({ ranked, gold }) => ({
      gold: gold!,
      own: candidateLogits(ranked, { sharpness: 1, collaborative: 0 }),
      added: ranked.map(({ collaborative }) => collaborative),
    }));
  // Both as squares, which keeps them from falling below 0.
  const point = lbfgs(
    ([a, c], gradient) => {
      gradient.set([PENALTY * (a! - 1), PENALTY * c!]);
      let loss = (PENALTY / 2) * ((a! - 1) ** 2 + c! ** 2);
      for (const { gold, own, added } of mentions) {
        const shares = softmax(own.map((log, at) => a! * a! * log + c! * c! * added[at]!));
        loss -= Math.log(Math.max(Number.MIN_VALUE, shares[gold]!));
        shares.forEach((share, at) => {
          const excess = share - Number(at === gold);
          gradient[0]! += 2 * a! * excess * own[at]!;
          gradient[1]! += 2 * c! * excess * added[at]!;
        });
      }
      return loss;
    },
    Float64Array.of(1, 0.5),
  );
  const together = mentions.some(({ added }) => added.some((value) => value !== 0));
  return {
    sharpness: round(Math.max(1e-3, point[0]! ** 2)),
    collaborative: together ? round(point[1]! ** 2) : 0,
  };
}

const PENALTY = 0.01;

/** Logistic regression of NIL on the evidence, each piece brought to mean 0 and variance 1 first. */
function fitNil(observed: readonly Observed[]): Fitted["nil"] {
  const mentions = observed.filter(({ ranked }) => ranked.length > 0);
  const rows = mentions.map(({ ranked }) => nilEvidence(ranked));
  const isNil = mentions.map(({ gold }) => Number(gold === -1));
  const means = EVIDENCE.map((_, at) => average(rows.map((row) => row[at]!)));
  const scales = EVIDENCE.map(
    (_, at) => Math.sqrt(average(rows.map((row) => (row[at]! - means[at]!) ** 2))) || 1,
  );
  const standard = rows.map((row) =>
    row.map((value, at) => (at === 0 ? 1 : (value - means[at]!) / scales[at]!)),
  );
  const weights = lbfgs((point, gradient) => {
    gradient.set(point.map((weight) => PENALTY * weight));
    let loss = (PENALTY / 2) * point.reduce((sum, weight) => sum + weight * weight, 0);
    standard.forEach((row, mention) => {
      const logit = row.reduce((sum, value, at) => sum + value * point[at]!, 0);
      loss += Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - isNil[mention]! * logit;
      const excess = 1 / (1 + Math.exp(-logit)) - isNil[mention]!;
      row.forEach((value, at) => {
        gradient[at]! += excess * value;
      });
    });
    return loss;
  }, new Float64Array(EVIDENCE.length));
  const own = Array.from(weights, (weight, at) => (at === 0 ? weight : weight / scales[at]!));
  own[0]! -= own.reduce((sum, weight, at) => (at === 0 ? sum : sum + weight * means[at]!), 0);
  return Object.fromEntries(EVIDENCE.map((name, at) => [name, round(own[at]!)])) as Fitted["nil"];
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Rounded, so that the last bits of another machine's exponential do not show. */
const round = (value: number): number => Number(value.toFixed(5)) + 0;
