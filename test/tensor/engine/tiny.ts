import { createRandom } from "../../../src/core/index.js";
import type { Tensors, Weight } from "../../../src/tensor/engine/index.js";
import * as o from "../../../src/tensor/onnx/index.js";

/** A tiny model: embeddings of words, each used many times, and one hidden layer predict a number. */
const WORDS = 12;
const WIDTH = 8;
export const LENGTH = 40;

export interface TinyOptions {
  readonly dropout?: number;
  readonly trainable?: (name: string) => boolean;
}

/** Mean squared error of `batch` samples: words [batch, LENGTH], target [batch]. */
export function tinyTraining(
  batch: number,
  { dropout = 0, trainable = () => true }: TinyOptions = {},
): o.Program {
  const graph = o.createGraph({ training: true, trainable });
  const { y, prediction } = predict(graph, batch, dropout);
  const difference = o.sub(prediction, graph.input("target", [batch]));
  const loss = o.reduceMean(o.mul(difference, difference));
  return o.compile({ loss, y }, { gradients: o.backward(loss) });
}

/** The prediction of the same model, for any number of samples. */
export function tinyInference(): o.Program {
  return o.compile({ prediction: predict(o.createGraph(), "batch", 0).prediction });
}

function predict(graph: o.Graph, batch: o.Dim, dropout: number) {
  const words = graph.input("words", [batch, LENGTH], "int64");
  const embedded = graph.scope("encoder", () => o.gather(graph.parameter("words", [WORDS, WIDTH]), words));
  const y = graph.scope("head", () => {
    const hidden = o.gelu(
      o.linear(embedded, graph.parameter("w1", [16, WIDTH]), graph.parameter("b1", [16])),
    );
    return o.linear(
      o.reduceMean(o.dropout(hidden, dropout), [1]),
      graph.parameter("w2", [1, 16]),
      graph.parameter("b2", [1]),
    );
  });
  return { y, prediction: o.reshape(y, [batch]) };
}

export function tinyWeights(): Weight[] {
  const random = createRandom(5);
  return tinyTraining(1).parameters.map(({ name, shape }) => {
    const sizes = shape as number[];
    const length = sizes.reduce((a, b) => a * b, 1);
    const data = Float32Array.from({ length }, () => random.normal() * 0.5);
    return { name, shape: sizes, source: { kind: "data", data } };
  });
}

export function tinyInputs(batch: number, seed: number): Tensors {
  const random = createRandom(seed);
  const words = BigInt64Array.from({ length: batch * LENGTH }, () => BigInt(random.below(WORDS)));
  const target = Float32Array.from({ length: batch }, () => random.next());
  return { words: { data: words, shape: [batch, LENGTH] }, target: { data: target, shape: [batch] } };
}
