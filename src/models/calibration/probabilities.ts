import { MmelError } from "../../core/index.js";
import type { Calibration } from "../model.js";
import { softmax } from "../softmax.js";
import { EVIDENCE, type EvidenceName, type MentionEvidence, readEvidence } from "./evidence.js";

/** The parameters of a calibration. `fitCalibration` fits them. */
export interface CalibrationParameters {
  /** Weight of the logarithm of the candidate's share (see `RankedEvidence`) in its logit. */
  readonly sharpness: number;
  /** Weight of the collaborative term in a candidate's logit. */
  readonly collaborative: number;
  /** Weight of each feature in the logit of NIL, for a knowledge base that contains half of the mentioned entities. */
  readonly nil: Readonly<Record<EvidenceName, number>>;
}

/** The probabilities of a mention's candidates, in ranked order, and of NIL. They sum to 1. */
export type Probabilities = ReturnType<NonNullable<Calibration["probabilities"]>>;

/** Computes the logit of NIL for a knowledge base that contains half of the mentioned entities. */
export function nilLogit(
  { nil }: Pick<MentionEvidence, "nil">,
  weights: CalibrationParameters["nil"],
): number {
  return nil.reduce((sum, value, index) => sum + value * weights[EVIDENCE[index]!], 0);
}

/**
 * Computes the probabilities from a mention's evidence; undefined evidence means that there are no candidates. With the
 * coverage c, p(NIL) = sigmoid(weights · evidence + log((1 − c) / c)), and p(candidate) = (1 − p(NIL)) ·
 * softmax(sharpness · log share + collaborative · term). The term log((1 − c) / c) changes the prior probability of NIL
 * from 0.5 to 1 − c, as in Saerens, Latinne and Decaestecker (2002), equation 2.4.
 */
export function probabilitiesOf(
  evidence: MentionEvidence | undefined,
  { sharpness, collaborative, nil: weights }: CalibrationParameters,
  coverage: number,
): Probabilities {
  if (evidence === undefined) return { candidates: [], nil: 1 };
  const nil = sigmoid(nilLogit(evidence, weights) + priorLogit(coverage));
  const shares = softmax(
    evidence.logShares.map((log, index) => sharpness * log + collaborative * evidence.terms[index]!),
  );
  return { candidates: shares.map((share) => (1 - nil) * share), nil };
}

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Returns the logit of the prior probability of NIL. */
export const priorLogit = (coverage: number): number => Math.log((1 - coverage) / coverage);

/**
 * Creates a calibration for a knowledge base with the given coverage. Throws CONFIG if the coverage is not in (0, 1].
 */
export function createCalibration(parameters: CalibrationParameters, coverage: number): Calibration {
  if (!(coverage > 0 && coverage <= 1))
    throw new MmelError("CONFIG", {
      what: `the coverage is ${coverage}`,
      expected: "the share of mentions whose entity is in the knowledge base: above 0 and at most 1",
    });
  return {
    nameFloor: 0,
    coverage,
    probabilities: (mention, ranked) => probabilitiesOf(readEvidence(mention, ranked), parameters, coverage),
    withCoverage: (other) => createCalibration(parameters, other),
  };
}
