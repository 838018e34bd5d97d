import { z } from "zod";

const width = z
  .int()
  .positive()
  .max(1 << 16);
const rate = z.number().min(0).lt(1);

/** What `config.json` says of a BERT encoder, by Hugging Face's names; other fields are dropped. */
export const bertConfigSchema = z
  .object({
    model_type: z.literal("bert"),
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
  })
  .refine(({ hidden_size, num_attention_heads }) => hidden_size % num_attention_heads === 0, {
    message: "num_attention_heads does not divide hidden_size",
  });

export type BertConfig = z.infer<typeof bertConfigSchema>;
