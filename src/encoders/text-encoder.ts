import type { TensorNaming } from "../formats/safetensors/index.js";
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
import { ARCHITECTURES, firstPosition, maxPositions, type TextEncoderConfig } from "./text-config.js";

/**
 * Inputs of the encoder for B texts of L tokens each. B and L may be named sizes, which are not known when the graph is
 * built.
 */
export interface EncoderInputs {
  /** Token ids, int64 [B, L]. */
  readonly ids: Value;
  /** Whether a token is in segment 1, bool [B, L]. */
  readonly segments: Value;
  /** Whether a token is not padding, bool [B, L]; padding comes last. */
  readonly attention: Value;
}

/**
 * Builds BERT (Devlin et al. 2019), RoBERTa, XLM-RoBERTa or DistilBERT, and returns the last hidden states [B, L, d_t].
 * Parameters have Hugging Face's names within the caller's scope. The hidden states of padding are finite but
 * meaningless. Throws `GRAPH` if L is a number that exceeds the encoder's maximum length.
 */
export function textEncoder(config: TextEncoderConfig, inputs: EncoderInputs): Value {
  const { graph } = inputs.ids;
  const [batch, length] = inputs.attention.shape as [Dim, Dim];
  const longest = maxPositions(config);
  if (typeof length === "number" && length > longest)
    graph.fail("Slice", `the input length is ${length}`, `at most ${longest}`);
  const bias = attentionBias(reshape(inputs.attention, [batch, 1, length])); // [B, 1, 1, L]
  let states = embed(config, inputs);
  for (let layer = 0; layer < config.num_hidden_layers; layer++)
    states = graph.scope(`${ARCHITECTURES[config.model_type].layer}.${layer}`, () =>
      encoderLayer(config, states, bias),
    );
  return states;
}

/** Computes Drop(LN(word + token type + position embedding)): ids [B, L] -> [B, L, d_t]. */
function embed(config: TextEncoderConfig, { ids, segments }: EncoderInputs): Value {
  const { hidden_size: width, layer_norm_eps: epsilon, max_position_embeddings: positionCount } = config;
  const { graph } = ids;
  return graph.scope("embeddings", () => {
    const words = graph.parameter("word_embeddings.weight", [config.vocab_size, width]);
    const table = graph.parameter("position_embeddings.weight", [positionCount, width]);
    const first = firstPosition(config);
    const positions = first === 0 ? table : slice(table, 0, first, positionCount);
    const types = tokenTypes(config, graph, segments);
    const typed = types === undefined ? gather(words, ids) : add(gather(words, ids), types);
    const sum = add(typed, leading(positions, ids, 1));
    return dropout(norm("LayerNorm", sum, epsilon), config.hidden_dropout_prob);
  });
}

/**
 * Returns the token type embeddings. The shape is [B, L, d_t], or [1, d_t] if the embedding is the same for all tokens.
 * Returns undefined if the architecture has no token types.
 */
function tokenTypes(config: TextEncoderConfig, graph: Graph, segments: Value): Value | undefined {
  const { tokenTypes: kind } = ARCHITECTURES[config.model_type];
  if (kind === "absent") return undefined;
  const types = graph.parameter("token_type_embeddings.weight", [config.type_vocab_size, config.hidden_size]);
  if (kind === "first") return slice(types, 0, 0, 1);
  const second = reshape(segments, [...segments.shape, 1]);
  return where(second, slice(types, 0, 1, 2), slice(types, 0, 0, 1));
}

/**
 * Computes y = LN(x + MHA(x, x, x)) and z = LN(y + W₂ GELU(W₁ y)), with dropout before the residuals (in DistilBERT,
 * only before the second): [B, L, d_t] -> [B, L, d_t].
 */
function encoderLayer(config: TextEncoderConfig, x: Value, bias: Value): Value {
  const { hidden_size: width, layer_norm_eps: epsilon, num_attention_heads: heads } = config;
  const names = ARCHITECTURES[config.model_type];
  const drop = (value: Value): Value => dropout(value, config.hidden_dropout_prob);
  const options = { heads, dropout: config.attention_probs_dropout_prob, bias, names: names.projections };
  const attended = attention("attention", x, x, options);
  const y = norm(names.attentionNorm, add(x, names.attentionDropout ? drop(attended) : attended), epsilon);
  const inner = gelu(linear(names.inner, y, config.intermediate_size));
  const outer = drop(linear(names.outer, inner, width));
  return norm(names.outerNorm, add(y, outer), epsilon);
}

/**
 * Returns the shapes of all weights of the encoder, keyed by Hugging Face's names for the weights. The pooler is
 * omitted because its output is not used.
 */
export function encoderParameters(config: TextEncoderConfig): ReadonlyMap<string, readonly number[]> {
  const { hidden_size: width, intermediate_size: inner } = config;
  const names = ARCHITECTURES[config.model_type];
  const shapes = new Map<string, readonly number[]>();
  const norm = (name: string) => shapes.set(`${name}.weight`, [width]).set(`${name}.bias`, [width]);
  const linear = (name: string, from: number, to: number) =>
    shapes.set(`${name}.weight`, [to, from]).set(`${name}.bias`, [to]);

  shapes.set("embeddings.word_embeddings.weight", [config.vocab_size, width]);
  shapes.set("embeddings.position_embeddings.weight", [config.max_position_embeddings, width]);
  if (names.tokenTypes !== "absent")
    shapes.set("embeddings.token_type_embeddings.weight", [config.type_vocab_size, width]);
  norm("embeddings.LayerNorm");
  for (let index = 0; index < config.num_hidden_layers; index++) {
    const layer = `${names.layer}.${index}`;
    const { query, key, value, output } = names.projections;
    for (const part of [query, key, value, output]) linear(`${layer}.attention.${part}`, width, width);
    norm(`${layer}.${names.attentionNorm}`);
    linear(`${layer}.${names.inner}`, width, inner);
    linear(`${layer}.${names.outer}`, inner, width);
    norm(`${layer}.${names.outerNorm}`);
  }
  return shapes;
}

/**
 * Returns the rules that map the names of tensors in a file to the names in `encoderParameters`. In files that include
 * a task head, names have a prefix. In files from before 2019, the parameters of layer norm are called `gamma` and
 * `beta`. Position ids, the pooler, task heads, and layers beyond the configured number are not used.
 */
export function encoderNaming({ model_type, num_hidden_layers }: TextEncoderConfig): TensorNaming {
  const { prefix, layer, heads } = ARCHITECTURES[model_type];
  return {
    rename: (stored) =>
      (stored.startsWith(prefix) ? stored.slice(prefix.length) : stored)
        .replace(/LayerNorm\.gamma$/, "LayerNorm.weight")
        .replace(/LayerNorm\.beta$/, "LayerNorm.bias"),
    unused: (name) => {
      if (name.startsWith(`${layer}.`))
        return Number.parseInt(name.slice(layer.length + 1), 10) >= num_hidden_layers;
      return name === "embeddings.position_ids" || heads.test(name);
    },
  };
}
