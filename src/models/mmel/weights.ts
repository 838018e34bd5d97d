import { createGraph } from "../../tensor/onnx/index.js";
import { type MmelArchitecture, pairs, passesOf } from "./network.js";
import { similarity } from "./similarity.js";

/** A weight of a model, by the name it has in graph and checkpoint. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether weight decay applies: to matrices, not to biases and norms. */
  readonly decays: boolean;
}

/** Every weight of a model, text encoder (`encoder.…`) and head, as the builder itself declares them. */
export function parametersOf(model: MmelArchitecture): readonly Parameter[] {
  const graph = createGraph();
  const lengths = Object.fromEntries(passesOf(model.head).map((pass) => [pass, 8]));
  pairs(graph, model, { pairs: 1, lengths }, 0);
  const feature = graph.input("feature", [1, model.head.d]);
  similarity(feature, feature, 0);
  return graph.parameters.map(({ name, shape }) => ({
    name,
    shape: shape as readonly number[],
    decays: shape.length > 1,
  }));
}

export const isEncoder = ({ name }: Parameter): boolean => name.startsWith("encoder.");
