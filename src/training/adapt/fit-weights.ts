import { FEATURE_NAMES } from "../../models/lexical/features.js";
import { hashWeights, type LexicalWeights } from "../../models/lexical/weights.js";
import { type Choices, fitSoftmax, scoresOf } from "../lexical/softmax-regression.js";
import { chooseStrength, type Strengths } from "./choose-strength.js";

/** Penalties on the distance from the given weights, from weak to strong. With the last one, the weights stay. */
const STRENGTHS = [10, 30, 100, 300, Infinity];

export interface WeightsFit {
  /** The chosen strength of the penalty; Infinity if the weights stay. */
  readonly strength: number;
  /** Fits the weights with this strength to the choices that `use` selects. */
  readonly fitTo: (use: (choice: number) => boolean) => LexicalWeights;
}

/**
 * Fits the weights of the candidates' features to the choices, with an L2 penalty on the distance from the given weights.
 * The strength of the penalty is chosen by cross-validation; `foldOf` is the fold of each choice. The temperature and the
 * pair evidence do not change. Throws `ABORTED` if the signal fires.
 */
export async function fitWeights(
  choices: Choices,
  given: LexicalWeights,
  { foldOf, folds, signal }: Pick<Strengths<unknown>, "foldOf" | "folds" | "signal">,
): Promise<WeightsFit> {
  const { temperature } = given;
  // The scores are divided by the temperature, so the fit is to l / T.
  const prior = Float64Array.from(FEATURE_NAMES, (name) => (given.candidate[name] ?? 0) / temperature);
  const fitWith = (
    strength: number,
    use: (choice: number) => boolean,
    start: Float64Array = prior,
  ): Float64Array =>
    Number.isFinite(strength)
      ? fitSoftmax(choices, prior.length, { l2: strength, prior, start, use, tolerance: TOLERANCE })
      : prior;
  const strength = await chooseStrength<Float64Array>({
    signal,
    strengths: STRENGTHS,
    items: choices.length,
    foldOf,
    folds,
    margin: 1,
    fitTo: fitWith,
    lossOf: (weights, choice) => lossOf(choices, choice, weights),
  });
  return {
    strength,
    fitTo(use) {
      if (!Number.isFinite(strength)) return given;
      const fitted = fitWith(strength, use);
      const candidate = Object.fromEntries(
        FEATURE_NAMES.map((name, feature) => [name, round(fitted[feature]! * temperature)]),
      );
      return { ...given, candidate, adaptedFrom: given.adaptedFrom ?? hashWeights(given) };
    },
  };
}

const TOLERANCE = 1e-6;

/** Returns −log p of the right candidate. */
function lossOf(choices: Choices, choice: number, weights: Float64Array): number {
  const scores = scoresOf(choices, choice, weights);
  const highest = Math.max(...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), 0);
  return Math.log(total) + highest - scores[choices.right[choice]!]!;
}

/** Rounds a value, so that machines whose `Math.exp` differs in the last bits give the same weights. */
const round = (value: number): number => Number(value.toFixed(4)) + 0;
