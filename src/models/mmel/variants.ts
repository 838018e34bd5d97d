/** What a variant of the paper changes; everything else is one builder. */
export interface Variant {
  /** k, image tokens a view (section 3.2.2); 0: the model has no image side at all. */
  readonly imageTokens: number;
  /** How the text and the image side meet: MCM (equations 5 to 7), MKGformer's M-Encoder, or text alone. */
  readonly fusion: "mcm" | "m-encoder" | "text";
  /** Context and entity in one pass of the text encoder (equation 1), or in two passes apart. */
  readonly jointText: boolean;
  /** Images of context and entity see each other in the joint layers (equation 3), or only themselves. */
  readonly jointImage: boolean;
  /** The loss has the pair term (equation 11). */
  readonly pairTraining: boolean;
  /** Ranking uses the similarities of the mentions' entities (section 3.5). */
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
