import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decodeImage, findImageEncoder, openImageEncoder } from "../../src/encoders/image/index.js";
import { picture } from "../encoders/image/pictures.js";

const SOURCE = join(process.env.MMEL_SHARED ?? "../shared/data", "models/efficientnet-lite0");
const drawing = (body: string): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${body}</svg>`);

const cosine = (a: Float32Array, b: Float32Array): number => {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

describe("the bundled image encoder", () => {
  it("computes the vectors that transformers.js 4.3.1 computed", async () => {
    await using encoder = await openImageEncoder(await findImageEncoder("efficientnet-lite0"));
    const expected = [
      { width: 300, height: 200, norm: 19.68736, values: [0.73209, 0.16301, 0.19905, 1.08635] },
      { width: 120, height: 160, norm: 16.99524, values: [0.31443, 0.07098, 0.1728, 2.32464] },
      { width: 640, height: 480, norm: 22.20658, values: [0.50399, 0.00649, 0.02827, 2.59739] },
    ];
    for (const { width, height, norm, values } of expected) {
      const [vector] = await encoder.encode([picture(width, height)]);
      expect(Math.hypot(...vector!)).toBeCloseTo(norm, 3);
      values.forEach((value, at) => {
        expect(vector![128 * (at + 1)]).toBeCloseTo(value, 3);
      });
    }
  });

  it("places an altered picture nearest to its original", async () => {
    await using encoder = await openImageEncoder(await findImageEncoder("efficientnet-lite0"));
    expect(encoder.width).toBe(1280);
    const originals = [
      drawing('<rect width="100" height="100" fill="#8cf"/><circle cx="50" cy="50" r="30" fill="#fd0"/>'),
      drawing('<path d="M10 90 L50 10 L90 90 Z" fill="#284"/>'),
      drawing(
        Array.from({ length: 10 }, (_, at) => `<rect x="${10 * at}" width="5" height="100"/>`).join(""),
      ),
      drawing('<rect x="20" y="40" width="60" height="50" fill="#b42"/><path d="M10 40 L50 10 L90 40Z"/>'),
    ];
    const changed = await Promise.all(
      originals.map((bytes) =>
        sharp(bytes, { density: 300 })
          .flatten({ background: "#fff" })
          .resize(300)
          .rotate(4, { background: "#fff" })
          .jpeg({ quality: 60 })
          .toBuffer(),
      ),
    );
    const encode = async (files: readonly Uint8Array[]) =>
      encoder.encode(await Promise.all(files.map((bytes) => decodeImage(bytes))));
    const [before, after] = [await encode(originals), await encode(changed)];
    for (const [at, vector] of after.entries()) {
      const near = before.map((original) => cosine(vector, original));
      expect(near.indexOf(Math.max(...near))).toBe(at);
    }
  });
});

describe.skipIf(!existsSync(SOURCE))(
  "the files of the bundled image encoder (skipped without ../shared/data)",
  () => {
    it("equal the originals", () => {
      for (const file of ["config.json", "preprocessor_config.json", "onnx/model.onnx"]) {
        const hash = (folder: string) =>
          createHash("sha256")
            .update(readFileSync(join(folder, file)))
            .digest("hex");
        expect(hash("models/efficientnet-lite0")).toBe(hash(SOURCE));
      }
    });
  },
);
