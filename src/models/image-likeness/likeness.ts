import { z } from "zod";

/** What is seen of a picture: the whole, a half, or a third (`viewsOf`). */
export const VIEW_KINDS = ["whole", "half", "third"] as const;

/** Names a caption has: one, two, three or more. */
export const NAME_COUNTS = 3;

const bias = z.number();

export const sightConfigSchema = z.strictObject({
  format: z.literal("mmel-sight-1"),
  /** What made the vectors it was fitted to. */
  encoder: z.strictObject({ id: z.string().min(1), hash: z.string().min(1) }),
  /** Vectors a picture. */
  views: z.int().min(1).max(64),
  /** d_v */
  width: z.int().min(1).max(65_536),
  /** a: how much a cosine of 1 says. */
  scale: z.number().positive(),
  /** t: the share that the text's log m keeps beside a picture. */
  text: z.number().nonnegative(),
  /** The cosine that stands for an entity without a picture. */
  missing: z.number().min(-1).max(1),
  /** b: by the number of names in the caption (one, two, more) and by `VIEW_KINDS`. */
  bias: z.array(z.tuple([bias, bias, bias])).length(NAME_COUNTS),
});

/** The numbers of a sight; see `Sight`. */
export type SightConfig = z.infer<typeof sightConfigSchema>;

/** What pictures say of a candidate, as it ships: fitted by `fitSight`. */
export interface Sight {
  readonly config: SightConfig;
  /** Mean of the pictures' vectors of length 1: [d_v]. */
  readonly mean: Float32Array;
  /** Whitens what is left without the mean: [d_v, d_v], rows are outputs. */
  readonly whitening: Float32Array;
}

/** The kind of each view of a picture, by its index among `VIEW_KINDS`, in the order of `viewsOf`. */
export function viewKinds(views: number): readonly number[] {
  const halves = views === 3 || views === 6 ? [1, 1] : [];
  const thirds = views === 4 || views === 6 ? [2, 2, 2] : [];
  return [0, ...halves, ...thirds];
}
