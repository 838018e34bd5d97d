import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { vectorsOf } from "../../../src/encoders/image/encoder.js";
import { findImageEncoder, openImageEncoder } from "../../../src/encoders/image/index.js";
import { picture } from "./pictures.js";

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

const COMMIT = "0123456789".repeat(4);

interface Case {
  readonly width: number;
  readonly height: number;
  readonly vector: readonly number[];
}

const expected = async (name: string): Promise<Case[]> =>
  JSON.parse(await readFile(join(fixture(name), "expected.json"), "utf8"));

const furthest = (a: ArrayLike<number>, b: readonly number[]): number =>
  Math.max(...b.map((value, at) => Math.abs(value - a[at]!)));

const open = async (name: string) => openImageEncoder(await findImageEncoder(fixture(name)));

describe.each([
  ["clip", "pooler_output, centre crop"],
  ["siglip", "two towers, squeezed into a square"],
  ["dinov2", "class token of last_hidden_state, centre crop"],
])("%s (%s) compared with PyTorch and Pillow", (name) => {
  it("computes the same vectors, including preprocessing", async () => {
    await using encoder = await open(name);
    const cases = await expected(name);
    for (const { width, height, vector } of cases.slice(0, -1)) {
      const [found] = await encoder.encode([picture(width, height)]);
      expect(found).toHaveLength(encoder.width);
      expect(furthest(found!, vector)).toBeLessThan(1e-5);
    }
  });

  it("differs slightly if sharp reduces a much larger image", async () => {
    await using encoder = await open(name);
    const { width, height, vector } = (await expected(name)).at(-1)!;
    const [found] = await encoder.encode([picture(width, height)]);
    expect(furthest(found!, vector)).toBeLessThan(0.03);
  });

  it("computes the same vector for an image alone and in a batch of any shapes", async () => {
    await using encoder = await open(name);
    const pictures = [picture(40, 30), picture(30, 70), picture(32, 32)];
    const together = await encoder.encode(pictures);
    for (const [at, one] of pictures.entries())
      expect(furthest((await encoder.encode([one]))[0]!, [...together[at]!])).toBeLessThan(1e-6);
  });
});

describe("findImageEncoder", () => {
  const scratch = async (name: string): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), "mmel-encoder-"));
    await cp(fixture(name), folder, { recursive: true });
    return folder;
  };

  it("identifies an encoder by the content of its files, not its name", async () => {
    const [here, copy] = [await findImageEncoder(fixture("clip")), await scratch("clip")];
    expect((await findImageEncoder(copy)).hash).toBe(here.hash);
    const config = join(copy, "preprocessor_config.json");
    await writeFile(config, (await readFile(config, "utf8")).replace('"resample": 3', '"resample": 2'));
    expect((await findImageEncoder(copy)).hash).not.toBe(here.hash);
    expect((await findImageEncoder(fixture("dinov2"))).hash).not.toBe(here.hash);
  });

  it("accepts a folder with an int8 network only", async () => {
    const copy = await scratch("clip");
    await copyFile(join(copy, "onnx/model.onnx"), join(copy, "onnx/model_quantized.onnx"));
    await rm(join(copy, "onnx/model.onnx"));
    const files = await findImageEncoder(copy);
    expect(files.network).toBe("onnx/model_quantized.onnx");
    await using encoder = await openImageEncoder(files);
    expect(encoder.width).toBe(16);
  });

  it("rejects an incomplete folder with a named error", async () => {
    await expect(findImageEncoder("no/such/folder")).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
    const copy = await scratch("clip");
    await writeFile(join(copy, "onnx/model.onnx"), "not a network");
    await expect(openImageEncoder(await findImageEncoder(copy))).rejects.toMatchObject({
      code: "MODEL_DAMAGED",
    });
    await rm(join(copy, "onnx"), { recursive: true });
    await expect(findImageEncoder(copy)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
  });

  it("rejects a network that needs more than images, and a processor that is not supported", async () => {
    const copy = await scratch("clip");
    const [network, processor] = ["onnx/model.onnx", "preprocessor_config.json"].map((file) =>
      join(copy, file),
    );
    const original = await readFile(network!);
    const renamed = Buffer.from(
      original.toString("latin1").replaceAll("pixel_values", "input_values"),
      "latin1",
    );
    await writeFile(network!, renamed);
    await expect(openImageEncoder(await findImageEncoder(copy))).rejects.toMatchObject({
      code: "MODEL_UNSUPPORTED",
      message: expect.stringContaining("expected only pixel_values"),
    });
    await writeFile(network!, original);
    await writeFile(processor!, JSON.stringify({ image_processor_type: "SamImageProcessor" }));
    await expect(openImageEncoder(await findImageEncoder(copy))).rejects.toMatchObject({
      code: "MODEL_UNSUPPORTED",
      message: expect.stringContaining('"SamImageProcessor" is not supported'),
    });
  });

  it("downloads an encoder from the hub, file by file", async () => {
    const cache = await mkdtemp(join(tmpdir(), "mmel-hub-"));
    const asked: string[] = [];
    const hub = async (url: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> => {
      const path = new URL(String(url)).pathname;
      asked.push(path);
      const bytes = await readFile(join(fixture("siglip"), path.split(COMMIT)[1]!)).catch(() => undefined);
      if (bytes === undefined)
        return new Response("", { status: 404, headers: { "X-Error-Code": "EntryNotFound" } });
      const range = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get("Range") ?? "");
      const [start, end] = range === null ? [0, bytes.length] : [Number(range[1]), Number(range[2]) + 1];
      const headers = { "Content-Range": `bytes ${start}-${end - 1}/${bytes.length}`, ETag: '"1"' };
      return new Response(new Uint8Array(bytes.subarray(start, end)), { status: 206, headers });
    };
    const name = `someone/siglip@${COMMIT}`;
    const files = await findImageEncoder(name, { cache, fetch: hub });
    expect(files).toMatchObject({ id: name, hash: (await findImageEncoder(fixture("siglip"))).hash });
    expect(asked.some((path) => path.includes("tokenizer"))).toBe(false);
  });
});

describe("vectorsOf", () => {
  const output = (data: readonly number[], dims: readonly number[]) => ({
    data: Float32Array.from(data),
    dims,
  });
  const found = (outputs: Parameters<typeof vectorsOf>[0]): number[][] =>
    vectorsOf(outputs).map((vector) => [...vector]);

  it("returns one vector per image for each kind of output", () => {
    const pooled = output([1, 2, 3, 4], [2, 2]);
    const tokens = output([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 5, 2]);
    const grid = output([1, 2, 3, 4, 5, 6, 7, 8], [1, 4, 2]);
    const map = output([1, 3, 5, 7, 10, 30], [1, 3, 1, 2]);
    expect(found({ last_hidden_state: tokens, image_embeds: grid, pooler_output: pooled })).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(found({ last_hidden_state: tokens, image_embeds: pooled })).toHaveLength(2);
    expect(found({ last_hidden_state: tokens })).toEqual([[1, 2]]);
    expect(found({ last_hidden_state: grid })).toEqual([[4, 5]]);
    expect(found({ last_hidden_state: map })).toEqual([[2, 6, 20]]);
    expect(() => vectorsOf({ logits: pooled })).toThrow(/logits.*expected pooler_output/);
  });
});
