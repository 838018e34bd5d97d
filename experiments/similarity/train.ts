import type { Random } from "../../src/core/index.js";
import type { Sparse } from "./features.js";
import { addOuter, project } from "./latent.js";

/** A caption's gold entities and, for each of them, its rivals: the other candidates of the mention. */
export interface GoldCaption {
  readonly golds: readonly Sparse[];
  readonly rivals: readonly (readonly Sparse[])[];
}

export interface Settings {
  readonly rank: number;
  /** Learning rates of the embedding table and of the weights of its columns. */
  readonly tableRate: number;
  readonly columnRate: number;
  /** Strength of the L2 penalty on the distance of the table from its start. */
  readonly l2: number;
  /** Weight of the loss against the golds of other captions, relative to that against rivals. */
  readonly others: number;
  /** Number of rivals that are drawn for a pair in each epoch. */
  readonly rivals: number;
  /** Number of captions in a batch. */
  readonly batch: number;
}

/** A trained similarity: S(a, b) = Σ w · (v(a) − centre) · (v(b) − centre), with v(a) = features of a · table. */
export interface Model {
  readonly table: Float64Array; // [features, rank]
  /** The weights w of the table's columns. */
  readonly columns: Float64Array; // [rank]
  /** The mean vector of the gold entities. */
  readonly centre: Float64Array; // [rank]
}

/** Computes logit S of two entities from their features. */
export type Similarity = (a: Sparse, b: Sparse) => number;

export function createSimilarity({ table, columns, centre }: Model): Similarity {
  const rank = columns.length;
  const vectors = new WeakMap<Sparse, Float64Array>();
  const vectorOf = (entity: Sparse): Float64Array => {
    let vector = vectors.get(entity);
    if (vector === undefined) {
      vector = new Float64Array(rank);
      project(entity, table, rank, vector);
      for (let k = 0; k < rank; k++) vector[k]! -= centre[k]!;
      vectors.set(entity, vector);
    }
    return vector;
  };
  return (a, b) => {
    const [left, right] = [vectorOf(a), vectorOf(b)];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += columns[k]! * left[k]! * right[k]!;
    return sum;
  };
}

