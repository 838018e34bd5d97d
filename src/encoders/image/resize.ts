import type { Pixels } from "./pixels.js";
import { type FilterName, resample } from "./resize-pixels.js";

const KERNELS = { bilinear: "linear", bicubic: "cubic", lanczos: "lanczos3" } as const;

/** Pictures at least so many times as large as the result, both ways, are reduced by sharp. */
const MUCH_LARGER = 2;

/**
 * A picture in another size: exactly as Pillow makes it where that is cheap; large pictures by sharp with the same
 * kernel, six times as fast and off the caller's thread, some 0.2 to 1 of 255 away from Pillow on average.
 */
export async function resizePixels(
  pixels: Pixels,
  width: number,
  height: number,
  filter: FilterName,
): Promise<Pixels> {
  const factor = Math.min(pixels.width / width, pixels.height / height);
  if (factor < MUCH_LARGER || !(filter in KERNELS)) return resample(pixels, width, height, filter);
  const { default: sharp } = await import("sharp");
  const raw = { width: pixels.width, height: pixels.height, channels: 3 } as const;
  const kernel = KERNELS[filter as keyof typeof KERNELS];
  const data = await sharp(pixels.data, { raw })
    .resize({ width, height, fit: "fill", kernel })
    .raw()
    .toBuffer();
  return { data, width, height };
}
