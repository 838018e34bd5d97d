/** What the variants of the paper change. One builder makes them all. */
export interface Variant {
  /** k, image tokens per view (section 3.2.2); 0: the model has no image side. */
  readonly imageTokens: number;
  /** How text and images are fused: MCM (equations 5 to 7), MKGformer's M-Encoder, or text alone. */
  readonly fusion: "mcm" | "m-encoder" | "text";
  /** Context and entity share one pass of the text encoder (equation 1); otherwise each has its own. */
  readonly jointText: boolean;
  /**
   * Context and entity images attend to each other in the joint layers (equation 3); otherwise only to their own side.
   */
  readonly jointImage: boolean;
  /** The loss includes the pair term (equation 11). */
  readonly pairTraining: boolean;
  /** Ranking uses the similarities between the entities of a caption (section 3.5). */
  readonly collaborative: boolean;
}

const FULL: Variant = {
  imageTokens: 4,
  fusion: "mcm",
  jointText: true,
  jointImage: true,
  pairTraining: true,
  collaborative: true,
};

/** The rows of tables 2 and 3 and of figure 4. */
export const VARIANTS = {
  MMEL: FULL,
  "MMEL-k1": { ...FULL, imageTokens: 1 },
  "MMEL-M-Encoder": { ...FULL, fusion: "m-encoder" },
  "MMEL-onlytext": { ...FULL, fusion: "text", imageTokens: 0 },
  "-JL_v": { ...FULL, jointImage: false },
  "-JL_t": { ...FULL, jointText: false },
  "-JL": { ...FULL, jointImage: false, jointText: false },
  "-PT&CR": { ...FULL, pairTraining: false, collaborative: false },
  "-PT": { ...FULL, pairTraining: false },
  "-CR": { ...FULL, collaborative: false },
} as const satisfies Readonly<Record<string, Variant>>;

export type VariantName = keyof typeof VARIANTS;

export const VARIANT_NAMES = Object.keys(VARIANTS) as [VariantName, ...VariantName[]];
