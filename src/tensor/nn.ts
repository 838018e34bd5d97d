import { add, dropout, matmul, reshape, softmax, transpose, type Value, where } from "./onnx/index.js";
import { linear } from "./nn/linear.js";
import { lastSize } from "./nn/size.js";

export interface AttentionOptions {
  readonly heads: number;
  /** Rate on the attention weights. */
  readonly dropout: number;
  /** From `attentionBias`: which keys each query sees; default all. */
  readonly bias?: Value;
  /** Names of the four affine maps, where a pretrained model has its own. */
  readonly names?: Readonly<Record<"query" | "key" | "value" | "output", string>>;
}

const NAMES = { query: "query", key: "key", value: "value", output: "output" };

/** Added to the scores of masked keys: exp of it is exactly 0, and a query that sees no key still has finite weights. */
const MASKED = -1e30;

/** Allowed keys, bool [.., queries, keys], as a term of the scores [.., 1, queries, keys] that all heads share. */
export function attentionBias(allowed: Value): Value {
  const heads = [...allowed.shape.slice(0, -2), 1, ...allowed.shape.slice(-2)];
  return where(reshape(allowed, heads), 0, MASKED);
}

/** Multi-head attention (equation 5): queries [B, n, d], keys [B, m, d] -> [B, n, d], each head of width d / heads. */
export function attention(name: string, queries: Value, keys: Value, options: AttentionOptions): Value {
  const width = lastSize(queries);
  const { heads, names = NAMES } = options;
  return queries.graph.scope(name, () => {
    const q = split(linear(names.query, queries, width), heads);
    const k = split(linear(names.key, keys, width), heads);
    const v = split(linear(names.value, keys, width), heads);
    // [B, H, n, w] . [B, H, m, w]^T -> [B, H, n, m]
    const scores = matmul(q, k, { transposeB: true, scale: 1 / Math.sqrt(width / heads) });
    const seen = options.bias === undefined ? scores : add(scores, options.bias);
    const mixed = matmul(dropout(softmax(seen), options.dropout), v);
    return linear(names.output, merge(mixed), width);
  });
}

/** [B, n, d] -> [B, H, n, d / H] */
function split(x: Value, heads: number): Value {
  const [batch, rows] = x.shape as [number, number];
  return transpose(reshape(x, [batch, rows, heads, lastSize(x) / heads]), [0, 2, 1, 3]);
}

/** [B, H, n, w] -> [B, n, H w] */
function merge(x: Value): Value {
  const [batch, heads, rows, width] = x.shape as [number, number, number, number];
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, rows, heads * width]);
}
