import { add, type Value } from "../onnx/index.js";
import { type AttentionOptions, attention } from "../nn.js";
import { feedForward } from "./feed-forward.js";
import { norm } from "./norm.js";
import { lastSize } from "./size.js";

/** AB(Q, K) = A + FFN(LN(A)) with A = MHA(Q, K, K): equation 6 as printed, the residual adds A and not the query. */
export function attentionBlock(name: string, queries: Value, keys: Value, options: AttentionOptions): Value {
  const width = lastSize(queries);
  return queries.graph.scope(name, () => {
    const attended = attention("attention", queries, keys, options);
    const sizes = { inner: 2 * width, width, dropout: options.dropout };
    return add(attended, feedForward("ffn", norm("norm", attended), sizes));
  });
}