/** Returns the mean share of rivals b' for which S(a, b) > S(a, b'), over the ordered pairs of golds (a, b). */
export function shareOfRivals(captions: readonly GoldCaption[], similarity: Similarity): number {
  let [sum, pairs] = [0, 0];
  for (const { golds, rivals } of captions)
    golds.forEach((b, j) => {
      const others = golds.filter((a) => a !== b && rivals[j]!.length > 0);
      for (const a of others) {
        const gold = similarity(a, b);
        sum += rivals[j]!.filter((rival) => similarity(a, rival) < gold).length / rivals[j]!.length;
      }
      pairs += others.length;
    });
  return sum / pairs;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

/** Start value of each column's weight. */
const START = 0.05;

/**
 * Trains a similarity from a start table. For each ordered pair of a caption's golds (a, b), minimises −log of the softmax
 * of S(a, ·) at b, once among b and rivals of b, and once among b and the golds of the batch's other captions. Calls
 * `onEpoch` after each epoch, and stops when it returns false.
 */
export function trainSimilarity(
  captions: readonly GoldCaption[],
  start: Float64Array,
  settings: Settings,
  random: Random,
  onEpoch: (epoch: number, model: Model) => boolean,
): void {
  const { rank, batch } = settings;
  const table = start.slice();
  const columns = new Float64Array(rank).fill(START);
  const [tableStep, columnStep] = [adam(table.length), adam(rank)];
  const gradients = { table: new Float64Array(table.length), columns: new Float64Array(rank) };
  const order = [...captions];
  for (let epoch = 1; ; epoch++) {
    random.shuffle(order);
    for (let from = 0; from < order.length; from += batch) {
      gradients.table.fill(0);
      gradients.columns.fill(0);
      addBatch(order.slice(from, from + batch), { table, columns }, gradients, settings, random);
      for (let i = 0; i < table.length; i++) gradients.table[i]! += settings.l2 * (table[i]! - start[i]!);
      tableStep(table, gradients.table, settings.tableRate);
      columnStep(columns, gradients.columns, settings.columnRate);
    }
    const centre = meanVector(
      captions.flatMap(({ golds }) => golds),
      table,
      rank,
    );
    if (!onEpoch(epoch, { table: table.slice(), columns: columns.slice(), centre })) return;
  }
}

function meanVector(entities: readonly Sparse[], table: Float64Array, rank: number): Float64Array {
  const [mean, vector] = [new Float64Array(rank), new Float64Array(rank)];
  for (const entity of entities) {
    project(entity, table, rank, vector);
    for (let k = 0; k < rank; k++) mean[k]! += vector[k]! / entities.length;
  }
  return mean;
}

interface Parameters {
  readonly table: Float64Array;
  readonly columns: Float64Array;
}

/** An entity of a batch, with its vector minus the mean of the batch's golds, and the gradient of this vector. */
interface Node {
  readonly entity: Sparse;
  readonly vector: Float64Array;
  readonly gradient: Float64Array;
}

/** Adds the gradients of the mean loss of a batch's pairs. */
function addBatch(
  captions: readonly GoldCaption[],
  { table, columns }: Parameters,
  gradients: Parameters,
  settings: Settings,
  random: Random,
): void {
  const { rank, others } = settings;
  const all = captions.flatMap(({ golds }) => golds);
  const centre = meanVector(all, table, rank);
  const nodes: Node[] = [];
  const nodeOf = (entity: Sparse): Node => {
    const node = { entity, vector: new Float64Array(rank), gradient: new Float64Array(rank) };
    project(entity, table, rank, node.vector);
    for (let k = 0; k < rank; k++) node.vector[k]! -= centre[k]!;
    nodes.push(node);
    return node;
  };
  const golds = captions.map((caption) => caption.golds.map(nodeOf));
  const pairs = golds.reduce((sum, { length }) => sum + length * (length - 1), 0);
  captions.forEach(({ rivals }, at) => {
    const strangers = golds.flatMap((list, other) => (other === at ? [] : list));
    golds[at]!.forEach((b, j) => {
      const drawn =
        rivals[j]!.length === 0
          ? []
          : Array.from({ length: settings.rivals }, () =>
              nodeOf(rivals[j]![random.below(rivals[j]!.length)]!),
            );
      golds[at]!.forEach((a, i) => {
        if (i === j || a.entity === b.entity) return;
        addChoice(
          a,
          [b, ...drawn.filter(({ entity }) => entity !== a.entity)],
          columns,
          gradients.columns,
          1 / pairs,
        );
        if (others > 0) addChoice(a, [b, ...strangers], columns, gradients.columns, others / pairs);
      });
    });
  });
  // The vectors of all nodes contain −centre, which depends on the golds.
  const sum = new Float64Array(rank);
  for (const { gradient } of nodes) for (let k = 0; k < rank; k++) sum[k]! += gradient[k]! / all.length;
  for (const { gradient } of golds.flat()) for (let k = 0; k < rank; k++) gradient[k]! -= sum[k]!;
  for (const { entity, gradient } of nodes) addOuter(entity, gradient, rank, gradients.table);
}

/** Adds the gradients of −weight · log softmax(S(a, ·)) at the first of the `options`. */
function addChoice(
  a: Node,
  options: readonly Node[],
  columns: Float64Array,
  columnGradient: Float64Array,
  weight: number,
): void {
  const scaled = a.vector.map((value, k) => value * columns[k]!);
  const logits = options.map(({ vector }) => dot(scaled, vector));
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const mean = new Float64Array(columns.length);
  options.forEach(({ vector, gradient }, at) => {
    const slope = weight * (powers[at]! / total - Number(at === 0));
    for (let k = 0; k < mean.length; k++) {
      mean[k]! += slope * vector[k]!;
      gradient[k]! += slope * scaled[k]!;
    }
  });
  for (let k = 0; k < mean.length; k++) {
    columnGradient[k]! += a.vector[k]! * mean[k]!;
    a.gradient[k]! += columns[k]! * mean[k]!;
  }
}

/** Returns a step of Adam (Kingma and Ba 2015) for an array of `size` values. */
function adam(size: number): (values: Float64Array, gradient: Float64Array, rate: number) => void {
  const [mean, square] = [new Float64Array(size), new Float64Array(size)];
  let step = 0;
  return (values, gradient, rate) => {
    step++;
    const scale = (rate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
    for (let i = 0; i < size; i++) {
      mean[i] = 0.9 * mean[i]! + 0.1 * gradient[i]!;
      square[i] = 0.999 * square[i]! + 0.001 * gradient[i]! ** 2;
      values[i]! -= (scale * mean[i]!) / (Math.sqrt(square[i]!) + 1e-8);
    }
  };
}
