/**
 * The network of the paper (sections 3.2 to 3.4), in the order of its equations. The encoder of section 3.2.1 is
 * `textEncoder`. Multi-head attention and feed-forward layers are in tensor/nn.ts, the losses in loss.ts.
 *
 * - P pairs of a mention and a candidate entity, L text tokens, k image tokens per view, v views per image (paper: 1).
 * - d_t: width of the text encoder. d_v: width of an image vector. d: width of the head (the paper's d_v after
 *   projection).
 * - f_t [P, L, d_t] and f_v [P, 2 v, d_v]: features from the text encoder and the image encoder.
 * - U [P, L, d] and V [P, 2 v k, d]: projected text and image tokens.
 * - h [P, 2, d]: the fused features h^c and h^e. l: the match logit, from which `matchScores` computes m. S: similarity
 *   of two entities.
 *
 * The paper computes context and entity separately with shared weights. In this module, the tokens of both form one
 * list, and each token is labelled with its side (context or entity). Attention and pooling stay within a side unless a
 * comment states otherwise.
 */
import { type TextEncoderConfig, textEncoder } from "../../encoders/index.js";
import {
  attention,
  attentionBias,
  attentionBlock,
  feedForward,
  linear,
  norm,
  project,
} from "../../tensor/nn.js";
import {
  add,
  cast,
  concat,
  type Dim,
  dropout,
  equal,
  type Graph,
  linear as linearMap,
  matmul,
  mul,
  reduceMax,
  relu,
  reshape,
  sigmoid,
  slice,
  softmax,
  sub,
  type Value,
  where,
} from "../../tensor/onnx/index.js";
import { type MmelArchitecture, type MmelConfig, type Pass, variantOf } from "./config.js";
import type { Variant } from "./variants.js";

/** Sizes of a graph's inputs: the number of pairs, and the padded length of each pass. */
export interface PairShape {
  readonly pairs: Dim;
  readonly lengths: Readonly<Partial<Record<Pass, Dim>>>;
}

export interface PairOutputs {
  /** The two logits of equation 10, before its softmax: [P, 2]. */
  readonly logits: Value;
  /** Features h, context first: [P, 2, d]. */
  readonly features: Value;
}

/** The configuration of the head, the settings of its variant, and the dropout rate. */
type Head = MmelConfig & Variant & { readonly dropout: number };

/**
 * Builds the network and returns the logits and features of P pairs. The graph gets these inputs for each pass of the
 * text encoder: `PASS.ids` (int64), `PASS.segments`, `PASS.attention`, `PASS.context` and `PASS.entity` (bool), all
 * [P, L]. With images, it also gets `images.vectors` [P, 2 v, d_v], with the context's views before the entity's, and
 * `images.present` (bool) [P, 2 v].
 */
export function network(
  graph: Graph,
  { encoder, head: config }: MmelArchitecture,
  shape: PairShape,
  dropoutRate: number,
): PairOutputs {
  const head: Head = { ...config, ...variantOf(config), dropout: dropoutRate };
  const u = textTokens(graph, encoder, shape, head); // [P, L, d]
  const v = imageTokens(graph, shape.pairs, head); // [P, 2 v k, d]
  const h = fuse(u, v, head); // [P, 2, d]
  return { logits: matchLogits(h), features: h };
}

// ---- Sides: the masks of equations 1 and 3 ----

/** The tokens of the context and of the entity, with their sides. */
interface Tokens {
  /** Vectors of the n tokens of each pair, [P, n, d]. */
  readonly x: Value;
  /** The side of each token, int64 [P, n], or [1, n] if it is the same for all pairs. */
  readonly side: Value;
}

/**
 * Labels of the sides. Special tokens and padding belong to neither side: they are never pooled, and the head does not
 * attend to them.
 */
const SIDE = { none: 0, context: 1, entity: 2 } as const;

/**
 * Returns an attention bias that lets each query attend to the keys of its own side: [P, 1, n, m] for n queries and m
 * keys.
 */
function sameSide(queries: Tokens, keys: Tokens): Value {
  const [rows, n] = queries.side.shape as [number, number];
  const [keyRows, m] = keys.side.shape as [number, number];
  return attentionBias(equal(reshape(queries.side, [rows, n, 1]), reshape(keys.side, [keyRows, 1, m])));
}

