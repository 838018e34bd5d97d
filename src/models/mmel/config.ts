import { z } from "zod";
import type { TextEncoderConfig } from "../../encoders/index.js";
import { VARIANT_NAMES, VARIANTS, type Variant } from "./variants.js";

/** Configuration of the head, as a checkpoint stores it; the text encoder has its own. */
export const mmelConfigSchema = z
  .strictObject({
    /** A row of `VARIANTS`; the paper's minus sign (U+2212) is accepted for the hyphen. */
    variant: z.preprocess(
      (name) => (typeof name === "string" ? name.replace("−", "-") : name),
      z.enum(VARIANT_NAMES).default("MMEL"),
    ),
    /** d, hidden width of the head. */
    d: z.int().min(1).max(8192).default(512),
    /** H, attention heads in the head. */
    heads: z.int().min(1).default(8),
    /** q, joint image layers. */
    jointLayers: z.int().min(0).max(24).default(2),
    /** Layers of the M-Encoder, for the variant that has one. */
    mEncoderLayers: z.int().min(1).max(24).default(2),
    /** Whether a layer norm follows the two projections. */
    projectionNorm: z.boolean().default(true),
    /** d_v, width of an image vector; ignored by text-only models. */
    imageWidth: z.int().min(1).max(65536).default(512),
    /** Vectors per image: of the whole image and of parts of it (paper: 1). */
    imageViews: z.int().min(1).max(64).default(1),
    /** Whether the entity text contains names; the paper's does not. */
    entityText: z.enum(["properties", "name+properties"]).default("name+properties"),
    /**
     * The loss that l was trained with, which decides m: `paper` gives sigmoid(l), `listwise` softmax(l / T) over a
     * mention's candidates.
     */
    loss: z.enum(["paper", "listwise"]).default("paper"),
    /** Whether the lexical ranker's log m is added to l as a fixed term, in training and when linking. */
    lexicalPrior: z.boolean().default(false),
    /** T of the listwise softmax, fitted on dev. */
    temperature: z.number().positive().default(1),
    /** Whether ranking uses the mean of S(a, b) and S(b, a). */
    symmetric: z.boolean().default(false),
  })
  .refine((config) => config.d % config.heads === 0, { error: "d must be a multiple of heads", path: ["d"] })
  .refine((config) => !config.lexicalPrior || config.loss === "listwise", {
    error: 'a lexical prior needs the loss "listwise"',
    path: ["lexicalPrior"],
  });

export type MmelConfig = z.infer<typeof mmelConfigSchema>;

/** The configurations of both parts of a model: the text encoder and the head. */
export interface MmelArchitecture {
  readonly encoder: TextEncoderConfig;
  readonly head: MmelConfig;
}

/** The settings of a configuration's variant. */
export const variantOf = (config: MmelConfig): Variant => VARIANTS[config.variant];

/** A pass of the text encoder: over context and entity together, or over one of them (-JL_t, -JL). */
export type Pass = "pair" | "context" | "entity";

/** The passes that a variant makes. */
export function passesOf(config: MmelConfig): readonly [Pass, ...Pass[]] {
  return variantOf(config).jointText ? ["pair"] : ["context", "entity"];
}
