import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pixels } from "../../../src/encoders/image/index.js";
import { preprocess } from "../../../src/encoders/image/preprocess.js";
import { type Processor, readProcessor } from "../../../src/encoders/image/processor.js";
import { picture } from "./pictures.js";

/** Values that transformers.js 4.3.1 computed, with Pillow's resizing in place of its own. */
interface Reference {
  readonly name: string;
  /** The processor's settings, or the name of a fixture that contains them. */
  readonly settings: object | string;
  readonly cases: readonly {
    /** Size of the picture. */
    readonly width: number;
    readonly height: number;
    readonly shape: readonly number[];
    /** Sum of all values. */
    readonly sum: number;
    /** The values at multiples of a 24th of their number, rounded down. */
    readonly values: readonly number[];
  }[];
}

const fixture = (path: string): string => fileURLToPath(new URL(`./fixtures/${path}`, import.meta.url));

const references: Reference[] = JSON.parse(await readFile(fixture("processors.json"), "utf8"));

async function processorOf(settings: object | string): Promise<Processor> {
  if (typeof settings === "string") return readProcessor(fixture(`${settings}/preprocessor_config.json`));
  const file = join(await mkdtemp(join(tmpdir(), "mmel-processor-")), "preprocessor_config.json");
  await writeFile(file, JSON.stringify(settings));
  return readProcessor(file);
}

const CLIP = {
  image_processor_type: "CLIPImageProcessor",
  size: { shortest_edge: 32 },
  do_normalize: false,
};

const size = fc.integer({ min: 1, max: 300 });

describe("preprocess", () => {
  it.each(references)("computes the values of transformers.js: $name", async ({ settings, cases }) => {
    const processor = await processorOf(settings);
    for (const { width, height, shape, sum, values } of cases) {
      const found = await preprocess(processor, [picture(width, height)]);
      expect(found.shape).toEqual(shape);
      expect(found.data.reduce((total, value) => total + value, 0)).toBeCloseTo(sum, 1);
      const step = Math.floor(found.data.length / 24);
      values.forEach((value, at) => {
        expect(found.data[at * step]).toBeCloseTo(value, 5);
      });
    }
  });

  it("treats each image of a batch like a batch of one", async () => {
    const processor = await processorOf("clip");
    const images = [picture(40, 30), picture(30, 70), picture(32, 32)];
    const together = await preprocess(processor, images);
    const alone = await Promise.all(images.map(async (image) => (await preprocess(processor, [image])).data));
    expect([...together.data]).toEqual(alone.flatMap((data) => [...data]));
  });

  it("keeps the shape and reaches the shortest edge, whatever the size", async () => {
    const { resizedSize } = await processorOf(CLIP);
    fc.assert(
      fc.property(size, size, (width, height) => {
        const resized = resizedSize({ width, height });
        expect(Math.min(resized.width, resized.height)).toBe(32);
        const exact = (32 * Math.max(width, height)) / Math.min(width, height);
        expect(Math.max(resized.width, resized.height)).toBe(Math.floor(exact));
        expect(resizedSize({ width: height, height: width })).toEqual({
          width: resized.height,
          height: resized.width,
        });
      }),
    );
  });

  it("scales one colour to one value per channel", async () => {
    const processor = await processorOf({ ...CLIP, do_center_crop: true, crop_size: 8 });
    const data = Uint8Array.from({ length: 20 * 10 * 3 }, (_, at) => [51, 102, 255][at % 3]!);
    const { data: values } = await preprocess(processor, [{ data, width: 20, height: 10 } satisfies Pixels]);
    for (const [channel, value] of [0.2, 0.4, 1].entries())
      expect(new Set(values.subarray(channel * 64, (channel + 1) * 64))).toEqual(
        new Set([Math.fround(value)]),
      );
  });

  it("rejects a batch of different sizes", async () => {
    const processor = await processorOf(CLIP);
    await expect(preprocess(processor, [picture(40, 30), picture(30, 40)])).rejects.toMatchObject({
      code: "MODEL_UNSUPPORTED",
    });
  });
});

describe("readProcessor", () => {
  it("reads a size that is one number as the processor's family does", async () => {
    const resized = async (type: string) =>
      (await processorOf({ ...CLIP, image_processor_type: type, size: 20 })).resizedSize({
        width: 60,
        height: 30,
      });
    for (const type of ["CLIPImageProcessor", "CLIPImageProcessorFast", "BitImageProcessor"])
      expect(await resized(type)).toEqual({ width: 40, height: 20 });
    for (const type of ["SiglipImageProcessor", "EfficientNetImageProcessor", "ViTImageProcessor"])
      expect(await resized(type)).toEqual({ width: 20, height: 20 });
    const legacy = { feature_extractor_type: "CLIPFeatureExtractor", size: 20, do_normalize: false };
    expect((await processorOf(legacy)).resizedSize({ width: 60, height: 30 })).toEqual({
      width: 40,
      height: 20,
    });
  });

  it.each([
    [
      "another processor",
      { image_processor_type: "SamImageProcessor" },
      /"SamImageProcessor" is not supported/,
    ],
    ["a name of Object", { image_processor_type: "constructor" }, /"constructor" is not supported/],
    ["no processor", { image_processor_type: undefined }, /undefined is not supported/],
    ["a step that it does not know", { do_flip_channel_order: true }, /do_flip_channel_order/],
    ["an unknown filter", { resample: 9 }, /resample/],
    ["another kind of size", { size: { shortest_edge: 32, longest_edge: 64 } }, /size/],
    ["a huge size", { size: { width: 1e6, height: 1e6 } }, /size/],
    ["no size", { size: undefined }, /size is missing/],
    ["no crop size", { do_center_crop: true }, /crop_size is missing/],
    ["no means", { do_normalize: true, image_std: 0.5 }, /image_mean or image_std is missing/],
    ["two means", { do_normalize: true, image_mean: [0.5, 0.5], image_std: 0.5 }, /image_mean/],
  ])("rejects %s", async (_, change, message) => {
    const reading = processorOf({ ...CLIP, ...change });
    await expect(reading).rejects.toMatchObject({ code: "MODEL_UNSUPPORTED" });
    await expect(reading).rejects.toThrow(message);
  });
});
