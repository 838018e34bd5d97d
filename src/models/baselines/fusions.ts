/** How a baseline turns the words and the image of a side into one vector: one function a `Baseline.fuse`. */
import { attention, feedForward, linear, norm, project } from "../../tensor/nn.js";
import {
  add,
  concat,
  type Dim,
  div,
  matmul,
  mul,
  reduceMax,
  reduceSum,
  relu,
  reshape,
  sigmoid,
  slice,
  softmax,
  sub,
  tanh,
  type Value,
  where,
} from "../../tensor/onnx/index.js";
import { attending, first, gru, map, mean, phrases, type Words } from "./towers.js";

/** Width, heads and dropout rate of the head. */
export interface Sizes {
  readonly d: number;
  readonly heads: number;
  readonly dropout: number;
}

/** LN(ReLU(W x + b)): words of any width -> words of width d. */
const projected = (name: string, words: Words, d: number): Words =>
  map(words, (x) => x.graph.scope(name, () => norm("norm", relu(linear("projection", x, d)))));

/** LN(x + MHA(x, keys)). */
function attended(name: string, queries: Words, keys: Words, sizes: Sizes): Words {
  const options = { ...sizes, ...attending(keys) };
  return map(queries, (x) =>
    x.graph.scope(name, () => norm("norm", add(x, attention("attention", x, keys.x, options)))),
  );
}

/** The maximum over the words that count: [N, L, d] -> [N, d]. */
function largest({ x, mask }: Words): Value {
  if (mask === undefined) return reduceMax(x, [1]);
  return reduceMax(where(reshape(mask, [...mask.shape, 1]), x, Number.NEGATIVE_INFINITY), [1]);
}

// ---- JMEL ----

/** ReLU(W [text; image]), then the joint space: the means of both -> [N, d]. */
export const concatenated = (text: Words, image: Words, d: number): Value =>
  linear("joint", relu(linear("both", concat([mean(text), mean(image)], -1), d)), d);

// ---- DZMNED ----

/** Attention over modalities, each brought to width d: a = softmax(W [all]) and Σ a_i m_i, projected -> [N, d]. */
export function overModalities(text: Words, letters: Words, image: Words, d: number): Value {
  const modalities = [
    linear("text", mean(text), d),
    gru("letters", letters, d).last,
    linear("image", mean(image), d),
  ] as const;
  const share = softmax(linear("modalities", concat(modalities, -1), modalities.length)); // [N, 3]
  const weighted = modalities.map((modality, at) => mul(modality, slice(share, -1, at, at + 1)));
  return linear(
    "out",
    weighted.reduce((a, b) => add(a, b)),
    d,
  );
}

// ---- GHMFC ----

/** The features of the text and of the image before the gate, each [N, d], for the contrast between them. */
export interface Both {
  readonly text: Value;
  readonly image: Value;
}

/**
 * The hierarchy of GHMFC: cross-attention both ways with words, then with phrases (the largest of convolutions of one, two and
 * three words), the maximum of each, and the sum of both levels. Without an image, words and phrases attend to
 * themselves.
 */
export function levels(text: Words, image: Words | undefined, sizes: Sizes): { text: Value; image?: Value } {
  const { d } = sizes;
  const words = projected("text", text, d);
  const regions = image && projected("image", image, d);
  const level = (name: string, units: Words) =>
    units.x.graph.scope(name, () => ({
      text: largest(attended("text", units, regions ?? units, sizes)),
      image: regions && largest(attended("image", regions, units, sizes)),
    }));
  const low = level("word", words);
  const high = level(
    "phrase",
    map(words, () => largestPhrases(words, d)),
  );
  return {
    text: norm("textNorm", add(low.text, high.text)),
    ...(low.image && high.image && { image: norm("imageNorm", add(low.image, high.image)) }),
  };
}

/** The largest of the phrases of one, two and three words that end at each word: [N, L, d]. */
function largestPhrases(words: Words, d: number): Value {
  const { x } = words;
  const all = [1, 2, 3].map((size) =>
    reshape(tanh(phrases(`phrases.${size}`, words, size, d)), [...x.shape, 1]),
  ) as [Value, Value, Value];
  return reduceMax(concat(all, -1), [-1]);
}

