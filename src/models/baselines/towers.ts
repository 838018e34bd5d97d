/**
 * What the baselines read: words and images of one side, and what they make of a list of words. N is the number of rows
 * of a side, L its padded length, d_t the width of the text encoder, d the width of the head.
 */
import { type TextEncoderConfig, textEncoder } from "../../encoders/index.js";
import { attentionBias, linear } from "../../tensor/nn.js";
import {
  add,
  cast,
  concat,
  type Dim,
  div,
  type Graph,
  gather,
  leading,
  mul,
  pad,
  reduceSum,
  reshape,
  sigmoid,
  slice,
  sub,
  tanh,
  type Value,
  where,
} from "../../tensor/onnx/index.js";
import type { BaselinePass } from "./table.js";

/** A list of vectors for each row of a side: the states of tokens, or the views of an image. */
export interface Words {
  /** [N, L, width] */
  readonly x: Value;
  /** Whether a vector counts, bool [N, L]; undefined if all do. */
  readonly mask?: Value;
}

/** The inputs `PASS.ids` (int64) and the masks of a pass (bool), all [N, L]. */
export function passInputs(graph: Graph, pass: BaselinePass, shape: readonly [Dim, Dim]) {
  const input = (name: string): Value => graph.input(`${pass}.${name}`, shape, "bool");
  return {
    ids: graph.input(`${pass}.ids`, shape, "int64"),
    segments: input("segments"),
    attention: input("attention"),
    context: input("context"),
    entity: input("entity"),
  };
}

export type PassInputs = ReturnType<typeof passInputs>;

/** Encodes a pass: the states of its tokens [N, L, d_t], special tokens included. */
export function encoded(encoder: TextEncoderConfig, inputs: PassInputs): Words {
  const x = inputs.ids.graph.scope("encoder", () => textEncoder(encoder, inputs));
  return { x, mask: inputs.attention };
}

/** The text encoder's word embeddings, [vocabulary, d_t]. */
export const embeddings = (graph: Graph, { vocab_size, hidden_size }: TextEncoderConfig): Value =>
  graph.scope("encoder.embeddings", () =>
    graph.parameter("word_embeddings.weight", [vocab_size, hidden_size]),
  );

/** Looks up a pass in the word embeddings, without context: [N, L, d_t]. */
export const embedded = (encoder: TextEncoderConfig, { ids, attention }: PassInputs): Words => ({
  x: gather(embeddings(ids.graph, encoder), ids),
  mask: attention,
});

/** The views of each row's image, [N, v, d_v]; the learned vector `image.none` [d_v] replaces a missing view. */
export function views(vectors: Value, present: Value): Words {
  const { graph } = vectors;
  const none = graph.scope("image", () => graph.parameter("none", [vectors.shape[2] as number]));
  return { x: where(reshape(present, [...present.shape, 1]), vectors, none) };
}

/** The same words with other vectors. */
export const map = (words: Words, change: (x: Value) => Value): Words => ({ ...words, x: change(words.x) });

/** The vectors that count; the others are 0. */
const counted = ({ x, mask }: Words): Value =>
  mask === undefined ? x : where(reshape(mask, [...mask.shape, 1]), x, 0);

/** The mean over the words: [N, L, w] -> [N, w]. */
export function mean(words: Words): Value {
  const sum = reduceSum(counted(words), [1]);
  const { x, mask } = words;
  if (mask === undefined) return mul(sum, 1 / (x.shape[1] as number));
  return div(sum, reduceSum(cast(mask, "float32"), [1], { keepDims: true }));
}

/** The state of the first token, [CLS]: [N, L, w] -> [N, w]. */
export const first = ({ x }: Words): Value =>
  reshape(slice(x, 1, 0, 1), [x.shape[0] as Dim, x.shape[2] as Dim]);

/** An attention bias with which queries attend to these words: [N, 1, 1, L], or nothing if all words count. */
export function attending({ mask }: Words): { bias?: Value } {
  if (mask === undefined) return {};
  const [rows, length] = mask.shape as [Dim, Dim];
  return { bias: attentionBias(reshape(mask, [rows, 1, length])) };
}

/**
 * Phrases: a linear map of each word and the `size` - 1 words before it, which is a convolution: [N, L, w] -> [N, L, d].
 * Before the first word is 0. Padding comes last, so it does not reach the words that count.
 */
export function phrases(name: string, { x }: Words, size: number, d: number): Value {
  const before = Array.from({ length: size - 1 }, (_, at) => shifted(x, at + 1));
  return linear(name, concat([x, ...before], -1), d);
}

/** The words `by` places further back, [N, L, w]; the first `by` places are 0. */
const shifted = (x: Value, by: number): Value => leading(pad(x, 1, by, 0), x, 1, 1);

/**
 * A gated recurrent unit (Cho et al. 2014, with PyTorch's equations) over the words that count, from the first to the last
 * or backwards: [N, L, w] -> the states [N, L, d] and the final state [N, d]. L must be a number.
 */
export function gru(name: string, { x, mask }: Words, d: number, backwards = false): Words & { last: Value } {
  const { graph } = x;
  const [rows, length] = x.shape as [Dim, number];
  const at = (values: Value, place: number, width: number): Value =>
    reshape(slice(values, 1, place, place + 1), [rows, width]);
  return graph.scope(name, () => {
    const given = linear("input", x, 3 * d); // [N, L, 3 d]
    let h = graph.constant(new Float32Array(d), [1, d]);
    const states: Value[] = [];
    for (let step = 0; step < length; step++) {
      const place = backwards ? length - 1 - step : step;
      const next = gruStep(at(given, place, 3 * d), h, d);
      h = mask === undefined ? next : where(at(mask, place, 1), next, h);
      states.push(reshape(h, [rows, 1, d]));
    }
    const [head, ...rest] = backwards ? states.reverse() : states;
    return { x: concat([head!, ...rest], 1), last: h, ...(mask && { mask }) };
  });
}

/** h' = (1 - z) n + z h with r, z = sigmoid(x + U h) and n = tanh(x + r U h): given [N, 3 d] and h [N, d] -> [N, d]. */
function gruStep(given: Value, h: Value, d: number): Value {
  const own = linear("hidden", h, 3 * d);
  const part = (values: Value, index: number): Value => slice(values, 1, index * d, (index + 1) * d);
  const r = sigmoid(add(part(given, 0), part(own, 0)));
  const z = sigmoid(add(part(given, 1), part(own, 1)));
  const n = tanh(add(part(given, 2), mul(r, part(own, 2))));
  return add(mul(sub(1, z), n), mul(z, h));
}
