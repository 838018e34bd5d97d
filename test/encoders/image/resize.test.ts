import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pixels } from "../../../src/encoders/image/index.js";
import { type FilterName, resample, resizePixels } from "../../../src/encoders/image/resize.js";
import { meanColour, picture } from "./pictures.js";

interface Reference {
  readonly filter: FilterName;
  readonly width: number;
  readonly height: number;
  readonly checksum: number;
  readonly head: readonly number[];
}

const references: Reference[] = JSON.parse(
  await readFile(new URL("./fixtures/pillow.json", import.meta.url), "utf8"),
);
const size = fc.integer({ min: 1, max: 40 });
const filter = fc.constantFrom<FilterName>("box", "bilinear", "hamming", "bicubic", "lanczos");

const difference = (a: Pixels, b: Pixels): number =>
  a.data.reduce((sum, value, at) => sum + Math.abs(value - b.data[at]!), 0) / a.data.length;

describe("resample and resizePixels", () => {
  it.each(references)(
    "gives Pillow's bits: $filter to $width x $height",
    ({ filter, width, height, checksum, head }) => {
      const { data } = resample(picture(40, 30), width, height, filter);
      expect([...data.subarray(0, 12)]).toEqual(head);
      expect(data.reduce((sum, value, at) => sum + value * ((at % 251) + 1), 0)).toBe(checksum);
    },
  );

  it("keeps an image of one colour unchanged", () => {
    fc.assert(
      fc.property(size, size, size, size, filter, (w, h, width, height, filter) => {
        const data = Uint8Array.from({ length: w * h * 3 }, (_, at) => [10, 128, 255][at % 3]!);
        const result = resample({ data, width: w, height: h }, width, height, filter);
        expect(result.data).toHaveLength(width * height * 3);
        expect(result.data.every((value, at) => value === [10, 128, 255][at % 3])).toBe(true);
      }),
    );
  });

  it("mirrors the result of a mirrored image", () => {
    const mirrored = ({ data, width, height }: Pixels): Pixels => ({
      width,
      height,
      data: data.map((_, at) => {
        const x = Math.floor(at / 3) % width;
        return data[at + (width - 1 - 2 * x) * 3]!;
      }),
    });
    const found = resample(mirrored(picture(40, 30)), 17, 50, "bicubic");
    expect(difference(found, mirrored(resample(picture(40, 30), 17, 50, "bicubic")))).toBeLessThan(0.01);
  });

  it("reduces much larger images with sharp within 1 of 255 on average, and keeps the mean", async () => {
    const large = picture(900, 700);
    for (const filter of ["bilinear", "bicubic", "lanczos"] as const) {
      const [fast, exact] = [await resizePixels(large, 224, 224, filter), resample(large, 224, 224, filter)];
      expect(difference(fast, exact)).toBeLessThan(1);
      meanColour(fast).forEach((mean, channel) => {
        expect(Math.abs(mean - meanColour(large)[channel]!)).toBeLessThan(0.5);
      });
    }
  });
});
