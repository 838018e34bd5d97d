import { createRandom } from "../../core/index.js";
import { readTensors, type StoredTensors } from "../../formats/safetensors/index.js";
import { createGraph } from "../../tensor/onnx/index.js";
import { baselineOf, type MmelArchitecture, passLengths } from "./config.js";
import { network, similarity } from "./network.js";
import { trainingLoss } from "./programs.js";

/** Name and shape of a weight. The name is the same in the graph and in a checkpoint. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
}

const ENCODER = "encoder.";

/**
 * Returns all weights of a model: the weights of the text encoder (`encoder.…`) and of the head. Builds the graph to
 * determine their names and shapes.
 */
export function parametersOf(model: MmelArchitecture): readonly Parameter[] {
  const graph = createGraph();
  const { head } = model;
  const lengths = passLengths(head, () => 8);
  if (baselineOf(head) === undefined) {
    network(graph, model, { pairs: 1, lengths }, 0);
    const feature = graph.input("feature", [1, head.d]);
    similarity(feature, feature, 0);
  } else
    trainingLoss(graph, model, { groups: 1, mentions: 2, candidates: 2, lengths }, { margin: 0, dropout: 0 });
  return graph.parameters.map(({ name, shape }) => ({ name, shape: shape as readonly number[] }));
}

/**
 * Returns the weights before training: the pretrained weights of the text encoder and random weights for the head. The
 * seed determines the random weights.
 */
export async function initialWeights(
  model: MmelArchitecture,
  pretrained: StoredTensors,
  seed: number | string,
): Promise<ReadonlyMap<string, Float32Array>> {
  const weights = new Map<string, Float32Array>();
  for (const parameter of parametersOf(model)) {
    const { name, shape } = parameter;
    weights.set(name, name.startsWith(ENCODER) ? zeros(shape) : initialValues(parameter, seed));
  }
  const read = new Map([...pretrained].filter(([name]) => weights.has(ENCODER + name)));
  await readTensors(read, (name) => weights.get(ENCODER + name)!);
  return weights;
}

/**
 * Returns the initial values of a weight. They depend only on the seed and on the weight's name and shape. Matrices are
 * drawn from a uniform distribution (Glorot and Bengio 2010), normalisation weights are 1, and biases are 0. The "no
 * image" vector is drawn from a normal distribution and has a length of about 1, like an image vector.
 */
export function initialValues({ name, shape }: Parameter, seed: number | string): Float32Array {
  const random = createRandom(`${seed}/${name}`);
  const values = zeros(shape);
  const [rows = 1, columns] = shape;
  if (columns !== undefined) {
    const bound = Math.sqrt(6 / (rows + columns));
    return values.map(() => bound * (2 * random.next() - 1));
  }
  if (name.endsWith("image.none")) return values.map(() => random.normal() / Math.sqrt(rows));
  return name.endsWith(".weight") ? values.fill(1) : values;
}

const zeros = (shape: readonly number[]): Float32Array =>
  new Float32Array(shape.reduce((size, dim) => size * dim, 1));
