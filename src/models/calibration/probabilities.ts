import type { Calibration, RankedEvidence } from "../model.js";
import { softmax } from "../softmax.js";

/** Evidence for or against NIL: the features of its logistic regression. */
export const EVIDENCE = [
  "constant",
  "name score",
  "best name score",
  "name fits exactly",
  "strength",
  "log m",
  "log of the rest",
] as const;

/** What the fit determines. */
export interface CalibrationParameters {
  /** Weight of log m in a candidate's logit. */
  readonly sharpness: number;
  /** Weight of the collaborative term in a candidate's logit. */
  readonly collaborative: number;
  /** Weight of each piece of evidence in the logit of NIL. */
  readonly nil: Readonly<Record<(typeof EVIDENCE)[number], number>>;
}

/**
 * Returns a function that gives the probabilities of a mention's candidates and of NIL, which sum to 1:
 * p(NIL) = sigmoid(weights · evidence), p(candidate) = (1 − p(NIL)) · softmax(sharpness · log m + collaborative · term).
 */
export function createCalibration({
  nil: nilWeights,
  ...candidateWeights
}: CalibrationParameters): NonNullable<Calibration["probabilities"]> {
  const weights = EVIDENCE.map((name) => nilWeights[name]);
  return (ranked) => {
    if (ranked.length === 0) return { candidates: [], nil: 1 };
    const logit = nilEvidence(ranked).reduce((sum, value, index) => sum + value * weights[index]!, 0);
    const nil = 1 / (1 + Math.exp(-logit));
    const shares = softmax(candidateLogits(ranked, candidateWeights));
    return { candidates: shares.map((share) => (1 - nil) * share), nil };
  };
}

/** Lower bound of the shares in `nilEvidence`, so that their logarithms stay above −14. */
const MIN_SHARE = 1e-6;
/** A name score from here on counts as an exact match. */
const EXACT = 0.999;
/** Divisor that brings a first stage's scores to the size of the other evidence. */
const STRENGTH_SCALE = 5;

/** The evidence on NIL of a mention's ranked candidates, at least one, in the order of `EVIDENCE`. */
export function nilEvidence(ranked: readonly RankedEvidence[]): readonly number[] {
  const top = ranked[0]!;
  const name = top.candidate.nameScore;
  const bestName = ranked.reduce((most, { candidate }) => Math.max(most, candidate.nameScore), 0);
  const share = shareOf(top);
  return [
    1,
    name,
    bestName,
    Number(name >= EXACT),
    (top.strength ?? 0) / STRENGTH_SCALE,
    Math.log(Math.max(MIN_SHARE, share)),
    Math.log(Math.max(MIN_SHARE, 1 - share)),
  ];
}

/** Logit of each candidate's share of the probability that NIL leaves. */
export function candidateLogits(
  ranked: readonly RankedEvidence[],
  { sharpness, collaborative }: Pick<CalibrationParameters, "sharpness" | "collaborative">,
): number[] {
  return ranked.map(
    (evidence) =>
      sharpness * Math.log(Math.max(TINY, shareOf(evidence))) + collaborative * evidence.collaborative,
  );
}

const TINY = 1e-30;

/** m, or the first stage's share of a candidate that a cascade did not pass to its network. */
const shareOf = ({ match, score }: RankedEvidence): number => match ?? score + 1;
