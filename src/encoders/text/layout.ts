import type { ModelType } from "../text-config.js";

/** In what an architecture differs from BERT: names of its weights, token types, positions, one dropout. */
export interface Layout {
  /** Before every name in the file of a model with a task head. */
  readonly prefix: string;
  /** Before a layer's number. */
  readonly layer: string;
  /** Within the layer's scope `attention`. */
  readonly projections: Readonly<Record<"query" | "key" | "value" | "output", string>>;
  readonly attentionNorm: string;
  readonly inner: string;
  readonly outer: string;
  readonly outerNorm: string;
  /** Which row of the token types a token adds: that of its segment, always the first, or there are none. */
  readonly tokenTypes: "segment" | "first" | "absent";
  /** Positions are counted from behind the padding's id (`padding_idx + 1`), as fairseq does. */
  readonly positionsAfterPadding: boolean;
  /** Dropout on what attention gives, before its residual. */
  readonly attentionDropout: boolean;
  /** Weights of task heads. */
  readonly heads: RegExp;
}

const bert: Layout = {
  prefix: "bert.",
  layer: "encoder.layer",
  projections: { query: "self.query", key: "self.key", value: "self.value", output: "output.dense" },
  attentionNorm: "attention.output.LayerNorm",
  inner: "intermediate.dense",
  outer: "output.dense",
  outerNorm: "output.LayerNorm",
  tokenTypes: "segment",
  positionsAfterPadding: false,
  attentionDropout: true,
  heads: /^(pooler|cls|classifier|qa_outputs)\./,
};

const roberta: Layout = {
  ...bert,
  prefix: "roberta.",
  tokenTypes: "first",
  positionsAfterPadding: true,
  heads: /^(pooler|lm_head|classifier|qa_outputs)\./,
};

/** One row an architecture. */
export const LAYOUTS: Readonly<Record<ModelType, Layout>> = {
  bert,
  roberta,
  "xlm-roberta": roberta,
  distilbert: {
    prefix: "distilbert.",
    layer: "transformer.layer",
    projections: { query: "q_lin", key: "k_lin", value: "v_lin", output: "out_lin" },
    attentionNorm: "sa_layer_norm",
    inner: "ffn.lin1",
    outer: "ffn.lin2",
    outerNorm: "output_layer_norm",
    tokenTypes: "absent",
    positionsAfterPadding: false,
    attentionDropout: false,
    heads: /^(vocab_|pre_classifier|classifier|qa_outputs)/,
  },
};
