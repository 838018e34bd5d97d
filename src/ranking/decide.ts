import type { Outcome } from "../core/index.js";
import { notANumber } from "../models/keep-best.js";
import type { Calibration } from "../models/model.js";
import type { Ranked } from "./rank-caption.js";

/** The outcome of a mention and its probability. */
export type Decision = Outcome & {
  /** Calibrated probability of the outcome; null without calibration. */
  readonly probability: number | null;
  /** Calibrated probability of NIL; absent without calibration. */
  readonly nilProbability?: number;
  /** Calibrated probability of each candidate, in ranked order; absent without calibration. */
  readonly candidates?: readonly number[];
};

/**
 * Decides the outcome of one mention, given its text. The outcome is NIL if there is no candidate, if the name score of
 * the best-ranked candidate is below the calibration's floor, or if NIL is more probable than all candidates together.
 * Does not change the ranking. Throws `NOT_A_NUMBER` if a calibrated probability is not in [0, 1].
 */
export function decide(mention: string, ranked: readonly Ranked[], calibration?: Calibration): Decision {
  const top = ranked[0];
  const probabilities = calibration?.probabilities?.(mention, ranked);
  const floored = top === undefined || top.candidate.nameScore < (calibration?.nameFloor ?? 0);
  if (probabilities === undefined) return { ...(floored ? NIL : linkedTo(top)), probability: null };
  const { candidates, nil } = probabilities;
  if (![...candidates, nil].every((p) => p >= 0 && p <= 1)) throw notANumber("a calibrated probability");
  const isNil = floored || nil > 0.5;
  return {
    ...(isNil ? NIL : linkedTo(top)),
    probability: isNil ? nil : (candidates[0] ?? 0),
    nilProbability: nil,
    candidates,
  };
}

const NIL: Outcome = { outcome: "nil", entity: null };

const linkedTo = ({ candidate }: Ranked): Outcome => ({ outcome: "linked", entity: candidate.entity });
