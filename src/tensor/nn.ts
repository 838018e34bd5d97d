import {
  add,
  dropout,
  layerNorm,
  linear as linearMap,
  logSoftmax,
  matmul,
  mul,
  neg,
  reduceSum,
  relu,
  reshape,
  slice,
  softmax,
  sub,
  transpose,
  type Value,
  where,
} from "./onnx/index.js";

/** Computes `x Wᵀ + b`: x [.., in] -> [.., width], with parameters `weight` [width, in] and `bias` [width]. */
export function linear(name: string, x: Value, width: number): Value {
  const { graph } = x;
  return graph.scope(name, () =>
    linearMap(x, graph.parameter("weight", [width, lastSize(x)]), graph.parameter("bias", [width])),
  );
}

/** Computes `x Wᵀ`, a linear map without a bias: x [.., in] -> [.., width], with the parameter `weight` [width, in]. */
export function project(name: string, x: Value, width: number): Value {
  const { graph } = x;
  return graph.scope(name, () => linearMap(x, graph.parameter("weight", [width, lastSize(x)])));
}

/**
 * Applies layer norm over the last axis: x [.., d] -> [.., d], with a learned scale `weight` [d] and shift `bias` [d].
 */
export function norm(name: string, x: Value, epsilon = 1e-5): Value {
  const { graph } = x;
  return graph.scope(name, () =>
    layerNorm(x, graph.parameter("weight", [lastSize(x)]), graph.parameter("bias", [lastSize(x)]), epsilon),
  );
}

export interface FeedForwardOptions {
  /** Width of the hidden layer. */
  readonly inner: number;
  /** Width of the result. */
  readonly width: number;
  /** Dropout rate of the hidden layer. */
  readonly dropout: number;
}

/** Computes `W₂ Drop(ReLU(W₁ x + b₁)) + b₂`: x [.., in] -> [.., inner] -> [.., width]. */
export function feedForward(
  name: string,
  x: Value,
  { inner, width, dropout: rate }: FeedForwardOptions,
): Value {
  return x.graph.scope(name, () => linear("out", dropout(relu(linear("in", x, inner)), rate), width));
}

export interface AttentionOptions {
  /** Number of heads, H. It must divide the width of the queries. */
  readonly heads: number;
  /** Dropout rate of the attention weights. */
  readonly dropout: number;
  /** Mask of the keys that each query attends to, from `attentionBias`; default: all keys. */
  readonly bias?: Value;
  /** Scope names of the four linear maps, for pretrained models that name them differently. */
  readonly names?: Readonly<Record<"query" | "key" | "value" | "output", string>>;
}

const NAMES = { query: "query", key: "key", value: "value", output: "output" };

/**
 * Term added to the score of a masked key, so that its attention weight is exactly 0. The term is finite so that a
 * query with only masked keys still gets finite weights.
 */
const MASKED = -1e30;

/** Converts a mask of allowed keys, bool [.., n, m], to a term to add to the scores of all heads, [.., 1, n, m]. */
export function attentionBias(allowed: Value): Value {
  const heads = [...allowed.shape.slice(0, -2), 1, ...allowed.shape.slice(-2)];
  return where(reshape(allowed, heads), 0, MASKED);
}

/**
 * Computes the multi-head attention MHA(Q, K, K), equation 5 of the paper: queries [B, n, d] and keys [B, m, d] ->
 * [B, n, d]. Each of the H heads has width w = d / H.
 */
export function attention(name: string, queries: Value, keys: Value, options: AttentionOptions): Value {
  const width = lastSize(queries);
  const { heads, names = NAMES } = options;
  return queries.graph.scope(name, () => {
    const q = splitHeads(linear(names.query, queries, width), heads); // [B, H, n, w]
    const k = splitHeads(linear(names.key, keys, width), heads); // [B, H, m, w]
    const v = splitHeads(linear(names.value, keys, width), heads); // [B, H, m, w]
    // [B, H, n, w] . [B, H, m, w]^T -> [B, H, n, m]
    const scores = matmul(q, k, { transposeB: true, scale: 1 / Math.sqrt(width / heads) });
    const masked = options.bias === undefined ? scores : add(scores, options.bias);
    // [B, H, n, m] . [B, H, m, w] -> [B, H, n, w]
    const mixed = matmul(dropout(softmax(masked), options.dropout), v);
    return linear(names.output, mergeHeads(mixed), width); // [B, n, d]
  });
}

/** Splits the last axis into heads: [B, n, d] -> [B, H, n, d / H]. */
function splitHeads(x: Value, heads: number): Value {
  const [batch, rows] = x.shape as [number, number];
  return transpose(reshape(x, [batch, rows, heads, lastSize(x) / heads]), [0, 2, 1, 3]);
}

/** Merges the heads into the last axis: [B, H, n, w] -> [B, n, H w]. */
function mergeHeads(x: Value): Value {
  const [batch, heads, rows, width] = x.shape as [number, number, number, number];
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, rows, heads * width]);
}

/**
 * Computes AB(Q, K) = A + FFN(LN(A)) with A = MHA(Q, K, K), equation 6 as printed in the paper: the residual adds A,
 * not the queries. Queries [B, n, d] and keys [B, m, d] -> [B, n, d].
 */
export function attentionBlock(name: string, queries: Value, keys: Value, options: AttentionOptions): Value {
  const width = lastSize(queries);
  return queries.graph.scope(name, () => {
    const attended = attention("attention", queries, keys, options);
    const sizes = { inner: 2 * width, width, dropout: options.dropout };
    return add(attended, feedForward("ffn", norm("norm", attended), sizes));
  });
}

/**
 * Computes the cross-entropy -Σ labels · log softmax(logits): logits [.., classes] and one-hot labels that broadcast to
 * the shape of the logits -> [..].
 */
export function crossEntropy(logits: Value, labels: Value): Value {
  return neg(reduceSum(mul(logSoftmax(logits), labels), [-1]));
}

/**
 * Computes the listwise cross-entropy -log softmax(scores)₀: scores [.., n] -> [..], where the first score is that of
 * the positive.
 */
export function listwise(scores: Value): Value {
  return neg(reduceSum(slice(logSoftmax(scores), -1, 0, 1), [-1]));
}

/** Computes max(negative - positive + margin, 0), elementwise with broadcasting. */
export function marginLoss(positive: Value, negative: Value, margin: number): Value {
  return relu(add(sub(negative, positive), margin));
}

/**
 * Returns the size of the last axis. Throws `GRAPH` if it is a named size, which is not known when the graph is built.
 */
function lastSize(x: Value): number {
  const size = x.shape.at(-1);
  return typeof size === "number"
    ? size
    : x.graph.fail("linear", `the last axis has the named size "${size}"`, "a fixed size");
}
