import { z } from "zod";
import { MmelError } from "../core/index.js";
import { issuesOf } from "../formats/safetensors/index.js";

const width = z
  .int()
  .positive()
  .max(1 << 16);
const rate = z.number().min(0).lt(1);

const bertFields = {
  vocab_size: z
    .int()
    .positive()
    .max(1 << 22),
  hidden_size: width,
  num_hidden_layers: z.int().positive().max(1000),
  num_attention_heads: width,
  intermediate_size: width,
  max_position_embeddings: width,
  type_vocab_size: z.int().min(2).max(1000),
  layer_norm_eps: z.number().positive().max(1).default(1e-12),
  hidden_act: z.literal("gelu").default("gelu"),
  hidden_dropout_prob: rate.default(0.1),
  attention_probs_dropout_prob: rate.default(0.1),
  initializer_range: z.number().positive().default(0.02),
  pad_token_id: z.int().nonnegative().default(0),
  position_embedding_type: z.literal("absolute").default("absolute"),
  is_decoder: z.literal(false).default(false),
};

const robertaFields = {
  ...bertFields,
  type_vocab_size: z.int().positive().max(1000).default(2),
  pad_token_id: z.int().nonnegative().default(1),
};

const bert = z.object({ model_type: z.literal("bert"), ...bertFields });
const roberta = z.object({ model_type: z.literal("roberta"), ...robertaFields });
const xlmRoberta = z.object({ model_type: z.literal("xlm-roberta"), ...robertaFields });

/** Schema of the configuration of DistilBERT, which has no token types. Converts the field names to BERT's. */
const distilbert = z.preprocess(
  toBertNames,
  z.object({
    model_type: z.literal("distilbert"),
    ...bertFields,
    type_vocab_size: z.literal(0).default(0),
  }),
);

const BERT_NAMES: Readonly<Record<string, keyof typeof bertFields>> = {
  dim: "hidden_size",
  n_layers: "num_hidden_layers",
  n_heads: "num_attention_heads",
  hidden_dim: "intermediate_size",
  dropout: "hidden_dropout_prob",
  attention_dropout: "attention_probs_dropout_prob",
  activation: "hidden_act",
};

function toBertNames(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [BERT_NAMES[name] ?? name, value]));
}

type Fields = z.infer<z.ZodObject<typeof bertFields>>;
type ModelType = "bert" | "roberta" | "xlm-roberta" | "distilbert";

/**
 * The validated `config.json` of a text encoder, with Hugging Face's field names for BERT. Fields that are not used are
 * dropped.
 */
export interface TextEncoderConfig extends Fields {
  readonly model_type: ModelType;
}

const CONFIG_SCHEMAS: Readonly<Record<ModelType, z.ZodType<TextEncoderConfig>>> = {
  bert: withDivisibleWidth(bert),
  roberta: withDivisibleWidth(roberta),
  "xlm-roberta": withDivisibleWidth(xlmRoberta),
  distilbert: withDivisibleWidth(distilbert),
};

function withDivisibleWidth(schema: z.ZodType<TextEncoderConfig>): z.ZodType<TextEncoderConfig> {
  return schema.refine(({ hidden_size, num_attention_heads }) => hidden_size % num_attention_heads === 0, {
    message: "num_attention_heads does not divide hidden_size",
  });
}

/**
 * Validates a parsed `config.json`. Throws `MODEL_UNSUPPORTED` if the architecture or one of its settings is not
 * supported.
 */
export function parseEncoderConfig(json: unknown, where: string): TextEncoderConfig {
  const type =
    typeof json === "object" && json !== null && "model_type" in json ? json.model_type : undefined;
  const supported = Object.keys(CONFIG_SCHEMAS);
  if (typeof type !== "string" || !Object.hasOwn(CONFIG_SCHEMAS, type))
    throw new MmelError("MODEL_UNSUPPORTED", {
      what: `the text encoder's model_type is ${JSON.stringify(type)}`,
      where,
      expected: supported.map((name) => `"${name}"`).join(" or "),
      hint: "Use a BERT model such as all-MiniLM-L6-v2 or bert-base-uncased, or xlm-roberta-base for many languages.",
    });
  const parsed = CONFIG_SCHEMAS[type as ModelType].safeParse(json);
  const problem = parsed.success ? missingPositions(parsed.data) : issuesOf(parsed.error);
  if (parsed.success && problem === undefined) return parsed.data;
  throw new MmelError("MODEL_UNSUPPORTED", {
    what: `the text encoder's configuration is not supported for the model_type "${type}" (${problem})`,
    where,
  });
}

function missingPositions(config: TextEncoderConfig): string | undefined {
  if (maxPositions(config) > 0) return undefined;
  return `max_position_embeddings leaves no positions after pad_token_id ${config.pad_token_id}`;
}

/** Returns the index of the position embedding that an encoder uses for the first token of an input. */
export function firstPosition({ model_type, pad_token_id }: TextEncoderConfig): number {
  return ARCHITECTURES[model_type].positionsAfterPadding ? pad_token_id + 1 : 0;
}

/** Returns the maximum input length of an encoder, in tokens. */
export function maxPositions(config: TextEncoderConfig): number {
  return Math.max(0, config.max_position_embeddings - firstPosition(config));
}

/** Properties in which the supported architectures differ: names of weights, token types, positions and dropout. */
export interface Architecture {
  /** Prefix of all weight names in files that include a task head. */
  readonly prefix: string;
  /** Name of the scope that contains a layer's weights, without the number of the layer. */
  readonly layer: string;
  /** Names of the linear maps in the scope `attention` of a layer. */
  readonly projections: Readonly<Record<"query" | "key" | "value" | "output", string>>;
  readonly attentionNorm: string;
  readonly inner: string;
  readonly outer: string;
  readonly outerNorm: string;
  /**
   * Token type embedding that is added to each token: the embedding of the token's segment, always the first embedding,
   * or none.
   */
  readonly tokenTypes: "segment" | "first" | "absent";
  /** Whether positions start at `pad_token_id + 1`, as in fairseq, instead of at 0. */
  readonly positionsAfterPadding: boolean;
  /** Whether dropout is applied to the attention's output, before the residual is added. */
  readonly attentionDropout: boolean;
  /** Pattern for the names of weights that are ignored (pooler and task heads). */
  readonly heads: RegExp;
}

const bertArchitecture: Architecture = {
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

const robertaArchitecture: Architecture = {
  ...bertArchitecture,
  prefix: "roberta.",
  tokenTypes: "first",
  positionsAfterPadding: true,
  heads: /^(pooler|lm_head|classifier|qa_outputs)\./,
};

export const ARCHITECTURES: Readonly<Record<ModelType, Architecture>> = {
  bert: bertArchitecture,
  roberta: robertaArchitecture,
  "xlm-roberta": robertaArchitecture,
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
