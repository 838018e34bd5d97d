import { z } from "zod";

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

/** DistilBERT has no token types; its other fields have names of their own, which become BERT's. */
const distilbert = z.preprocess(
  bertNames,
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

function bertNames(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [BERT_NAMES[name] ?? name, value]));
}

type Fields = z.infer<z.ZodObject<typeof bertFields>>;
export type ModelType = "bert" | "roberta" | "xlm-roberta" | "distilbert";

/** What `config.json` says of a text encoder, by the names that Hugging Face has for BERT's; other fields are dropped. */
export interface TextEncoderConfig extends Fields {
  readonly model_type: ModelType;
}

/** One schema an architecture. */
export const CONFIG_SCHEMAS: Readonly<Record<ModelType, z.ZodType<TextEncoderConfig>>> = {
  bert: checked(bert),
  roberta: checked(roberta),
  "xlm-roberta": checked(xlmRoberta),
  distilbert: checked(distilbert),
};

function checked(schema: z.ZodType<TextEncoderConfig>): z.ZodType<TextEncoderConfig> {
  return schema.refine(({ hidden_size, num_attention_heads }) => hidden_size % num_attention_heads === 0, {
    message: "num_attention_heads does not divide hidden_size",
  });
}