/** Computes the maximum over the tokens of each side, context first: [P, n, d] -> [P, 2, d]. */
function poolSides({ x, side }: Tokens): Value {
  const [rows, n] = side.shape as [number, number];
  const pool = (label: number): Value => {
    const mask = reshape(equal(side, label), [rows, n, 1]);
    return reduceMax(where(mask, x, Number.NEGATIVE_INFINITY), [1], { keepDims: true });
  };
  return concat([pool(SIDE.context), pool(SIDE.entity)], 1);
}

/** Concatenates two lists of tokens: [P, n, d] and [P, m, d] -> [P, n + m, d]. */
function concatTokens(a: Tokens, b: Tokens): Tokens {
  const expanded = (side: Value, other: Value): Value => add(side, mul(slice(other, 1, 0, 1), 0)); // [1, n] -> [P, n]
  return {
    x: concat([a.x, b.x], 1),
    side: concat([expanded(a.side, b.side), expanded(b.side, a.side)], 1),
  };
}

// ---- 3.2.1 Textual features ----

/**
 * Computes U [P, L, d]. The text encoder processes a pair in one pass; in -JL_t and -JL, it encodes context and entity
 * separately.
 */
function textTokens(graph: Graph, encoder: TextEncoderConfig, shape: PairShape, head: Head): Tokens {
  const pass = (name: Pass): Tokens => encodeText(graph, encoder, name, shape, head);
  if (head.jointText) return pass("pair");
  const entity = pass("entity");
  return concatTokens(pass("context"), entity);
}

/** Encodes one pass: computes f_t [P, L, d_t], the masks of the pass (equation 1), and U [P, L, d] (equation 4). */
function encodeText(
  graph: Graph,
  encoder: TextEncoderConfig,
  pass: Pass,
  shape: PairShape,
  head: Head,
): Tokens {
  const length = shape.lengths[pass] ?? graph.fail("input", `no length for the pass "${pass}"`);
  const input = (name: string, dtype: "int64" | "bool"): Value =>
    graph.input(`${pass}.${name}`, [shape.pairs, length], dtype);
  const ids = input("ids", "int64");
  const segments = input("segments", "bool");
  const attention = input("attention", "bool");
  const ft = graph.scope("encoder", () => textEncoder(encoder, { ids, segments, attention })); // [P, L, d_t]
  const u = perceptron("text", ft, head.d, head);
  const labelled = (name: "context" | "entity"): Value => mul(cast(input(name, "bool"), "int64"), SIDE[name]);
  return { x: u, side: add(labelled("context"), labelled("entity")) };
}

// ---- 3.2.2 Visual features, and the perceptron of equations 2 and 4 ----

/** Computes V [P, 2 v k, d] after the joint image layers. Returns undefined for a variant without images. */
function imageTokens(graph: Graph, pairs: Dim, head: Head): Tokens | undefined {
  if (head.imageTokens === 0) return undefined;
  const views = 2 * head.imageViews;
  const vectors = graph.input("images.vectors", [pairs, views, head.imageWidth]);
  const present = graph.input("images.present", [pairs, views], "bool");
  return jointImageLayers(projectImages(vectors, present, head), head);
}

/**
 * Computes equation 2: f_v [P, 2 v, d_v] -> V [P, 2 v k, d]. The learned vector `image.none` [d_v] replaces missing
 * images.
 */
function projectImages(vectors: Value, present: Value, head: Head): Tokens {
  const { graph } = vectors;
  const [pairs, views] = present.shape as [number, number];
  const none = graph.scope("image", () => graph.parameter("none", [head.imageWidth]));
  const fv = where(reshape(present, [pairs, views, 1]), vectors, none);
  const wide = perceptron("image", fv, head.imageTokens * head.d, head); // [P, 2 v, k d]
  const tokens = views * head.imageTokens;
  const sides = BigInt64Array.from({ length: tokens }, (_, token) =>
    BigInt(token < tokens / 2 ? SIDE.context : SIDE.entity),
  );
  return { x: reshape(wide, [pairs, tokens, head.d]), side: graph.constant(sides, [1, tokens]) };
}

