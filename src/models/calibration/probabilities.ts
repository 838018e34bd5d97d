import type { Calibration, RankedEvidence } from "../model.js";
import { softmax } from "../softmax.js";

/** Names of the features in the logistic regression that predicts NIL. */
export const EVIDENCE = [
  "constant",
  "name score",
  "best name score",
  "name fits exactly",
  "strength",
  "log m",
  "log of the rest",
] as const;

/** The parameters of a calibration. `fitCalibration` fits them. */
export interface CalibrationParameters {
  /** Weight of log m (the logarithm of the match score) in a candidate's logit. */
  readonly sharpness: number;
  /** Weight of the collaborative term in a candidate's logit. */
  readonly collaborative: number;
  /** Weight of each feature in the logit of NIL. */
  readonly nil: Readonly<Record<(typeof EVIDENCE)[number], number>>;
}

/**
 * Returns a function that computes the probabilities of a mention's candidates and of NIL, which sum to 1:
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

/** Lower limit of the shares in `nilEvidence`. It keeps their logarithms above −14. */
const MIN_SHARE = 1e-6;
/** Minimum name score that counts as an exact match. */
const EXACT = 0.999;
/** Divisor that brings a first stage's scores to the same order of magnitude as the other features. */
const STRENGTH_SCALE = 5;

/** Computes the features for NIL from a mention's ranked candidates (at least one), in the order of `EVIDENCE`. */
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

/** Computes a logit for each candidate. Their softmax divides the probability 1 − p(NIL) among the candidates. */
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

/** Returns a candidate's m, or the first stage's m (`score + 1`) if a cascade did not pass the candidate to its network. */
const shareOf = ({ match, score }: RankedEvidence): number => match ?? score + 1;
