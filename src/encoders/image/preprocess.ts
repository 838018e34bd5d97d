import type { ImageProcessor, Processor, RawImage, Tensor } from "@huggingface/transformers";
import type { Pixels } from "./pixels.js";
import { type FilterName, resizePixels } from "./resize.js";

/** Computes the input of an image network for a batch of images. */
export type Preprocess = (images: readonly Pixels[]) => Promise<{ readonly pixel_values: Tensor }>;

export interface PreprocessParts {
  readonly processor: Processor;
  readonly RawImage: typeof RawImage;
  readonly Tensor: typeof Tensor;
}

/** Values from transformers.js and from this module count as equal if they differ by less than this. */
const TOLERANCE = 1e-5;

/**
 * Creates a function that preprocesses images as the model's processor does, but resizes them like Pillow. Most
 * processors resize, crop, and then scale each channel. For such processors, this module scales the channels itself,
 * which is eight times as fast as transformers.js. Both implementations are tested on `probes`. If their values differ,
 * transformers.js preprocesses all images.
 */
export async function createPreprocess(
  { processor, RawImage, Tensor }: PreprocessParts,
  probes: readonly Pixels[],
): Promise<Preprocess> {
  const toRawImage = rawImageFactory(RawImage);
  const byLibrary: Preprocess = (images) => processor(images.map(toRawImage));
  const settings = processor.image_processor;
  if (settings === undefined) return byLibrary;
  const scales = scalesOf(settings);
  const byTable: Preprocess = async (images) => {
    const cropped = await Promise.all(images.map((pixels) => resizeAndCrop(settings, toRawImage(pixels))));
    const { width = 0, height = 0 } = cropped[0] ?? {};
    const data = new Float32Array(cropped.length * 3 * width * height);
    cropped.forEach((image, index) => {
      scaleInto(data.subarray(index * 3 * width * height), image.data, width * height, scales);
    });
    return { pixel_values: new Tensor("float32", data, [cropped.length, 3, height, width]) };
  };
  return (await agree(byLibrary, byTable, probes)) ? byTable : byLibrary;
}

/**
 * Resampling filters, indexed by the numbers that Pillow and preprocessor configurations use. Number 0 (nearest) is
 * left to transformers.js.
 */
const FILTERS: readonly (FilterName | undefined)[] = [
  undefined,
  "lanczos",
  "bilinear",
  "bicubic",
  "box",
  "hamming",
];

/**
 * Returns a function that creates images for transformers.js. Their `resize` method works like Pillow's. The original
 * method of transformers.js does not smooth images when it reduces them. Its values differ from Pillow's by 9 of 255 on
 * average for images with sides of 640 pixels, and by 23 of 255 for sides of 2,000 pixels.
 */
function rawImageFactory(Base: typeof RawImage): (pixels: Pixels) => RawImage {
  class PillowImage extends Base {
    readonly pixels: Pixels;

    constructor(pixels: Pixels) {
      super(pixels.data, pixels.width, pixels.height, 3);
      this.pixels = pixels;
    }

    override async resize(
      width: number,
      height: number,
      options: { resample?: 0 | 1 | 2 | 3 | 4 | 5 | string } = {},
    ): Promise<RawImage> {
      const filter = FILTERS[Number(options.resample ?? 2)];
      if (filter === undefined) return super.resize(width, height, options);
      return new PillowImage(await resizePixels(this.pixels, width, height, filter));
    }
  }
  return (pixels) => new PillowImage(pixels);
}

async function resizeAndCrop(settings: ImageProcessor, image: RawImage): Promise<RawImage> {
  const resized = settings.do_resize ? await settings.resize(image) : image;
  if (!settings.do_center_crop) return resized;
  const { crop_size: size } = settings;
  return typeof size === "number"
    ? resized.center_crop(size, size)
    : resized.center_crop(size.width, size.height);
}

/** Returns a lookup table [3][256]: for each channel, the scaled value of each possible byte (0 to 255). */
function scalesOf({ do_rescale, rescale_factor, do_normalize, image_mean, image_std }: ImageProcessor) {
  const factor = do_rescale ? rescale_factor : 1;
  const channelValue = (values: number[] | number, channel: number): number =>
    typeof values === "number" ? values : (values[channel] ?? Number.NaN);
  return [0, 1, 2].map((channel) => {
    const mean = do_normalize ? channelValue(image_mean, channel) : 0;
    const deviation = do_normalize ? channelValue(image_std, channel) : 1;
    return Float32Array.from({ length: 256 }, (_, byte) => (byte * factor - mean) / deviation);
  });
}

/** Scales bytes [height, width, 3] to values [3, height, width]. */
function scaleInto(
  values: Float32Array,
  bytes: ArrayLike<number>,
  pixels: number,
  scales: readonly Float32Array[],
): void {
  for (const [channel, scale] of scales.entries())
    for (let i = 0; i < pixels; i++) values[channel * pixels + i] = scale[bytes[3 * i + channel]!]!;
}

async function agree(
  reference: Preprocess,
  candidate: Preprocess,
  probes: readonly Pixels[],
): Promise<boolean> {
  const expected = (await reference(probes)).pixel_values;
  const found = await candidate(probes).then(
    ({ pixel_values }) => pixel_values,
    () => undefined,
  );
  if (found === undefined || `${found.dims}` !== `${expected.dims}`) return false;
  const [a, b] = [expected.data as Float32Array, found.data as Float32Array];
  return a.every((value, i) => Math.abs(value - b[i]!) < TOLERANCE);
}
