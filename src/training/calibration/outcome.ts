import type { Prediction } from "../../evaluation/index.js";
import { type CalibrationParameters, probabilitiesOf } from "../../models/calibration/index.js";
import type { Observed } from "./fit-calibration.js";

/** The outcome that a calibration gives a mention. */
export interface OutcomeRecord extends Prediction {
  readonly isNil: boolean;
  /** Whether the calibration predicts NIL. */
  readonly calledNil: boolean;
  /** −log p of the gold entity or of NIL; undefined if the gold entity is not among the candidates. */
  readonly loss: number | undefined;
}

/** Decides a mention, as `decide` does for a calibrated model. */
export function outcomeOf(
  { evidence, gold }: Observed,
  parameters: CalibrationParameters,
  coverage: number,
): OutcomeRecord {
  const { nil, candidates } = probabilitiesOf(evidence, parameters, coverage);
  const first = candidates[0] ?? 0;
  const calledNil = nil > 0.5; // as in `decide`
  const isNil = gold === -1;
  const right = isNil ? nil : gold === undefined ? undefined : candidates[gold];
  return {
    probability: calledNil ? nil : first,
    correct: calledNil ? isNil : gold === 0,
    isNil,
    calledNil,
    loss: right === undefined ? undefined : -Math.log(Math.max(SMALLEST, right)),
  };
}

/** Minimum probability in the log loss, so that a single mention cannot decide a comparison. */
const SMALLEST = 1e-6;
