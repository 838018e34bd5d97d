import type { Tensors } from "../../tensor/engine/index.js";
import type { MmelConfig } from "./config.js";

/** The vectors of an image's views, one after the other: [views * d_v]; undefined: no image. */
export type ImageVectors = Float32Array | undefined;

/** The images of a pair. */
export interface PairImages {
  readonly context: ImageVectors;
  readonly entity: ImageVectors;
}

/** The inputs `images.vectors` and `images.present` of a batch; views an image lacks count as absent. */
export function imageInputs(batch: readonly PairImages[], { imageWidth, imageViews }: MmelConfig): Tensors {
  const views = 2 * imageViews;
  const vectors = new Float32Array(batch.length * views * imageWidth);
  const present = new Uint8Array(batch.length * views);
  const put = (row: number, image: ImageVectors): void => {
    const given = image?.subarray(0, imageViews * imageWidth) ?? new Float32Array(0);
    vectors.set(given, row * imageWidth);
    present.fill(1, row, row + Math.floor(given.length / imageWidth));
  };
  batch.forEach(({ context, entity }, pair) => {
    put(pair * views, context);
    put(pair * views + imageViews, entity);
  });
  return {
    "images.vectors": { data: vectors, shape: [batch.length, views, imageWidth] },
    "images.present": { data: present, shape: [batch.length, views] },
  };
}
