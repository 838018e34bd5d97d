/**
 * Settings in which the variants of the paper differ. Sections and equations are numbered as in the paper. `network`
 * builds all variants from these settings.
 */
export interface Variant {
  /** k, number of image tokens per view (section 3.2.2); 0 in variants without images. */
  readonly imageTokens: number;
  /** How text and images are fused: with MCM (equations 5 to 7), with MKGformer's M-Encoder, or not at all (`text`). */
  readonly fusion: "mcm" | "m-encoder" | "text";
  /** Whether context and entity share one pass of the text encoder (equation 1). Otherwise each has its own pass. */
  readonly jointText: boolean;
  /**
   * Whether context and entity images attend to each other in the joint layers (equation 3). Otherwise images attend
   * only to images of the same side.
   */
  readonly jointImage: boolean;
  /** Whether the loss includes the pair term (equation 11). */
  readonly pairTraining: boolean;
  /** Whether ranking uses the similarities between the entities of a caption (section 3.5). */
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

const TEXT: Variant = { ...FULL, fusion: "text", imageTokens: 0 };

/**
 * The variants compared in tables 2 and 3 and in figure 4 of the paper. The variants of MMEL-onlytext have the same
 * settings without images, for the text half of table 3.
 */
export const VARIANTS = {
  MMEL: FULL,
  "MMEL-k1": { ...FULL, imageTokens: 1 },
  "MMEL-M-Encoder": { ...FULL, fusion: "m-encoder" },
  "MMEL-onlytext": TEXT,
  "-JL_v": { ...FULL, jointImage: false },
  "-JL_t": { ...FULL, jointText: false },
  "-JL": { ...FULL, jointImage: false, jointText: false },
  "-PT&CR": { ...FULL, pairTraining: false, collaborative: false },
  "-PT": { ...FULL, pairTraining: false },
  "-CR": { ...FULL, collaborative: false },
  "MMEL-onlytext-JL_t": { ...TEXT, jointText: false },
  "MMEL-onlytext-PT&CR": { ...TEXT, pairTraining: false, collaborative: false },
  "MMEL-onlytext-PT": { ...TEXT, pairTraining: false },
  "MMEL-onlytext-CR": { ...TEXT, collaborative: false },
} as const satisfies Readonly<Record<string, Variant>>;

export type VariantName = keyof typeof VARIANTS;

export const VARIANT_NAMES = Object.keys(VARIANTS) as [VariantName, ...VariantName[]];
