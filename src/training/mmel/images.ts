import type { MmelError } from "../../core/index.js";
import { findImageEncoder } from "../../encoders/image/index.js";
import type { CheckpointConfig } from "../../models/checkpoint/index.js";
import { type ImageSource, type OpenImages, openPictures } from "../../pictures/index.js";
import type { TrainingConfig } from "./config.js";

/** The pictures that a training looks at. */
export interface TrainingImages extends AsyncDisposable {
  readonly encoder: NonNullable<CheckpointConfig["imageEncoder"]>;
  /** d_v */
  readonly width: number;
  readonly source: ImageSource;
  /** The same pictures for a sight, which has views of its own. */
  readonly open: OpenImages;
}

export interface TrainingImagesOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told once of each bad picture, which counts as missing. */
  readonly onBadPicture?: ((error: MmelError) => void) | undefined;
}

/** Opens the pictures that a configuration names; undefined when it names none. Errors as `openPictures`. */
export async function openTrainingImages(
  { images, features, imageEncoder, head }: TrainingConfig,
  { signal, onBadPicture: onBad }: TrainingImagesOptions,
): Promise<TrainingImages | undefined> {
  if (images === undefined) return undefined;
  const { id, hash } = await findImageEncoder(imageEncoder);
  const pictures = await openPictures({ images, features, encoder: imageEncoder, onBad, signal });
  try {
    const need = { encoder: { id, hash }, views: head.imageViews };
    const source = await pictures.open(need);
    return {
      encoder: need.encoder,
      width: await pictures.width(need),
      source,
      open: pictures.open,
      [Symbol.asyncDispose]: () => pictures[Symbol.asyncDispose](),
    };
  } catch (error) {
    await pictures[Symbol.asyncDispose]();
    throw error;
  }
}