/** g = sigmoid(W [text; image]) and g text + (1 - g) image: [N, d]. */
export function gated({ text, image }: Both, d: number): Value {
  const g = sigmoid(linear("gate", concat([text, image], -1), d));
  return add(mul(g, text), mul(sub(1, g), image));
}

// ---- HieCoATT-Alter ----

/**
 * Alternating co-attention: text alone, then the image guided by the text, then the text guided by the image, at the levels
 * of words, phrases and sentence. h = tanh(W [text + image; h of the level below]), and a last linear map -> [N, d].
 */
export function alternating(text: Words, image: Words, sizes: Sizes): Value {
  const { d } = sizes;
  const words = map(text, (x) => linear("text", x, d));
  const regions = map(image, (x) => linear("image", x, d));
  const phrased = map(words, () => largestPhrases(words, d));
  const sentence = attended("sentence", phrased, phrased, sizes);
  let h: Value | undefined;
  for (const [name, units] of Object.entries({ word: words, phrase: phrased, whole: sentence }))
    h = units.x.graph.scope(name, () => {
      const alone = guided("alone", units, undefined, d);
      const seen = guided("image", regions, alone, d);
      const both = add(guided("text", units, seen, d), seen);
      return tanh(linear("encode", h === undefined ? both : concat([both, h], -1), d));
    });
  return linear("out", h!, d);
}

/** H = tanh(W_x X + W_g g), a = softmax(w H) and Σ a X: words [N, L, d] and a guide [N, d] -> [N, d]. */
function guided(name: string, words: Words, guide: Value | undefined, d: number): Value {
  const { x, mask } = words;
  const [rows, length] = x.shape as [Dim, Dim];
  return x.graph.scope(name, () => {
    const own = linear("own", x, d);
    const hidden = tanh(
      guide === undefined ? own : add(own, reshape(project("guide", guide, d), [rows, 1, d])),
    );
    const scores = reshape(project("weight", hidden, 1), [rows, 1, length]);
    const kept = mask === undefined ? scores : where(reshape(mask, [rows, 1, length]), scores, MASKED);
    return reshape(matmul(softmax(kept), x), [rows, d]); // [N, 1, L] . [N, L, d]
  });
}

/** The score of a masked word: low enough that its share is exactly 0. */
const MASKED = -1e30;

// ---- LXMERT ----

/**
 * Cross-modal layers: cross-attention both ways with shared weights, then self-attention and a feed-forward layer in
 * either modality, each with residual and norm. The result is tanh(W [CLS]): [N, d].
 */
export function crossModal(text: Words, image: Words, sizes: Sizes, layers = 2): Value {
  const { d, dropout } = sizes;
  let words = projected("text", text, d);
  let regions = projected("image", image, d);
  const own = (name: string, units: Words): Words =>
    units.x.graph.scope(name, () => {
      const within = attended("self", units, units, sizes);
      return map(within, (x) =>
        norm("norm", add(x, feedForward("ffn", x, { inner: 2 * d, width: d, dropout }))),
      );
    });
  for (let layer = 0; layer < layers; layer++)
    [words, regions] = words.x.graph.scope(`cross.${layer}`, () => [
      own("text", attended("both", words, regions, sizes)),
      own("image", attended("both", regions, words, sizes)),
    ]);
  return tanh(linear("pooler", first(words), d));
}

// ---- ARNN ----

/**
 * Attention of ARNN: a = sigmoid(h W e), normalised to the sum 1 over the words that count, and Σ a h: states h [P, L, d],
 * or one row for all pairs, and an entity [P, d] -> [P, d].
 */
export function windowed(name: string, { x, mask }: Words, entity: Value, d: number): Value {
  const [pairs] = entity.shape as [Dim];
  const weights = sigmoid(matmul(x, reshape(project(name, entity, d), [pairs, d, 1]))); // [P, L, 1]
  const kept = mask === undefined ? weights : where(reshape(mask, [...mask.shape, 1]), weights, 0);
  return div(reduceSum(mul(x, kept), [1]), reduceSum(kept, [1]));
}
