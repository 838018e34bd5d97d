/**
 * The network of the paper (sections 3.2 to 3.4), equation by equation and in its order. The encoder of section 3.2.1
 * is `textEncoder`, multi-head attention and the feed-forward layers are in tensor/nn.ts, the losses in loss.ts.
 *
 * - P pairs of a mention and a candidate entity, L text tokens, k image tokens a view, v views an image (paper: 1).
 * - d_t: width of the text encoder. d_v: width of an image vector. d: width of the head (the paper's d_v after projection).
 * - f_t [P, L, d_t] and f_v [P, 2 v, d_v]: features of the two encoders.
 * - U [P, L, d] and V [P, 2 v k, d]: projected text and image tokens.
 * - h [P, 2, d]: the fused features h^c and h^e. l: the match logit, with m = sigmoid(l). S: similarity of two entities.
 *
 * The paper computes context and entity separately with shared weights. Here they are one list of tokens, each labelled
 * with its side, and attention and pooling stay within a side unless a comment says otherwise.
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
  /** h, context first: [P, 2, d]. */
  readonly features: Value;
}

/** The configuration of the head, the settings of its variant, and the dropout rate. */
type Head = MmelConfig & Variant & { readonly dropout: number };

/**
 * Logits and features of P pairs. The graph has these inputs for each pass of the text encoder: `PASS.ids` (int64),
 * `PASS.segments`, `PASS.attention`, `PASS.context` and `PASS.entity` (bool), all [P, L]; and with images:
 * `images.vectors` [P, 2 v, d_v], the context's views before the entity's, and `images.present` (bool) [P, 2 v].
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

/** Tokens of both sides. */
interface Tokens {
  /** [P, n, d] */
  readonly x: Value;
  /** The side of each token, int64 [P, n], or [1, n] if it is the same for all pairs. */
  readonly side: Value;
}

/** Special tokens and padding have no side: they are never pooled, nor attended to by the head. */
const SIDE = { none: 0, context: 1, entity: 2 } as const;

/** Attention bias that lets each query attend to the keys of its own side: [P, 1, n, m] for n queries and m keys. */
function sameSide(queries: Tokens, keys: Tokens): Value {
  const [rows, n] = queries.side.shape as [number, number];
  const [keyRows, m] = keys.side.shape as [number, number];
  return attentionBias(equal(reshape(queries.side, [rows, n, 1]), reshape(keys.side, [keyRows, 1, m])));
}

/** The maximum over the tokens of each side, context first: [P, n, d] -> [P, 2, d]. */
function poolSides({ x, side }: Tokens): Value {
  const [rows, n] = side.shape as [number, number];
  const pool = (label: number): Value => {
    const mask = reshape(equal(side, label), [rows, n, 1]);
    return reduceMax(where(mask, x, Number.NEGATIVE_INFINITY), [1], { keepDims: true });
  };
  return concat([pool(SIDE.context), pool(SIDE.entity)], 1);
}

/** [P, n, d] and [P, m, d] -> [P, n + m, d] */
function concatTokens(a: Tokens, b: Tokens): Tokens {
  const expanded = (side: Value, other: Value): Value => add(side, mul(slice(other, 1, 0, 1), 0)); // [1, n] -> [P, n]
  return {
    x: concat([a.x, b.x], 1),
    side: concat([expanded(a.side, b.side), expanded(b.side, a.side)], 1),
  };
}

// ---- 3.2.1 Textual features ----

/** U [P, L, d]. The pair goes through the encoder in one pass; -JL_t and -JL encode context and entity separately. */
function textTokens(graph: Graph, encoder: TextEncoderConfig, shape: PairShape, head: Head): Tokens {
  const pass = (name: Pass): Tokens => encodeText(graph, encoder, name, shape, head);
  if (head.jointText) return pass("pair");
  const entity = pass("entity");
  return concatTokens(pass("context"), entity);
}

/** f_t [P, L, d_t] of one pass, its masks (equation 1), and U [P, L, d] (equation 4). */
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

/** V [P, 2 v k, d] after the joint image layers; undefined for a variant without images. */
function imageTokens(graph: Graph, pairs: Dim, head: Head): Tokens | undefined {
  if (head.imageTokens === 0) return undefined;
  const views = 2 * head.imageViews;
  const vectors = graph.input("images.vectors", [pairs, views, head.imageWidth]);
  const present = graph.input("images.present", [pairs, views], "bool");
  return jointImageLayers(projectImages(vectors, present, head), head);
}

/** Equation 2: f_v [P, 2 v, d_v] -> V [P, 2 v k, d]. The learned vector `image.none` [d_v] replaces missing images. */
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

/** Equations 2 and 4: Drop(LN(ReLU(x W + b))). The authors' code adds the norm (optional here) and the dropout. */
function perceptron(name: "text" | "image", x: Value, width: number, head: Head): Value {
  return x.graph.scope(name, () => {
    const projected = relu(linear("projection", x, width));
    return dropout(head.projectionNorm ? norm("norm", projected) : projected, head.dropout);
  });
}

