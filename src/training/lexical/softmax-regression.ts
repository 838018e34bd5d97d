import { type LbfgsOptions, lbfgs, type Objective } from "../lbfgs.js";
import type { Choices } from "./choices.js";

export interface RegressionOptions extends LbfgsOptions {
  /** How strongly a weight is held to its prior value: penalty l2 / 2 · (w − prior)², beside the sum over all choices. */
  readonly l2: number;
  /** Where weights are held; 0 by default. A feature that no choice shows stays there exactly. */
  readonly prior?: Float64Array;
  /** Where the search begins: the prior. The optimum is the same from anywhere. */
  readonly start?: Float64Array;
  /** Features that stay where the prior holds them, as if they did not exist. */
  readonly frozen?: (feature: number) => boolean;
  /** Which choices to use, by index; all by default. */
  readonly use?: (choice: number) => boolean;
}

/** Weights that maximise the likelihood of the right rows under softmax(offset + weights · features), penalised. */
export function fitSoftmax(choices: Choices, features: number, options: RegressionOptions): Float64Array {
  const start = options.start ?? options.prior ?? new Float64Array(features);
  return lbfgs(softmaxObjective(choices, options), start, options);
}

/** Mean negative log-likelihood with its penalty, and the gradient. */
export function softmaxObjective(choices: Choices, { l2, prior, frozen, use }: RegressionOptions): Objective {
  const used = choices.right.flatMap((_, choice) => (use === undefined || use(choice) ? [choice] : []));
  return (weights, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (const choice of used) loss += addChoice(choices, choice, weights, gradient);
    for (let at = 0; at < weights.length; at++) {
      const away = weights[at]! - (prior?.[at] ?? 0);
      loss += 0.5 * l2 * away * away;
      gradient[at] = frozen?.(at) ? 0 : (gradient[at]! + l2 * away) / used.length;
    }
    return loss / used.length;
  };
}

/** Rows that are this unlikely, most of a hundred candidates, are left out of the gradient. */
const NO_PULL = 1e-10;

/** Adds one choice's gradient, Σ (p − [right]) · features, and returns its loss −log p(right). */
function addChoice(choices: Choices, choice: number, weights: Float64Array, gradient: Float64Array): number {
  const { indices, values, rowStarts } = choices;
  const first = choices.starts[choice]!;
  const chances = scoresOf(choices, choice, weights);
  const best = chances.reduce((most, score) => Math.max(most, score), -Infinity);
  const right = chances[choices.right[choice]!]!;
  let total = 0;
  for (let at = 0; at < chances.length; at++) total += chances[at] = Math.exp(chances[at]! - best);
  for (let at = 0; at < chances.length; at++) {
    const pull = chances[at]! / total - (at === choices.right[choice] ? 1 : 0);
    if (Math.abs(pull) < NO_PULL) continue;
    const end = rowStarts[first + at + 1]!;
    for (let entry = rowStarts[first + at]!; entry < end; entry++)
      gradient[indices[entry]!]! += pull * values[entry]!;
  }
  return Math.log(total) + best - right;
}

/** offset + weights · features of each row of a choice. */
export function scoresOf(choices: Choices, choice: number, weights: Float64Array): Float64Array {
  const { indices, values, rowStarts, starts, offsets } = choices;
  const first = starts[choice]!;
  const scores = new Float64Array(starts[choice + 1]! - first);
  for (let at = 0; at < scores.length; at++) {
    let sum = offsets[first + at]!;
    const end = rowStarts[first + at + 1]!;
    for (let entry = rowStarts[first + at]!; entry < end; entry++)
      sum += weights[indices[entry]!]! * values[entry]!;
    scores[at] = sum;
  }
  return scores;
}
