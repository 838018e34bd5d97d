import type { Calibration } from "../model.js";
import { softmax } from "../softmax.js";
import type { FittedCalibration } from "./calibration-file.js";
import { candidateLogits, EVIDENCE, nilEvidence } from "./probabilities.js";

/** Probabilities of a mention's candidates and of NIL, which sum to 1. */
export function createCalibration(
  fitted: Pick<FittedCalibration, "sharpness" | "collaborative" | "nil">,
): NonNullable<Calibration["probabilities"]> {
  const weights = EVIDENCE.map((name) => fitted.nil[name]);
  return (ranked) => {
    if (ranked.length === 0) return { candidates: [], nil: 1 };
    const logit = nilEvidence(ranked).reduce((sum, value, at) => sum + value * weights[at]!, 0);
    const nil = 1 / (1 + Math.exp(-logit));
    return { candidates: softmax(candidateLogits(ranked, fitted)).map((share) => (1 - nil) * share), nil };
  };
}
