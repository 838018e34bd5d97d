import { type LbfgsOptions, lbfgs, type Objective } from "../lbfgs.js";

/** Sparse features of one row: the first `length` pairs of index and value. */
interface SparseRow {
  readonly indices: Uint16Array;
  readonly values: Float64Array;
  readonly length: number;
}

/**
 * Training data for softmax regression. A choice is a list of rows with sparse features; exactly one row is correct. An
 * entry is the index and the value of one feature in one row. There are about 50 million entries, so they are stored in
 * flat arrays that grow as needed. Values are stored as float32. Sums are computed in float64.
 */
export class Choices {
  /**
   * Index of each choice's first row. The last element is the total number of rows. Choice i consists of the rows from
   * starts[i] up to but not including starts[i + 1].
   */
  readonly starts = [0];
  /** Index of each row's first entry. The last element is the total number of entries. */
  readonly rowStarts = [0];
  /** Index of each choice's correct row, counted from the choice's first row. */
  readonly right: number[] = [];
  /** Weight of each choice's loss. */
  readonly weights: number[] = [];
  /** Constant that is added to each row's score. */
  readonly offsets: number[] = [];
  indices = new Uint16Array(1024);
  values = new Float32Array(1024);

  /** Adds a row to the current choice. `offset` is added to the row's score. */
  addRow({ indices, values, length }: SparseRow, offset = 0): void {
    const start = this.rowStarts.at(-1)!;
    while (start + length > this.values.length) this.grow();
    this.indices.set(indices.subarray(0, length), start);
    this.values.set(values.subarray(0, length), start);
    this.rowStarts.push(start + length);
    this.offsets.push(offset);
  }

  /** Ends the current choice. `right` is the index of the correct row, counted from the choice's first row. */
  endChoice(right: number, weight = 1): void {
    this.starts.push(this.rowStarts.length - 1);
    this.right.push(right);
    this.weights.push(weight);
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
  /**
   * Strength of the L2 penalty l2 / 2 · (w − prior)² on each weight w. The penalty is added to the weighted sum of all
   * losses.
   */
  readonly l2: number;
  /**
   * Centre of the penalty (default: 0). Without `start`, the weight of a feature that occurs in no choice stays
   * exactly at this value.
   */
  readonly prior?: Float64Array;
  /**
   * Starting point of the search (default: the prior). Frozen weights stay at this point; the optimum of the others
   * does not depend on their starting values.
   */
  readonly start?: Float64Array;
  /**
   * Returns whether the weight of the feature with this index stays at its starting value (default: false for all
   * features).
   */
  readonly frozen?: (feature: number) => boolean;
  /** Returns whether to use the choice with this index (default: all choices are used). */
  readonly use?: (choice: number) => boolean;
}

/**
 * Fits the weights of a softmax regression. Maximises the penalised likelihood of the correct rows, where a row has the
 * probability softmax(offset + weights · features).
 */
export function fitSoftmax(choices: Choices, features: number, options: RegressionOptions): Float64Array {
  const start = options.start ?? options.prior ?? new Float64Array(features);
  return lbfgs(softmaxObjective(choices, options), start, options);
}

/**
 * Returns the objective of the regression: the weighted sum of negative log-likelihoods plus the penalty, divided by
 * the number of choices that are used.
 */
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

/**
 * Rows for which weight · |p − y| is smaller than this value are skipped when gradients are computed. p is the row's
 * probability; y is 1 for the correct row and 0 for all others. Most rows of a choice with 100 candidates are skipped.
 */
const NEGLIGIBLE = 1e-10;

/**
 * Adds one choice's gradient, weight · Σ (p − y) · features, to `gradient`. p is a row's probability; y is 1 for the
 * correct row and 0 for all others. Returns the choice's loss, −weight · log p of the correct row.
 */
function addGradient(
  choices: Choices,
  choice: number,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  const { indices, values, rowStarts } = choices;
  const first = choices.starts[choice]!;
  const powers = scoresOf(choices, choice, weights);
  const weight = choices.weights[choice]!;
  const best = powers.reduce((most, score) => Math.max(most, score), -Infinity);
  const right = powers[choices.right[choice]!]!;
  let total = 0;
  for (let row = 0; row < powers.length; row++) total += powers[row] = Math.exp(powers[row]! - best);
  for (let row = 0; row < powers.length; row++) {
    const error = weight * (powers[row]! / total - (row === choices.right[choice] ? 1 : 0));
    if (Math.abs(error) < NEGLIGIBLE) continue;
    const end = rowStarts[first + row + 1]!;
    for (let entry = rowStarts[first + row]!; entry < end; entry++)
      gradient[indices[entry]!]! += error * values[entry]!;
  }
  return weight * (Math.log(total) + best - right);
}

/** Computes the scores of a choice's rows: offset + weights · features. */
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
