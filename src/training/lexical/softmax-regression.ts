import { type LbfgsOptions, lbfgs, type Objective } from "../lbfgs.js";

/** Sparse features of one row. */
interface SparseRow {
  readonly indices: Uint16Array;
  readonly values: Float64Array;
  readonly length: number;
}

/**
 * Training data of softmax regression: choices, each a list of sparse rows of features, exactly one of them right. Stored
 * in flat growing arrays, since there are some 50 million entries; values are float32, sums are float64.
 */
export class Choices {
  /** Choice i consists of the rows starts[i] to starts[i + 1]; row r of the entries rowStarts[r] to rowStarts[r + 1]. */
  readonly starts = [0];
  readonly rowStarts = [0];
  /** Index of each choice's right row within the choice. */
  readonly right: number[] = [];
  /** A fixed term of each row's score. */
  readonly offsets: number[] = [];
  indices = new Uint16Array(1024);
  values = new Float32Array(1024);

  /** Adds a row to the current choice. */
  addRow({ indices, values, length }: SparseRow, offset = 0): void {
    const start = this.rowStarts.at(-1)!;
    while (start + length > this.values.length) this.grow();
    this.indices.set(indices.subarray(0, length), start);
    this.values.set(values.subarray(0, length), start);
    this.rowStarts.push(start + length);
    this.offsets.push(offset);
  }

  /** Ends the current choice. */
  endChoice(right: number): void {
    this.starts.push(this.rowStarts.length - 1);
    this.right.push(right);
  }

  get length(): number {
    return this.right.length;
  }

  private grow(): void {
    const { indices, values } = this;
    this.indices = new Uint16Array(2 * indices.length);
    this.values = new Float32Array(2 * values.length);
    this.indices.set(indices);
    this.values.set(values);
  }
}

export interface RegressionOptions extends LbfgsOptions {
  /** Strength of the penalty l2 / 2 · (w − prior)² on each weight, added to the sum of losses over all choices. */
  readonly l2: number;
  /** Centre of the penalty (default 0). A feature that occurs in no choice keeps this value exactly. */
  readonly prior?: Float64Array;
  /** Starting point of the search (default: the prior). The optimum does not depend on it. */
  readonly start?: Float64Array;
  /** Features to leave out: their weights stay at the starting point. */
  readonly frozen?: (feature: number) => boolean;
  /** Choices to use, by index (default: all). */
  readonly use?: (choice: number) => boolean;
}

/** Returns the weights that maximise the penalised likelihood of the right rows under softmax(offset + weights · features). */
export function fitSoftmax(choices: Choices, features: number, options: RegressionOptions): Float64Array {
  const start = options.start ?? options.prior ?? new Float64Array(features);
  return lbfgs(softmaxObjective(choices, options), start, options);
}

/** The mean negative log-likelihood plus the penalty, with its gradient. */
export function softmaxObjective(choices: Choices, { l2, prior, frozen, use }: RegressionOptions): Objective {
  const used = choices.right.flatMap((_, choice) => (use === undefined || use(choice) ? [choice] : []));
  return (weights, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (const choice of used) loss += addGradient(choices, choice, weights, gradient);
    for (let i = 0; i < weights.length; i++) {
      const distance = weights[i]! - (prior?.[i] ?? 0);
      loss += 0.5 * l2 * distance * distance;
      gradient[i] = frozen?.(i) ? 0 : (gradient[i]! + l2 * distance) / used.length;
    }
    return loss / used.length;
  };
}

/** Rows with a smaller p − [right] are skipped: most rows among a hundred candidates. */
const NEGLIGIBLE = 1e-10;

/** Adds one choice's gradient, Σ (p − [right]) · features, and returns its loss −log p(right). */
function addGradient(
  choices: Choices,
  choice: number,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  const { indices, values, rowStarts } = choices;
  const first = choices.starts[choice]!;
  const powers = scoresOf(choices, choice, weights);
  const best = powers.reduce((most, score) => Math.max(most, score), -Infinity);
  const right = powers[choices.right[choice]!]!;
  let total = 0;
  for (let row = 0; row < powers.length; row++) total += powers[row] = Math.exp(powers[row]! - best);
  for (let row = 0; row < powers.length; row++) {
    const error = powers[row]! / total - (row === choices.right[choice] ? 1 : 0);
    if (Math.abs(error) < NEGLIGIBLE) continue;
    const end = rowStarts[first + row + 1]!;
    for (let entry = rowStarts[first + row]!; entry < end; entry++)
      gradient[indices[entry]!]! += error * values[entry]!;
  }
  return Math.log(total) + best - right;
}

/** offset + weights · features of each row of a choice. */
export function scoresOf(choices: Choices, choice: number, weights: Float64Array): Float64Array {
  const { indices, values, rowStarts, starts, offsets } = choices;
  const first = starts[choice]!;
  const scores = new Float64Array(starts[choice + 1]! - first);
  for (let row = 0; row < scores.length; row++) {
    let sum = offsets[first + row]!;
    const end = rowStarts[first + row + 1]!;
    for (let entry = rowStarts[first + row]!; entry < end; entry++)
      sum += weights[indices[entry]!]! * values[entry]!;
    scores[row] = sum;
  }
  return scores;
}
