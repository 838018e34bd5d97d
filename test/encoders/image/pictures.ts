import sharp, { type Color, type Sharp } from "sharp";
import type { Pixels } from "../../../src/encoders/image/index.js";

/** The picture of `fixtures/make.py`. */
export function picture(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at++) {
    const channel = at % 3;
    const x = Math.floor(at / 3) % width;
    const y = Math.floor(at / 3 / width);
    const phase = x * (5 + 2 * channel) + y * (9 - 3 * channel);
    const wave = Math.abs((((phase % 512) + 512) % 512) - 256);
    const block = (Math.floor(x / 16) + Math.floor(y / 16)) % 2 === 0 ? 60 : 0;
    data[at] = Math.min(255, Math.max(0, wave + block - 20));
  }
  return { data, width, height };
}

/** The picture for sharp, to be written in some form. */
export function drawn({ data, width, height }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A picture of one colour. */
export function plain(width: number, height: number, background: Color, channels: 3 | 4 = 3): Sharp {
  return sharp({ create: { width, height, channels, background }, limitInputPixels: false });
}

/** The mean of each channel inside a box, in 0 to 255. */
export function meanColour({ data, width, height }: Pixels): number[] {
  const sums = [0, 0, 0];
  data.forEach((value, at) => {
    sums[at % 3] = sums[at % 3]! + value;
  });
  return sums.map((sum) => sum / (width * height));
}
