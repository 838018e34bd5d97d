import { z } from "zod";

/** The view of a picture: the whole, a half, or a third (see `viewsOf`). */
export const VIEW_KINDS = ["whole", "half", "third"] as const;

/** Number of rows in `bias`: captions with one name, two names, three or more. */
export const NAME_COUNTS = 3;

const bias = z.number();

export const imageLikenessConfigSchema = z.strictObject({
  format: z.literal("mmel-sight-1"),
  /** The image encoder of the vectors it was fitted to. */
  encoder: z.strictObject({ id: z.string().min(1), hash: z.string().min(1) }),
  /** Vectors per picture. */
  views: z.int().min(1).max(64),
  /** d_v, the width of a vector. */
  width: z.int().min(1).max(65_536),
  /** a: factor of the cosines. */
  scale: z.number().positive(),
  /** t: factor of the text's log m if the caption has a picture. */
  text: z.number().nonnegative(),
  /** The cosine assumed for an entity without a picture. */
  missing: z.number().min(-1).max(1),
  /** b: by the number of names in the caption and the view's kind, in the order of `VIEW_KINDS`. */
  bias: z.array(z.tuple([bias, bias, bias])).length(NAME_COUNTS),
});

/** The parameters of an image likeness except its whitening; `sight.json` stores them. */
export type ImageLikenessConfig = z.infer<typeof imageLikenessConfigSchema>;

/** Scores how much a caption's picture resembles an entity's pictures. `fitImageLikeness` fits it. */
export interface ImageLikeness {
  readonly config: ImageLikenessConfig;
  /** Mean of the pictures' vectors after scaling them to length 1: [d_v]. */
  readonly mean: Float32Array;
  /** Whitens a vector after subtracting the mean: [d_v, d_v], one row per output. */
  readonly whitening: Float32Array;
}

/** The kind of each view of a picture, as an index into `VIEW_KINDS`, in the order of `viewsOf`. */
export function viewKinds(views: number): readonly number[] {
  const halves = views === 3 || views === 6 ? [1, 1] : [];
  const thirds = views === 4 || views === 6 ? [2, 2, 2] : [];
  return [0, ...halves, ...thirds];
}

/**
 * The likeness z = log Σ_v exp(a c_v + b_v) of a caption's picture to a candidate, over the picture's views v: c_v is the
 * cosine of the view with the nearest of the entity's pictures, b_v the bias of the view's kind for the caption's number
 * of names.
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

/** The cosine of each view of a caption's picture with the nearest of an entity's pictures. All vectors have length 1. */
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
