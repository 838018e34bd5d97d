import { createRandom } from "../../src/core/index.js";
import { parseEncoderConfig, textEncoder } from "../../src/encoders/index.js";
import { initialValues } from "../../src/models/mmel/weights.js";
import type { Tensors, Weight } from "../../src/tensor/engine/index.js";
import {
  backward,
  compile,
  createGraph,
  type Dim,
  type Divisors,
  mul,
  type Program,
  reduceMean,
  sub,
} from "../../src/tensor/onnx/index.js";

/** Dimensions of the text encoder on both sides (those of all-MiniLM-L6-v2) and of its input. The weights are random. */
export const SHAPE = {
  vocabulary: 30522,
  hidden: 384,
  layers: 6,
  heads: 12,
  intermediate: 1536,
  batch: 32,
  length: 96,
  dropout: 0.1,
  threads: 2,
};

/** Rows per micro-batch. A training step accumulates the gradients of its micro-batches. */
export const MICRO = 8;

export const CONFIG = parseEncoderConfig(
  {
    model_type: "bert",
    vocab_size: SHAPE.vocabulary,
    hidden_size: SHAPE.hidden,
    num_hidden_layers: SHAPE.layers,
    num_attention_heads: SHAPE.heads,
    intermediate_size: SHAPE.intermediate,
    max_position_embeddings: 512,
    type_vocab_size: 2,
    hidden_dropout_prob: SHAPE.dropout,
    attention_probs_dropout_prob: SHAPE.dropout,
  },
  "bench/engine",
);

function encode(training: boolean, rows: Dim, length: Dim, int8: Divisors = new Map()) {
  const graph = createGraph({ training, int8 });
  const ids = graph.input("ids", [rows, length], "int64");
  const segments = graph.input("segments", [rows, length], "bool");
  const attention = graph.input("attention", [rows, length], "bool");
  return { graph, hidden: textEncoder(CONFIG, { ids, segments, attention }) };
}

export const forwardProgram = (int8?: Divisors): Program =>
  compile({ hidden: encode(false, "rows", "length", int8).hidden });

/** Compiles the same program with all linear maps in int8. The divisors do not affect the time. */
export function int8Program(): Program {
  const maps = forwardProgram().parameters.filter(
    ({ name, shape }) => shape.length === 2 && !name.startsWith("embeddings."),
  );
  return forwardProgram(
    new Map(maps.map(({ name, shape }) => [name, new Float32Array(shape[1] as number).fill(8)])),
  );
}

/**
 * Compiles the program of a training step. The loss is the mean squared difference between the hidden states and a target;
 * the program also computes the gradients of all weights.
 */
export function stepProgram(): Program {
  const { graph, hidden } = encode(true, MICRO, SHAPE.length);
  const difference = sub(hidden, graph.input("target", [MICRO, SHAPE.length, SHAPE.hidden]));
  const loss = reduceMean(mul(difference, difference));
  return compile({ loss }, { gradients: backward(loss) });
}

export const weightsOf = ({ parameters }: Pick<Program, "parameters">): Weight[] =>
  parameters.map(({ name, shape }) => {
    const sizes = shape as readonly number[];
    return {
      name,
      shape: sizes,
      source: { kind: "data", data: initialValues({ name, shape: sizes }, 1) },
    };
  });

const random = createRandom(1);

export function textInputs(rows: number, length: number): Tensors {
  const shape = [rows, length];
  const ids = BigInt64Array.from({ length: rows * length }, () =>
    BigInt(1000 + random.below(SHAPE.vocabulary - 1000)),
  );
  return {
    ids: { data: ids, shape },
    segments: { data: new Uint8Array(rows * length), shape },
    attention: { data: new Uint8Array(rows * length).fill(1), shape },
  };
}

export function target(rows: number): Tensors {
  const shape = [rows, SHAPE.length, SHAPE.hidden];
  const data = Float32Array.from({ length: rows * SHAPE.length * SHAPE.hidden }, () => random.normal());
  return { target: { data, shape } };
}

export const UPDATE = { learningRate: 5e-5, weightDecay: 0.05, clip: 1, seed: 1 };
