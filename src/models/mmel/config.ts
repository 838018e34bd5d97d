import { z } from "zod";
import type { TextEncoderConfig } from "../../encoders/index.js";
import {
  BASELINE_NAMES,
  BASELINES,
  type Baseline,
  type BaselinePass,
  FIXED_LENGTHS,
  NEIGHBOURS,
} from "../baselines/table.js";
import { VARIANT_NAMES, VARIANTS, type Variant, type VariantName } from "./variants.js";

/** Configuration of the head, as stored in a checkpoint. The text encoder has a configuration of its own. */
export const mmelConfigSchema = z
  .strictObject({
    /**
     * Name of a variant in `VARIANTS` or of a baseline in `BASELINES`. The paper's minus sign (U+2212) is accepted instead of
     * the hyphen.
     */
    variant: z.preprocess(
      (name) => (typeof name === "string" ? name.replace("−", "-") : name),
      z.enum([...VARIANT_NAMES, ...BASELINE_NAMES]).default("MMEL"),
    ),
    /** d, hidden width of the head. */
    d: z.int().min(1).max(8192).default(512),
    /** H, number of attention heads. */
    heads: z.int().min(1).default(8),
    /** q, number of joint image layers. */
    jointLayers: z.int().min(0).max(24).default(2),
    /** Number of M-Encoder layers in the variant MMEL-M-Encoder. */
    mEncoderLayers: z.int().min(1).max(24).default(2),
    /** Whether a layer norm follows the projection of the text and the projection of the images. */
    projectionNorm: z.boolean().default(true),
    /** d_v, width of an image vector; ignored by text-only models. */
    imageWidth: z.int().min(1).max(65536).default(512),
    /** Number of vectors per image: one for the complete image, and one for each part of it (paper: 1). */
    imageViews: z.int().min(1).max(64).default(1),
    /** Content of the entity text. The paper's entity text contains no names. */
    entityText: z.enum(["properties", "name+properties"]).default("name+properties"),
    /**
     * Loss that the network is trained with. The loss also determines how the match score m is computed from the logit
     * l: sigmoid(l) for `paper`, and softmax(l / T) over a mention's candidates for `listwise`. A baseline has its own loss and
     * always the softmax.
     */
    loss: z.enum(["paper", "listwise"]).default("paper"),
    /** Whether log m of the lexical ranker is added to the logit l as a fixed term, both in training and in linking. */
    lexicalPrior: z.boolean().default(false),
    /** Temperature T of the listwise softmax, fitted on dev captions. */
    temperature: z.number().positive().default(1),
    /** Whether ranking uses the mean of the similarities S(a, b) and S(b, a) instead of S(a, b) alone. */
    symmetric: z.boolean().default(false),
  })
  .refine((config) => config.d % config.heads === 0, { error: "d must be a multiple of heads", path: ["d"] })
  .refine((config) => !config.lexicalPrior || !Object.hasOwn(BASELINES, config.variant), {
    error: "a baseline has no lexical prior",
    path: ["lexicalPrior"],
  })
  .refine((config) => !config.lexicalPrior || config.loss === "listwise", {
    error: 'a lexical prior requires the loss "listwise"',
    path: ["lexicalPrior"],
  });

export type MmelConfig = z.infer<typeof mmelConfigSchema>;

/** The configurations of both parts of a model: the text encoder and the head. */
export interface MmelArchitecture {
  readonly encoder: TextEncoderConfig;
  readonly head: MmelConfig;
}

/** Returns the settings of a configuration's baseline; undefined if it is a variant of MMEL. */
export const baselineOf = ({ variant }: MmelConfig): Baseline | undefined =>
  Object.hasOwn(BASELINES, variant) ? BASELINES[variant as keyof typeof BASELINES] : undefined;

/** Returns what a baseline's network is built from; undefined for a variant of MMEL. */
export function baselineModel({ encoder, head }: MmelArchitecture, dropout: number) {
  const row = baselineOf(head);
  return row && { encoder, row, head: { ...head, dropout } };
}

/** Returns the settings of a configuration's variant of MMEL. Not for baselines. */
export const variantOf = (config: MmelConfig): Variant => VARIANTS[config.variant as VariantName];

/** Maximum number of mentions of a caption that are trained together: two for the pair loss, a neighbourhood for NCEL. */
export const mentionsOf = (config: MmelConfig): number =>
  baselineOf(config)?.score === "graph" ? NEIGHBOURS + 1 : 2;

/** Whether the network reads images. */
export const usesImages = (config: MmelConfig): boolean =>
  baselineOf(config)?.images ?? variantOf(config).imageTokens > 0;

/**
 * A sequence of tokens that a network reads. `pair` encodes context and entity together. The variants -JL_t and -JL encode
 * `context` and `entity` in separate passes. The other passes belong to baselines.
 */
export type Pass = BaselinePass;

/** Returns the passes that a configuration's network reads. */
export function passesOf(config: MmelConfig): readonly [Pass, ...Pass[]] {
  const baseline = baselineOf(config);
  if (baseline !== undefined) return baseline.passes;
  return variantOf(config).jointText ? ["pair"] : ["context", "entity"];
}

/** Returns the padded length of each pass: that of `FIXED_LENGTHS`, or `lengthOf` the pass. */
export function passLengths<Length>(
  config: MmelConfig,
  lengthOf: (pass: Pass) => Length,
): Readonly<Partial<Record<Pass, Length | number>>> {
  return Object.fromEntries(passesOf(config).map((pass) => [pass, FIXED_LENGTHS[pass] ?? lengthOf(pass)]));
}