/**
 * Computes equations 2 and 4: Drop(LN(ReLU(x W + b))). Norm and dropout come from the authors' code; the norm is
 * optional.
 */
function perceptron(name: "text" | "image", x: Value, width: number, head: Head): Value {
  return x.graph.scope(name, () => {
    const projected = relu(linear("projection", x, width));
    return dropout(head.projectionNorm ? norm("norm", projected) : projected, head.dropout);
  });
}

/**
 * Applies the q joint image layers before equation 3. Each layer consists of two self-attentions and a feed-forward
 * layer, with residuals and norms. Context and entity images attend to each other; in -JL_v and -JL, they attend only
 * to images of their own side.
 */
function jointImageLayers(images: Tokens, { d, heads, jointLayers, jointImage, dropout }: Head): Tokens {
  const bias = jointImage ? {} : { bias: sameSide(images, images) };
  const selfAttention = (name: string, z: Value) => attention(name, z, z, { heads, dropout, ...bias });
  const layer = (z0: Value): Value => {
    const z1 = norm("norm1", add(z0, selfAttention("attention1", z0)));
    const z2 = norm("norm2", add(z1, selfAttention("attention2", z1)));
    return norm("norm3", add(z2, feedForward("ffn", z2, { inner: 2 * d, width: d, dropout })));
  };
  let z = images.x; // [P, 2 v k, d]
  for (let q = 0; q < jointLayers; q++) z = z.graph.scope(`joint.${q}`, () => layer(z));
  return { ...images, x: z };
}

// ---- 3.3 Multimodal learning ----

/**
 * Computes h [P, 2, d] from the text tokens U and the image tokens V. Without images, h is computed from the text
 * alone: one co-attention block, then pooling.
 */
function fuse(u: Tokens, v: Tokens | undefined, head: Head): Value {
  if (v === undefined) return poolSides(coAttention("text", u, u, head));
  const [text, images] = head.fusion === "m-encoder" ? mEncoder(u, v, head) : mcm(u, v, head);
  return gate(poolSides(text), poolSides(images), head); // the max of equation 7
}

/**
 * Computes equations 5 and 6: one block of MCM, within each side. Queries [P, n, d] and keys [P, m, d] -> [P, n, d].
 */
function coAttention(name: string, queries: Tokens, keys: Tokens, { heads, dropout }: Head): Tokens {
  const bias = sameSide(queries, keys);
  return { ...queries, x: attentionBlock(`mcm.${name}`, queries.x, keys.x, { heads, dropout, bias }) };
}

/**
 * Computes equation 7, the hierarchical multimodal co-attention, without its final maximum. Images attend to themselves
 * and then to the text. The text attends to itself and then to the resulting image tokens. In the paper, the keys of
 * the last block are the pooled images; attention over a single key is constant, so this function uses the unpooled
 * image tokens as keys.
 */
function mcm(u: Tokens, v: Tokens, head: Head): [text: Tokens, images: Tokens] {
  const v1 = coAttention("image", v, v, head);
  const v2 = coAttention("imageText", v1, u, head);
  const u1 = coAttention("text", u, u, head);
  const u2 = coAttention("textImage", u1, v2, head);
  return [u2, v2];
}

/**
 * Applies the M-Encoder of MKGformer (Chen et al., SIGIR 2022), which the variant MMEL-M-Encoder uses instead of MCM.
 */
function mEncoder(u: Tokens, v: Tokens, head: Head): [text: Tokens, images: Tokens] {
  let [text, images] = [u, v];
  for (let layer = 0; layer < head.mEncoderLayers; layer++)
    [text, images] = u.x.graph.scope(`mEncoder.${layer}`, () => mEncoderLayer(text, images, head));
  return [text, images];
}

/**
 * Computes U' = LN(U + MHA(U, U, U)); V' = LN(V + MHA(V, [V; U'], [V; U'])); U'' = LN(U' + W_2 ReLU(U' W_1 + G W_3 +
 * b_1) + b_2) with G from `correlate`; V'' = LN(V' + FFN(V')).
 */
