import { attention, attentionBias, linear, norm } from "../tensor/nn.js";
import {
  add,
  type Dim,
  dropout,
  type Graph,
  gather,
  gelu,
  leading,
  reshape,
  slice,
  type Value,
  where,
} from "../tensor/onnx/index.js";
import type { TextEncoderConfig } from "./text-config.js";
import { LAYOUTS } from "./text/layout.js";
import { firstPosition, maxPositions } from "./text/positions.js";

/** What the encoder reads; B and L may be sizes known by name only. */
export interface EncoderInputs {
  /** Token ids, int64 [B, L]. */
  readonly ids: Value;
  /** Segment 1, bool [B, L]. */
  readonly segments: Value;
  /** Tokens that are not padding, which all stand before it, bool [B, L]. */
  readonly attention: Value;
}

/**
 * BERT (Devlin et al. 2019), RoBERTa, XLM-RoBERTa or DistilBERT: the last hidden states [B, L, d_t]. Parameters bear Hugging
 * Face's names within the scope of the caller. Rows of padding are finite and mean nothing.
 */
export function textEncoder(config: TextEncoderConfig, inputs: EncoderInputs): Value {
  const { graph } = inputs.ids;
  const [batch, length] = inputs.attention.shape as [Dim, Dim];
  const longest = maxPositions(config);
  if (typeof length === "number" && length > longest)
    graph.fail("Slice", `a length of ${length}`, `at most ${longest}`);
  const bias = attentionBias(reshape(inputs.attention, [batch, 1, length])); // [B, 1, 1, L]
  let states = embed(config, inputs);
  for (let layer = 0; layer < config.num_hidden_layers; layer++)
    states = graph.scope(`${LAYOUTS[config.model_type].layer}.${layer}`, () =>
      encoderLayer(config, states, bias),
    );
  return states;
}

/** Word + position + token type, each learned: [B, L] -> [B, L, d_t]. */
function embed(config: TextEncoderConfig, { ids, segments }: EncoderInputs): Value {
  const { hidden_size: width, layer_norm_eps: epsilon, max_position_embeddings: all } = config;
  const { graph } = ids;
  return graph.scope("embeddings", () => {
    const words = graph.parameter("word_embeddings.weight", [config.vocab_size, width]);
    const table = graph.parameter("position_embeddings.weight", [all, width]);
    const first = firstPosition(config);
    const positions = first === 0 ? table : slice(table, 0, first, all);
    const kind = tokenTypes(config, graph, segments);
    const typed = kind === undefined ? gather(words, ids) : add(gather(words, ids), kind);
    const sum = add(typed, leading(positions, ids, 1));
    return dropout(norm("LayerNorm", sum, epsilon), config.hidden_dropout_prob);
  });
}

/** [B, L, d_t], or [1, d_t] where it is the same for all tokens. */
function tokenTypes(config: TextEncoderConfig, graph: Graph, segments: Value): Value | undefined {
  const { tokenTypes: read } = LAYOUTS[config.model_type];
  if (read === "absent") return undefined;
  const kinds = graph.parameter("token_type_embeddings.weight", [config.type_vocab_size, config.hidden_size]);
  if (read === "first") return slice(kinds, 0, 0, 1);
  const second = reshape(segments, [...segments.shape, 1]);
  return where(second, slice(kinds, 0, 1, 2), slice(kinds, 0, 0, 1));
}

/** Self-attention and feed-forward, each with its residual and the norm after it. */
function encoderLayer(config: TextEncoderConfig, x: Value, bias: Value): Value {
  const { hidden_size: width, layer_norm_eps: epsilon, num_attention_heads: heads } = config;
  const layout = LAYOUTS[config.model_type];
  const residual = (name: string, before: Value, after: Value): Value =>
    norm(name, add(before, after), epsilon);
  const dropped = (value: Value): Value => dropout(value, config.hidden_dropout_prob);
  const options = { heads, dropout: config.attention_probs_dropout_prob, bias, names: layout.projections };
  const looked = attention("attention", x, x, options);
  const attended = residual(layout.attentionNorm, x, layout.attentionDropout ? dropped(looked) : looked);
  const inner = gelu(linear(layout.inner, attended, config.intermediate_size));
  return residual(layout.outerNorm, attended, dropped(linear(layout.outer, inner, width)));
}
