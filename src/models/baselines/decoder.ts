/** GENRE: the likelihood of a candidate's name, given the mention and its context. */
import type { TextEncoderConfig } from "../../encoders/index.js";
import { attention, attentionBias, feedForward, norm } from "../../tensor/nn.js";
import {
  add,
  cast,
  div,
  dropout,
  type Graph,
  gather,
  logSoftmax,
  matmul,
  mul,
  reduceSum,
  reshape,
  slice,
  sub,
  type Value,
} from "../../tensor/onnx/index.js";
import { attending, embeddings, type Words } from "./towers.js";

/** A name with its special tokens: ids int64 [N, T], and whether a token is not padding, bool [N, T]. */
export interface Name {
  readonly ids: Value;
  readonly attention: Value;
}

/**
 * The mean of log p(token | tokens before it, context) over the tokens of each name after the first: context [N, L, d_t] and
 * names [N, T] -> [N].
 */
export function likelihood(
  encoder: TextEncoderConfig,
  context: Words,
  { ids, attention: mask }: Name,
  dropoutRate: number,
): Value {
  const { graph } = ids;
  const length = (ids.shape[1] as number) - 1;
  const before = slice(ids, 1, 0, length);
  const next = slice(ids, 1, 1, length + 1);
  const counts = cast(slice(mask, 1, 1, length + 1), "float32");
  const states = decoded(encoder, context, before, dropoutRate); // [N, T - 1, d_t]
  const each = logLikelihoods(graph, encoder, states, next); // [N, T - 1]
  return div(reduceSum(mul(each, counts), [1]), reduceSum(counts, [1]));
}

/**
 * The states of two decoder layers: causal self-attention, attention to the context, and a feed-forward layer, each with
 * residual and norm: ids [N, T] -> [N, T, d_t].
 */
function decoded(encoder: TextEncoderConfig, context: Words, ids: Value, rate: number, layers = 2): Value {
  const { graph } = ids;
  const { hidden_size: width, intermediate_size: inner, num_attention_heads: heads } = encoder;
  const length = ids.shape[1] as number;
  const options = { heads, dropout: rate };
  const self = { ...options, bias: causal(graph, length) };
  const cross = { ...options, ...attending(context) };
  const known = gather(embeddings(graph, encoder), ids);
  return graph.scope("decoder", () => {
    const places = graph.parameter("positions", [length, width]);
    let x = dropout(norm("norm", add(known, places)), rate);
    for (let layer = 0; layer < layers; layer++)
      x = graph.scope(`${layer}`, () => {
        const y = norm("norm1", add(x, attention("self", x, x, self)));
        const z = norm("norm2", add(y, attention("context", y, context.x, cross)));
        return norm("norm3", add(z, feedForward("ffn", z, { inner, width, dropout: rate })));
      });
    return x;
  });
}

/** An attention bias with which a token attends to itself and to the tokens before it: [1, 1, T, T]. */
function causal(graph: Graph, length: number): Value {
  const allowed = Uint8Array.from({ length: length * length }, (_, at) =>
    Number(at % length <= Math.floor(at / length)),
  );
  return attentionBias(graph.constant(allowed, [1, length, length], "bool"));
}

/**
 * log p of the tokens, with the vocabulary tied to the word embeddings E: states [N, T, d_t] and tokens [N, T] -> [N, T]. With
 * logits z = E h, log p(t) = z_t - log Σ exp z, and the sum comes from any one token of the vocabulary.
 */
function logLikelihoods(graph: Graph, encoder: TextEncoderConfig, states: Value, tokens: Value): Value {
  const table = embeddings(graph, encoder);
  const logits = matmul(states, table, { transposeB: true }); // [N, T, vocabulary]
  const one = (x: Value): Value => reshape(slice(x, 2, 0, 1), tokens.shape);
  const logSum = sub(one(logits), one(logSoftmax(logits)));
  return sub(reduceSum(mul(states, gather(table, tokens)), [2]), logSum);
}
