import { createRandom } from "../../core/index.js";
import { readTensors, type StoredTensors } from "../../formats/safetensors/index.js";
import { createGraph } from "../../tensor/onnx/index.js";
import { type MmelArchitecture, passesOf } from "./config.js";
import { network, similarity } from "./network.js";

/** A weight of a model, with its name in graph and checkpoint. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
}

const ENCODER = "encoder.";

/** Returns every weight of a model, text encoder (`encoder.…`) and head, by building the graph that declares them. */
export function parametersOf(model: MmelArchitecture): readonly Parameter[] {
  const graph = createGraph();
  const lengths = Object.fromEntries(passesOf(model.head).map((pass) => [pass, 8]));
  network(graph, model, { pairs: 1, lengths }, 0);
  const feature = graph.input("feature", [1, model.head.d]);
  similarity(feature, feature, 0);
  return graph.parameters.map(({ name, shape }) => ({ name, shape: shape as readonly number[] }));
}

/**
 * Returns the weights before training: those of a pretrained text encoder under a random head that the seed determines.
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
  await readTensors(pretrained, (name) => weights.get(ENCODER + name)!);
  return weights;
}

/**
 * Returns the initial values of a weight, which depend on the seed and its name only: matrices are uniform (Glorot and
 * Bengio 2010), the "no image" vector is normal with a length of about 1 like an image vector, norms are 1, biases 0.
 */
export function initialValues({ name, shape }: Parameter, seed: number | string): Float32Array {
  const random = createRandom(`${seed}/${name}`);
  const values = zeros(shape);
  const [rows = 1, columns] = shape;
  if (columns !== undefined) {
    const bound = Math.sqrt(6 / (rows + columns));
    return values.map(() => bound * (2 * random.next() - 1));
  }
  if (name === "image.none") return values.map(() => random.normal() / Math.sqrt(rows));
  return name.endsWith(".weight") ? values.fill(1) : values;
}

const zeros = (shape: readonly number[]): Float32Array =>
  new Float32Array(shape.reduce((size, dim) => size * dim, 1));
