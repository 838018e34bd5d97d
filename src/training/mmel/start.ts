import { MmelError } from "../../core/index.js";
import { findImageEncoder } from "../../encoders/image/index.js";
import { fetchFromHub, isHubName, maxPositions } from "../../encoders/index.js";
import {
  type CheckpointConfig,
  type CheckpointContent,
  initialCheckpoint,
  openCheckpoint,
  readWeights,
} from "../../models/checkpoint/index.js";
import { parametersOf } from "../../models/mmel/index.js";
import { bundledFolder } from "../../models/registry.js";
import { type ImageSource, type OpenImages, openPictures } from "../../pictures/index.js";
import type { Weight } from "../../tensor/engine/index.js";
import type { TrainingConfig } from "./config.js";

/** The image vectors for a training run. */
export interface TrainingImages extends AsyncDisposable {
  readonly encoder: NonNullable<CheckpointConfig["imageEncoder"]>;
  /** d_v, width of an image vector. */
  readonly width: number;
  readonly source: ImageSource;
  /** Opens the same images, but with the vectors that the image-similarity model (`sight`) needs. */
  readonly open: OpenImages;
}

export interface TrainingImagesOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once for each unreadable image, which then counts as missing. */
  readonly onBadPicture?: ((error: MmelError) => void) | undefined;
}

/**
 * Opens the images of a configuration. Returns undefined if the configuration has no images folder. Throws the errors
 * of `findImageEncoder` and `openPictures`.
 */
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

/** The model before the first training step. */
export interface Start extends CheckpointContent {
  /** Model that training continues from, as `NAME@HASH`. */
  readonly from?: string;
}

/** The encoder of the image vectors, and the vectors' width. */
type ImageVectorSource = Pick<TrainingImages, "encoder" | "width">;

/**
 * Creates the model that training starts from: a pretrained encoder with a random head, or the checkpoint `init`.
 * Throws `CONFIG` if the configuration does not match the encoder or the checkpoint.
 */
export async function startingPoint(given: TrainingConfig, images?: ImageVectorSource): Promise<Start> {
  const config: TrainingConfig =
    images === undefined ? given : { ...given, head: { ...given.head, imageWidth: images.width } };
  const start =
    config.init === undefined
      ? await pretrained(config, images)
      : await continued(config, config.init, images);
  const positions = maxPositions(start.config.encoder);
  if (config.maxTokens <= positions) return start;
  throw new MmelError("CONFIG", {
    what: `maxTokens is ${config.maxTokens}`,
    where: config.init ?? config.encoder,
    expected: `at most ${positions}, the maximum input length of the text encoder`,
  });
}

async function pretrained(config: TrainingConfig, images: ImageVectorSource | undefined): Promise<Start> {
  const { name, head, encoder = "", encoderLayers: layers, seed, maxTokens, contextShare } = config;
  const folder = isHubName(encoder) ? await fetchFromHub(encoder) : encoder;
  const input = { maxTokens, contextShare };
  return initialCheckpoint(folder, {
    name,
    head,
    seed,
    input,
    ...(layers !== undefined && { layers }),
    ...(images && { imageEncoder: images.encoder }),
  });
}

/**
 * Opens the checkpoint to continue from. Drops the settings that were fitted to the old weights (ranking) and the
 * settings that describe how the old weights were trained (training, first stage).
 */
async function continued(
  { name, head, maxTokens, contextShare }: TrainingConfig,
  init: string,
  images: ImageVectorSource | undefined,
): Promise<Start> {
  const { config: old, tokenizer, weights, hash } = await openCheckpoint(bundledFolder(init) ?? init);
  const { ranking: _, training: __, firstStage: ___, ...kept } = old;
  const config: CheckpointConfig = {
    ...kept,
    name,
    head,
    input: { maxTokens, contextShare },
    ...(images && { imageEncoder: images.encoder }),
  };
  assertSameWeights(old, config, init);
  assertSameImageEncoder(old, config, init);
  return {
    config,
    tokenizer: tokenizer.json,
    weights: await readWeights(weights),
    from: `${old.name}@${hash}`,
  };
}

function assertSameWeights(old: CheckpointConfig, config: CheckpointConfig, where: string): void {
  const shapesOf = (model: CheckpointConfig): string[] =>
    parametersOf(model)
      .map(({ name, shape }) => `${name} [${shape.join(", ")}]`)
      .sort();
  const before = new Set(shapesOf(old));
  const different = shapesOf(config).find((shape) => !before.delete(shape)) ?? [...before][0];
  if (different === undefined) return;
  throw new MmelError("CONFIG", {
    what: `the configuration's head does not match the model to continue from (only one of them has the weight ${different})`,
    where,
    expected: `the variant ${old.head.variant} of width ${old.head.d}`,
    hint: "Copy `head` from the model's config.json.",
  });
}

function assertSameImageEncoder(
  old: CheckpointConfig,
  { imageEncoder }: CheckpointConfig,
  where: string,
): void {
  if (old.imageEncoder === undefined || old.imageEncoder.hash === imageEncoder?.hash) return;
  throw new MmelError("CONFIG", {
    what: `the image encoder is ${imageEncoder?.id}, but the model to continue from was trained with a different one`,
    where,
    expected: `${old.imageEncoder.id}@${old.imageEncoder.hash.slice(0, 16)} as \`imageEncoder\``,
  });
}

/** Returns the weights in the format that an engine loads. */
export function weightsOf(start: CheckpointContent): Weight[] {
  return parametersOf(start.config).map(({ name, shape }) => ({
    name,
    shape,
    source: { kind: "data", data: start.weights.get(name)! },
  }));
}