function mEncoderLayer(u: Tokens, v: Tokens, head: Head): [text: Tokens, images: Tokens] {
  const { d, heads, dropout: rate } = head;
  const attend = (name: string, queries: Tokens, keys: Tokens): Value =>
    attention(name, queries.x, keys.x, { heads, dropout: rate, bias: sameSide(queries, keys) });
  const u1 = { ...u, x: norm("textNorm1", add(u.x, attend("textAttention", u, u))) };
  const v1 = { ...v, x: norm("imageNorm1", add(v.x, attend("imageAttention", v, concatTokens(v, u1)))) };
  const inner = add(linear("textFfn.in", u1.x, 2 * d), project("correlation", correlate(u1, v1), 2 * d));
  const u2 = norm("textNorm2", add(u1.x, linear("textFfn.out", dropout(relu(inner), rate), d)));
  const ffn = feedForward("imageFfn", v1.x, { inner: 2 * d, width: d, dropout: rate });
  const v2 = norm("imageNorm2", add(v1.x, ffn));
  return [
    { ...u, x: u2 },
    { ...v, x: v2 },
  ];
}

/** Computes G = softmax(U V^T / sqrt d) V within each side: U [P, n, d] and V [P, m, d] -> [P, n, d]. */
function correlate(u: Tokens, v: Tokens): Value {
  const [pairs, n, d] = u.x.shape as [number, number, number];
  const m = v.x.shape[1] as number;
  const oneHead = (x: Value, rows: number): Value => reshape(x, [pairs, 1, rows, d]);
  // [P, 1, n, d] . [P, 1, m, d]^T -> [P, 1, n, m]
  const scores = matmul(oneHead(u.x, n), oneHead(v.x, m), { transposeB: true, scale: 1 / Math.sqrt(d) });
  return reshape(matmul(softmax(add(scores, sameSide(u, v))), oneHead(v.x, m)), [pairs, n, d]);
}

/**
 * Computes equations 8 and 9: g = softmax(FFN([f_t; f_v])) and h = g_1 f_t + g_2 f_v, with f_t, f_v and h [P, 2, d].
 */
function gate(ft: Value, fv: Value, { d, dropout }: Head): Value {
  const g = softmax(feedForward("gate", concat([ft, fv], -1), { inner: d, width: 2, dropout })); // [P, 2, 2]
  return add(mul(slice(g, -1, 0, 1), ft), mul(slice(g, -1, 1, 2), fv));
}

/**
 * Computes equation 10 without its softmax: the logits for "no match" and "match", from [h^c; h^e]: h [P, 2, d]
 * -> [P, 2].
 */
function matchLogits(h: Value): Value {
  const [pairs, sides, d] = h.shape as [number, number, number];
  return linear("match", reshape(h, [pairs, sides * d]), 2);
}

/**
 * Computes l, the difference between the two logits, so that sigmoid(l) is the softmax probability of "match": [P, 2]
 * -> [P].
 */
export function matchLogit(logits: Value): Value {
  const [pairs] = logits.shape as [number];
  return reshape(sub(slice(logits, -1, 1, 2), slice(logits, -1, 0, 1)), [pairs]);
}

// ---- 3.4 Similarity of two entities ----

/**
 * Computes S(a, b) = sigmoid(FFN([a; b])) of equation 11: a [.., d] and b [.., d], with leading axes that broadcast ->
 * [..]. The first layer is computed as W_a a + W_b b, so comparing n features with m takes n + m products instead of n
 * m.
 */
export function similarity(a: Value, b: Value, dropoutRate: number): Value {
  const { graph } = a;
  const d = a.shape.at(-1) as number;
  return graph.scope("similarity", () => {
    const weight = graph.parameter("in.weight", [d, 2 * d]);
    const left = linearMap(a, slice(weight, 1, 0, d));
    const right = linearMap(b, slice(weight, 1, d, 2 * d), graph.parameter("in.bias", [d]));
    const inner = dropout(relu(add(left, right)), dropoutRate); // [.., d]
    const logit = add(
      matmul(inner, graph.parameter("out.weight", [1, d]), { transposeB: true }),
      graph.parameter("out.bias", [1]),
    );
    return reshape(sigmoid(logit), inner.shape.slice(0, -1));
  });
}
