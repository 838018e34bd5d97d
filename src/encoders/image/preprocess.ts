import { MmelError } from "../../core/index.js";
import type { Pixels } from "./pixels.js";
import type { Processor } from "./processor.js";
import { resizePixels } from "./resize.js";

/** The input of an image network for a batch of images. */
export interface PixelValues {
  readonly data: Float32Array;
  /** [B, 3, H, W] */
  readonly shape: readonly [number, number, number, number];
}

/**
 * Resizes, crops and scales images as the processor says. Throws `MODEL_UNSUPPORTED` if the results have different
 * sizes, which happens if the processor neither crops images nor resizes them to a fixed size.
 */
export async function preprocess(processor: Processor, images: readonly Pixels[]): Promise<PixelValues> {
  const resized = await Promise.all(
    images.map((image) => {
      const { width, height } = processor.resizedSize(image);
      return resizePixels(image, width, height, processor.filter);
    }),
  );
  const { width, height } = processor.crop ?? resized[0] ?? { width: 0, height: 0 };
  if (
    processor.crop === undefined &&
    resized.some((image) => image.width !== width || image.height !== height)
  )
    throw new MmelError("MODEL_UNSUPPORTED", {
      what: "the image processor makes images of different sizes",
      expected: "`do_center_crop`, or a `size` with `width` and `height`",
    });
  const size = 3 * width * height;
  const data = new Float32Array(resized.length * size);
  resized.forEach((image, at) => {
    cropInto(data.subarray(at * size, (at + 1) * size), image, width, height, processor.values);
  });
  return { data, shape: [resized.length, 3, height, width] };
}

/** Writes the values [3, height, width] of an image's centre. Around an image that is smaller, they are those of black. */
function cropInto(
  target: Float32Array,
  image: Pixels,
  width: number,
  height: number,
  values: readonly Float32Array[],
): void {
  const left = Math.trunc((image.width - width) / 2);
  const top = Math.trunc((image.height - height) / 2);
  for (const [channel, table] of values.entries()) {
    const plane = target.subarray(channel * width * height, (channel + 1) * width * height);
    plane.fill(table[0]!);
    for (let y = Math.max(0, -top); y < Math.min(height, image.height - top); y++)
      for (let x = Math.max(0, -left); x < Math.min(width, image.width - left); x++)
        plane[y * width + x] = table[image.data[((y + top) * image.width + x + left) * 3 + channel]!]!;
  }
}