/**
 * The q joint image layers before equation 3, each of two self-attentions and a feed-forward layer with residuals and
 * norms. Context and entity images attend to each other; in -JL_v and -JL only to their own side.
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

/** h [P, 2, d] of the text tokens U and the image tokens V; without images it is the pooled text. */
function fuse(u: Tokens, v: Tokens | undefined, head: Head): Value {
  if (v === undefined) return poolSides(coAttention("text", u, u, head));
  const [text, images] = head.fusion === "m-encoder" ? mEncoder(u, v, head) : mcm(u, v, head);
  return gate(poolSides(text), poolSides(images), head); // the max of equation 7
}

/** Equations 5 and 6: one block of MCM, within each side. Queries [P, n, d] and keys [P, m, d] -> [P, n, d]. */
function coAttention(name: string, queries: Tokens, keys: Tokens, { heads, dropout }: Head): Tokens {
  const bias = sameSide(queries, keys);
  return { ...queries, x: attentionBlock(`mcm.${name}`, queries.x, keys.x, { heads, dropout, bias }) };
}

/**
 * Equation 7, the hierarchical multimodal co-attention, before its max: images attend to themselves and then to the
 * text, the text to itself and then to those images. The paper prints the pooled images as keys of the last block;
 * attention over a single key is constant, so their unpooled tokens are the keys here.
 */
function mcm(u: Tokens, v: Tokens, head: Head): [text: Tokens, images: Tokens] {
  const v1 = coAttention("image", v, v, head);
  const v2 = coAttention("imageText", v1, u, head);
  const u1 = coAttention("text", u, u, head);
  const u2 = coAttention("textImage", u1, v2, head);
  return [u2, v2];
}

/** The M-Encoder of MKGformer (Chen et al., SIGIR 2022), which the variant MMEL-M-Encoder uses in place of MCM. */
function mEncoder(u: Tokens, v: Tokens, head: Head): [text: Tokens, images: Tokens] {
  let [text, images] = [u, v];
  for (let layer = 0; layer < head.mEncoderLayers; layer++)
    [text, images] = u.x.graph.scope(`mEncoder.${layer}`, () => mEncoderLayer(text, images, head));
  return [text, images];
}

/**
 * U' = LN(U + MHA(U, U, U)); V' = LN(V + MHA(V, [V; U'], [V; U'])); U'' = LN(U' + W_2 ReLU(U' W_1 + G W_3 + b_1) + b_2)
 * with G of `correlate`; V'' = LN(V' + FFN(V')).
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

/** G = softmax(U V^T / sqrt d) V within each side: U [P, n, d] and V [P, m, d] -> [P, n, d]. */
function correlate(u: Tokens, v: Tokens): Value {
  const [pairs, n, d] = u.x.shape as [number, number, number];
  const m = v.x.shape[1] as number;
  const oneHead = (x: Value, rows: number): Value => reshape(x, [pairs, 1, rows, d]);
  // [P, 1, n, d] . [P, 1, m, d]^T -> [P, 1, n, m]
  const scores = matmul(oneHead(u.x, n), oneHead(v.x, m), { transposeB: true, scale: 1 / Math.sqrt(d) });
  return reshape(matmul(softmax(add(scores, sameSide(u, v))), oneHead(v.x, m)), [pairs, n, d]);
}

/** Equations 8 and 9: g = softmax(FFN([f_t; f_v])) and h = g_1 f_t + g_2 f_v, with f_t, f_v and h [P, 2, d]. */
function gate(ft: Value, fv: Value, { d, dropout }: Head): Value {
  const g = softmax(feedForward("gate", concat([ft, fv], -1), { inner: d, width: 2, dropout })); // [P, 2, 2]
  return add(mul(slice(g, -1, 0, 1), ft), mul(slice(g, -1, 1, 2), fv));
}

/** Equation 10 before its softmax: the logits "no match" and "match" of [h^c; h^e], h [P, 2, d] -> [P, 2]. */
function matchLogits(h: Value): Value {
  const [pairs, sides, d] = h.shape as [number, number, number];
  return linear("match", reshape(h, [pairs, sides * d]), 2);
}

/** l, the difference of the two logits, so that sigmoid(l) is the second softmax probability: [P, 2] -> [P]. */
export function matchLogit(logits: Value): Value {
  const [pairs] = logits.shape as [number];
  return reshape(sub(slice(logits, -1, 1, 2), slice(logits, -1, 0, 1)), [pairs]);
}

// ---- 3.4 Similarity of two entities ----

/**
 * S(a, b) = sigmoid(FFN([a; b])) of equation 11: a [.., d] and b [.., d], with leading axes that broadcast -> [..].
 * The first layer is computed as W_a a + W_b b, so comparing n features with m costs n + m products instead of n m.
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
