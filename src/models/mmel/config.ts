import { z } from "zod";
import { VARIANT_NAMES, VARIANTS, type Variant } from "./variants.js";

/** The head of a model as its checkpoint describes it; the text encoder has a configuration of its own. */
export const mmelConfigSchema = z
  .strictObject({
    /** A row of `VARIANTS`; the papers' minus sign is understood too. */
    variant: z.preprocess(
      (name) => (typeof name === "string" ? name.replace("−", "-") : name),
      z.enum(VARIANT_NAMES).default("MMEL"),
    ),
    /** Hidden width of the head. */
    d: z.int().min(1).max(8192).default(512),
    /** Attention heads of the head's blocks. */
    heads: z.int().min(1).default(8),
    /** q, joint image layers. */
    jointLayers: z.int().min(0).max(24).default(2),
    mEncoderLayers: z.int().min(1).max(24).default(2),
    /** Layer norm after the two projections. */
    projectionNorm: z.boolean().default(true),
    /** d_v, width of an image vector; of no meaning to a text-only model. */
    imageWidth: z.int().min(1).max(65536).default(512),
    /** Vectors an image: the whole and parts of it (paper: 1). */
    imageViews: z.int().min(1).max(64).default(1),
    /** The paper's entity text has no name in it; users want one. */
    entityText: z.enum(["properties", "name+properties"]).default("name+properties"),
    /** What the match logit l was trained for: m = sigmoid(l), or softmax of l / T over the mention's candidates. */
    loss: z.enum(["paper", "listwise"]).default("paper"),
    /** l stands on top of the lexical ranker's log m, a fixed term in training and in use: the network learns the rest. */
    lexicalPrior: z.boolean().default(false),
    /** T of the listwise softmax, fitted on dev. */
    temperature: z.number().positive().default(1),
    /** Rank by the mean of S(a, b) and S(b, a). */
    symmetric: z.boolean().default(false),
  })
  .refine((config) => config.d % config.heads === 0, { error: "d must be a multiple of heads", path: ["d"] })
  .refine((config) => !config.lexicalPrior || config.loss === "listwise", {
    error: "only the loss listwise has a lexical prior",
    path: ["lexicalPrior"],
  });

export type MmelConfig = z.infer<typeof mmelConfigSchema>;

/** What the configuration leaves to its variant. */
export const variantOf = (config: MmelConfig): Variant => VARIANTS[config.variant];
