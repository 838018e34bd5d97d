import {
  type CalibrationParameters,
  EVIDENCE,
  EVIDENCE_PRIORS,
  type MentionEvidence,
  priorLogit,
  sigmoid,
} from "../../models/calibration/index.js";
import { softmax } from "../../models/softmax.js";
import { lbfgs } from "../lbfgs.js";

/** A ranked mention with its gold annotation. */
export interface Observed {
  /** Index of the mention's caption. All observations from the same caption belong to the same fold. */
  readonly caption: number;
  /** Whether the caption is a copy with a rewritten name. */
  readonly isCopy: boolean;
  /** The coverage of the knowledge base with which the mention was ranked. */
  readonly coverage: number;
  /** Undefined if the mention has no candidates. */
  readonly evidence: MentionEvidence | undefined;
  /**
   * Index of the gold entity among the ranked candidates; −1 if the mention is NIL; undefined if the gold entity is in
   * the knowledge base but not among the candidates.
   */
  readonly gold: number | undefined;
}

/** The parameters from which a fit penalises the distance, and the strength of the penalties. */
export interface CalibrationPrior {
  readonly parameters: CalibrationParameters;
  /** Strength λ of the L2 penalty λ/2 · (w − w₀)² on all parameters. */
  readonly strength: number;
}

/**
 * Fits the probabilities of candidates and of NIL by maximum likelihood, with penalties on the distance from `prior` or,
 * without it, weak penalties on the distance from the initial values.
 */
export function fitCalibration(
  observed: readonly Observed[],
  prior?: CalibrationPrior,
): CalibrationParameters {
  return { ...fitCandidates(observed, prior), nil: fitNil(observed, prior) };
}

/**
 * Strength λ of the L2 penalty λ/2 · (w − w₀)² on the roots of the two parameters that `fitCandidates` fits (w₀ is 1 and
 * 0), without a prior.
 */
const PENALTY = 0.01;

/**
 * Fits the sharpness and the weight of the collaborative term to the mentions whose gold entity is among the
 * candidates.
 */
