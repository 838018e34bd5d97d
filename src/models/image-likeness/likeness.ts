import { z } from "zod";

/** The kinds of views of a picture: the whole picture, a half or a third (see `viewsOf`). */
export const VIEW_KINDS = ["whole", "half", "third"] as const;

/** Number of rows in `bias`: one each for captions with one mention, with two mentions, and with three or more. */
export const NAME_COUNTS = 3;

const bias = z.number();

export const imageLikenessConfigSchema = z.strictObject({
  format: z.literal("mmel-sight-1"),
  /** The image encoder that computed the vectors to which the model was fitted. */
  encoder: z.strictObject({ id: z.string().min(1), hash: z.string().min(1) }),
  /** Number of views per picture. Each view has one vector. */
  views: z.int().min(1).max(64),
  /** d_v, the width of a vector. */
  width: z.int().min(1).max(65_536),
  /** a: factor by which the cosines are multiplied. */
  scale: z.number().positive(),
  /** t: factor by which the text model's log m is multiplied if the caption has a picture. */
  text: z.number().nonnegative(),
  /** The cosine assumed for an entity without a picture. */
  missing: z.number().min(-1).max(1),
  /**
   * b: one row per number of mentions in the caption; within a row, one value per kind of view, in the order of
   * `VIEW_KINDS`.
   */
  bias: z.array(z.tuple([bias, bias, bias])).length(NAME_COUNTS),
});

/** The content of `sight.json`: all parameters of an image-similarity model except its mean and whitening matrix. */
export type ImageLikenessConfig = z.infer<typeof imageLikenessConfigSchema>;

/** A model of the similarity between a caption's picture and an entity's pictures. `fitImageLikeness` fits it. */
export interface ImageLikeness {
  readonly config: ImageLikenessConfig;
  /** Mean of the image vectors after scaling each to length 1: [d_v]. */
  readonly mean: Float32Array;
  /** Matrix that whitens a vector after subtracting the mean: [d_v, d_v], one row per output. */
  readonly whitening: Float32Array;
}

/** Returns the kind of each view of a picture, as an index into `VIEW_KINDS`, in the order of `viewsOf`. */
export function viewKinds(views: number): readonly number[] {
  const halves = views === 3 || views === 6 ? [1, 1] : [];
  const thirds = views === 4 || views === 6 ? [2, 2, 2] : [];
  return [0, ...halves, ...thirds];
}

/**
 * Computes the image similarity of a caption and a candidate: z = log Σ_v exp(a c_v + b_v). The sum is over the views v
 * of the caption's picture. c_v is the cosine between the view and the most similar picture of the entity. b_v is the
 * bias for the kind of view and the number of mentions in the caption.
 */
export function likenessOf(
  cosines: ArrayLike<number>,
  names: number,
  { scale, bias, views }: Pick<ImageLikenessConfig, "scale" | "bias" | "views">,
): number {
  const row = bias[Math.min(names, NAME_COUNTS) - 1]!;
  const terms = viewKinds(views).map((kind, view) => scale * cosines[view]! + row[kind]!);
  const highest = Math.max(...terms);
  return highest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - highest), 0));
}

/**
 * Computes, for each view of a caption's picture, its highest cosine with any of an entity's pictures. All vectors must
 * have length 1.
 */
export function nearestCosines(
  caption: Float32Array, // [views * width]
  entity: Float32Array, // [pictures * width]
  width: number,
): Float64Array {
  const cosines = new Float64Array(caption.length / width).fill(-1);
  for (let view = 0; view < cosines.length; view++)
    for (let at = 0; at < entity.length; at += width) {
      let sum = 0;
      for (let i = 0, from = view * width; i < width; i++) sum += caption[from + i]! * entity[at + i]!;
      cosines[view] = Math.max(cosines[view]!, sum);
    }
  return cosines;
}
