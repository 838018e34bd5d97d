import { attention, attentionBias, linear, norm } from "../../nn/index.js";
import {
  add,
  type Dim,
  dropout,
  gather,
  gelu,
  leading,
  reshape,
  slice,
  type Value,
  where,
} from "../../onnx/index.js";
import type { BertConfig } from "./config.js";

/** What the encoder reads; B and L may be sizes known by name only. */
export interface EncoderInputs {
  /** Token ids, int64 [B, L]. */
  readonly ids: Value;
  /** Segment 1, bool [B, L]. */
  readonly segments: Value;
  /** Tokens that are not padding, bool [B, L]. */
  readonly attention: Value;
}

/**
 * BERT (Devlin et al. 2019): the last hidden states [B, L, d_t]. Parameters bear Hugging Face's names within the scope
 * of the caller. Rows of padding are finite and mean nothing.
 */
export function bertEncoder(config: BertConfig, inputs: EncoderInputs): Value {
  const { graph } = inputs.ids;
  const [batch, length] = inputs.attention.shape as [Dim, Dim];
  if (typeof length === "number" && length > config.max_position_embeddings)
    graph.fail("Slice", `a length of ${length}`, `at most ${config.max_position_embeddings}`);
  const bias = attentionBias(reshape(inputs.attention, [batch, 1, length])); // [B, 1, 1, L]
  let states = embed(config, inputs);
  for (let layer = 0; layer < config.num_hidden_layers; layer++)
    states = graph.scope(`encoder.layer.${layer}`, () => encoderLayer(config, states, bias));
  return states;
}

/** Word + position + segment, each learned: [B, L] -> [B, L, d_t]. */
function embed(config: BertConfig, { ids, segments }: EncoderInputs): Value {
  const { hidden_size: width, layer_norm_eps: epsilon } = config;
  const { graph } = ids;
  return graph.scope("embeddings", () => {
    const words = graph.parameter("word_embeddings.weight", [config.vocab_size, width]);
    const positions = graph.parameter("position_embeddings.weight", [config.max_position_embeddings, width]);
    const kinds = graph.parameter("token_type_embeddings.weight", [config.type_vocab_size, width]);
    const second = reshape(segments, [...segments.shape, 1]);
    const kind = where(second, slice(kinds, 0, 1, 2), slice(kinds, 0, 0, 1)); // [B, L, d_t]
    const sum = add(add(gather(words, ids), kind), leading(positions, ids, 1));
    return dropout(norm("LayerNorm", sum, epsilon), config.hidden_dropout_prob);
  });
}

const NAMES = { query: "self.query", key: "self.key", value: "self.value", output: "output.dense" };

/** Self-attention and feed-forward, each with its residual and the norm after it. */
function encoderLayer(config: BertConfig, x: Value, bias: Value): Value {
  const { hidden_size: width, layer_norm_eps: epsilon, num_attention_heads: heads } = config;
  const residual = (name: string, before: Value, after: Value): Value =>
    norm(name, add(before, dropout(after, config.hidden_dropout_prob)), epsilon);
  const options = { heads, dropout: config.attention_probs_dropout_prob, bias, names: NAMES };
  const attended = residual("attention.output.LayerNorm", x, attention("attention", x, x, options));
  const inner = gelu(linear("intermediate.dense", attended, config.intermediate_size));
  return residual("output.LayerNorm", attended, linear("output.dense", inner, width));
}