function fitCandidates(
  observed: readonly Observed[],
  prior: CalibrationPrior | undefined,
): Omit<CalibrationParameters, "nil"> {
  const penalty = prior?.strength ?? PENALTY;
  const [a0, c0] = [
    Math.sqrt(prior?.parameters.sharpness ?? 1),
    Math.sqrt(prior?.parameters.collaborative ?? 0),
  ];
  const mentions = observed.flatMap(({ evidence, gold }) =>
    evidence !== undefined && gold !== undefined && gold >= 0 ? { ...evidence, gold } : [],
  );
  // Sharpness is a² and the collaborative weight is c², so neither can be negative.
  const point = lbfgs(
    ([a, c], gradient) => {
      gradient.set([penalty * (a! - a0), penalty * (c! - c0)]);
      let loss = (penalty / 2) * ((a! - a0) ** 2 + (c! - c0) ** 2);
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
    Float64Array.of(a0, Math.max(c0, 0.5)),
  );
  const hasTerms = mentions.some(({ terms }) => terms.some((value) => value !== 0));
  return {
    sharpness: round(Math.max(1e-3, point[0]! ** 2)),
    collaborative: hasTerms ? round(point[1]! ** 2) : 0,
  };
}

/**
 * Strength λ of the L2 penalty λ/2 · (w − w₀)² on the weights of the evidence for NIL, without a prior. w₀ is the weight
 * in `EVIDENCE_PRIORS`.
 */
const NIL_PENALTY = 1;
const FIXED = EVIDENCE_PRIORS.flatMap(({ fixed }, i) => (fixed ? [i] : []));

/**
 * Fits the weights of the evidence for NIL. The prior probability of NIL is known for each mention, so the weights
 * apply to any coverage. Mentions with a coverage of 0 or 1 or without candidates say nothing about the weights and
 * are left out. If a weight gets the wrong sign, it is set to 0 and the other weights are fitted again.
 */
function fitNil(
  observed: readonly Observed[],
  prior: CalibrationPrior | undefined,
): CalibrationParameters["nil"] {
  const penalty = prior?.strength ?? NIL_PENALTY;
  const towards = Float64Array.from(
    EVIDENCE,
    (name, i) => prior?.parameters.nil[name] ?? EVIDENCE_PRIORS[i]!.weight,
  );
  const rows = observed.flatMap(({ evidence, gold, coverage }) =>
    evidence === undefined || coverage <= 0 || coverage >= 1
      ? []
      : { values: evidence.nil, prior: priorLogit(coverage), isNil: Number(gold === -1) },
  );
  const zero = new Set<number>();
  for (;;) {
    const weights = fitLogistic(rows, zero, towards, penalty);
    const wrong = EVIDENCE_PRIORS.flatMap(({ sign = 0 }, i) => (sign * weights[i]! < 0 ? [i] : []));
    if (wrong.length === 0)
      return Object.fromEntries(
        EVIDENCE.map((name, i) => [name, round(weights[i]!)]),
      ) as CalibrationParameters["nil"];
    for (const i of wrong) zero.add(i);
  }
}

interface Row {
  readonly values: readonly number[];
  /** The logit of the prior probability of NIL. */
  readonly prior: number;
  readonly isNil: number;
}

/**
 * Fits a logistic regression with a known offset per row and a penalty on the distance from the weights `towards`. The
 * weights in `zero` stay 0, and the fixed weights stay as in `towards`. The optimiser works on values with mean 0 and
 * variance 1; the penalty applies to the weights of the values before this transformation.
 */
function fitLogistic(
  rows: readonly Row[],
  zero: ReadonlySet<number>,
  towards: Float64Array,
  penalty: number,
): Float64Array {
  const columns = EVIDENCE.map((_, i) => rows.map(({ values }) => values[i]!));
  const means = columns.map((column, i) => (i === 0 ? 0 : average(column)));
  const scales = columns.map(
    (column, i) => Math.sqrt(average(column.map((value) => (value - means[i]!) ** 2))) || 1,
  );
  const standard = rows.map(({ values }) =>
    Float64Array.from(values, (value, i) => (value - means[i]!) / scales[i]!),
  );
  const start = Float64Array.from(towards, (weight, i) => (zero.has(i) ? 0 : weight * scales[i]!));
  start[0]! += towards.reduce((sum, weight, i) => (i === 0 ? sum : sum + weight * means[i]!), 0);
  const target = start.slice();
  const found = lbfgs((point, gradient) => {
    let loss = 0;
    for (let i = 0; i < point.length; i++) {
      const change = (point[i]! - target[i]!) / scales[i]!;
      loss += (penalty / 2) * change ** 2;
      gradient[i] = (penalty * change) / scales[i]!;
    }
    for (const [index, { prior, isNil }] of rows.entries()) {
      const values = standard[index]!;
      let logit = prior;
      for (let i = 0; i < point.length; i++) logit += values[i]! * point[i]!;
      loss += Math.log1p(Math.exp(-Math.abs(logit))) + Math.max(logit, 0) - isNil * logit;
      const error = sigmoid(logit) - isNil;
      for (let i = 0; i < point.length; i++) gradient[i]! += error * values[i]!;
    }
    for (const i of zero) gradient[i] = 0;
    for (const i of FIXED) gradient[i] = 0;
    return loss;
  }, start);
  const weights = found.map((weight, i) => weight / scales[i]!);
  weights[0]! -= weights.reduce((sum, weight, i) => (i === 0 ? sum : sum + weight * means[i]!), 0);
  return weights;
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Rounds a value, so that machines whose `Math.exp` differs in the last bits give the same parameters. */
const round = (value: number): number => Number(value.toFixed(5)) + 0;
