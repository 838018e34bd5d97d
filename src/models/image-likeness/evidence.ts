import { NAME_COUNTS, type SightConfig, viewKinds } from "./likeness.js";

/**
 * What a caption's picture says of a candidate: z = log Σ_v exp(a c_v + b_v) over its views v, c_v the cosine of the view
 * with the entity's nearest picture and b_v what views of its kind are worth beside so many names.
 */
export function pictureEvidence(
  cosines: ArrayLike<number>,
  names: number,
  { scale, bias, views }: Pick<SightConfig, "scale" | "bias" | "views">,
): number {
  const row = bias[Math.min(names, NAME_COUNTS) - 1]!;
  const each = viewKinds(views).map((kind, view) => scale * cosines[view]! + row[kind]!);
  const highest = Math.max(...each);
  return highest + Math.log(each.reduce((sum, one) => sum + Math.exp(one - highest), 0));
}

/** Cosines of every view of a caption's picture with the nearest of an entity's pictures; vectors have length 1. */
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
