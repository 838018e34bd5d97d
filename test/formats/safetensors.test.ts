import { mkdirSync, mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFolderHeaders } from "../../src/encoders/model-files.js";
import { narrowToHalf, widenBfloat, widenHalf } from "../../src/formats/safetensors/dtypes.js";
import {
  matchTensors,
  readHeader,
  readTensors,
  type TensorNaming,
} from "../../src/formats/safetensors/read.js";
import { type NamedTensor, writeTensors } from "../../src/formats/safetensors/write.js";

const folder = (): string => mkdtempSync(join(tmpdir(), "mmel-safetensors-"));
const halves = Uint16Array.from({ length: 1 << 16 }, (_, word) => word);
const finiteHalves = halves.filter((word) => (word & 0x7c00) !== 0x7c00);

/** A file from a header, taken literally, and data bytes. */
function craft(header: string, data: Uint8Array | number, claimed = Buffer.byteLength(header)): string {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(claimed));
  const file = join(folder(), "model.safetensors");
  const bytes = typeof data === "number" ? new Uint8Array(data) : data;
  writeFileSync(file, Buffer.concat([length, Buffer.from(header), bytes]));
  return file;
}

const entry = (dtype: string, shape: number[], start: number, end: number): object => ({
  dtype,
  shape,
  data_offsets: [start, end],
});

function tensor(name: string, shape: number[], values: ArrayLike<number>): NamedTensor {
  return { name, shape, values: Float32Array.from(values) };
}

async function load(
  file: string,
  shapes: Record<string, number[]>,
  naming?: TensorNaming,
): Promise<Record<string, Float32Array>> {
  const loaded = new Map(
    Object.entries(shapes).map(([name, shape]) => [name, new Float32Array(shape.reduce((a, b) => a * b, 1))]),
  );
  await readTensors(
    matchTensors(await readHeader(file), new Map(Object.entries(shapes)), naming),
    (name) => loaded.get(name)!,
  );
  return Object.fromEntries(loaded);
}

describe("16-bit floats", () => {
  it("keep every finite binary16 word through widening and rounding", () => {
    const wide = new Float32Array(finiteHalves.length);
    widenHalf(finiteHalves, wide);
    const back = new Uint16Array(finiteHalves.length);
    narrowToHalf(wide, back);
    expect(back).toEqual(finiteHalves);
  });

  it("round to the nearest word, and to the even one halfway", () => {
    const positive = finiteHalves.filter((word) => word < 0x8000);
    const wide = new Float32Array(positive.length);
    widenHalf(positive, wide);
    const middles = wide.subarray(1).map((value, at) => (value + wide[at]!) / 2); // exact in float32
    const step = (value: number, by: number): number => {
      const bits = new Uint32Array(Float32Array.of(value).buffer);
      bits[0]! += by;
      return new Float32Array(bits.buffer)[0]!;
    };
    const rounded = new Uint16Array(middles.length);
    narrowToHalf(middles, rounded);
    expect([...rounded].every((word, at) => word === (at % 2 === 0 ? at : at + 1))).toBe(true);
    narrowToHalf(
      middles.map((value) => step(value, -1)),
      rounded,
    );
    expect([...rounded].every((word, at) => word === at)).toBe(true);
    narrowToHalf(
      middles.map((value) => step(value, 1)),
      rounded,
    );
    expect([...rounded].every((word, at) => word === at + 1)).toBe(true);
  });

  it("read bfloat16 as the upper half of a float32", () => {
    const wide = new Float32Array(4);
    widenBfloat(Uint16Array.of(0x3f80, 0xc040, 0x0001, 0x7f7f), wide);
    expect([...wide]).toEqual([1, -3, 2 ** -133, Math.fround(3.3895313892515355e38)]);
  });
});

describe("safetensors files", () => {
  const anyTensors = fc.uniqueArray(
    fc.record({
      name: fc.string({ minLength: 1 }).filter((name) => name !== "__metadata__"),
      shape: fc.array(fc.nat(4), { maxLength: 3 }),
    }),
    { selector: ({ name }) => name, maxLength: 6 },
  );

  it.each(["F32", "F16"] as const)("saves the same bytes after loading (%s)", async (dtype) => {
    const dir = folder();
    const wide = new Float32Array(finiteHalves.length);
    widenHalf(finiteHalves, wide);
    await fc.assert(
      fc.asyncProperty(anyTensors, fc.nat(60000), async (described, from) => {
        const tensors = described.map(({ name, shape }) => {
          const length = shape.reduce((a, b) => a * b, 1);
          return tensor(
            name,
            shape,
            dtype === "F16" ? wide.slice(from, from + length) : randoms(length, from),
          );
        });
        await writeTensors(join(dir, "a"), tensors, dtype);
        const loaded = await load(
          join(dir, "a"),
          Object.fromEntries(tensors.map((t) => [t.name, [...t.shape]])),
        );
        for (const { name, values } of tensors) expect(loaded[name]).toEqual(values);
        const again = tensors.toReversed().map((t) => ({ ...t, values: loaded[t.name]! }));
        await writeTensors(join(dir, "b"), again, dtype);
        expect(readFileSync(join(dir, "b")).equals(readFileSync(join(dir, "a")))).toBe(true);
      }),
      { numRuns: 60 },
    );
    expect(readdirSync(dir).sort()).toEqual(["a", "b"]);
  });

  it("rounds int8 rows within half a step of their scale, keeps other tensors exact, and is idempotent", async () => {
    const dir = folder();
    const shape = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        shape,
        fc.nat(9999),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        async (sizes, seed, factor) => {
          const length = sizes.reduce((a, b) => a * b, 1);
          const values = randoms(length, seed).map((value) => factor * value);
          values.fill(0, 0, Math.min(length, sizes[1] ?? 0)); // a row of zeros
          await writeTensors(join(dir, "a"), [tensor("w", sizes, values)], "I8");
          const { w } = await load(join(dir, "a"), { w: sizes });
          if (sizes.length !== 2) expect(w).toEqual(values);
          const width = sizes[1] ?? 1;
          for (let row = 0; sizes.length === 2 && row < length; row += width) {
            const most = values
              .subarray(row, row + width)
              .reduce((m, value) => Math.max(m, Math.abs(value)), 0);
            for (let at = row; at < row + width; at++)
              expect(Math.abs(w![at]! - values[at]!)).toBeLessThanOrEqual((most / 127) * 0.5001);
          }
          await writeTensors(join(dir, "b"), [tensor("w", sizes, w!)], "I8");
          expect((await load(join(dir, "b"), { w: sizes })).w).toEqual(w);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("rounds int8 columns after they are multiplied by divisors, and is idempotent", async () => {
    const dir = folder();
    const size = fc.integer({ min: 1, max: 8 });
    await fc.assert(
      fc.asyncProperty(size, size, fc.nat(9999), async (rows, width, seed) => {
        const values = randoms(rows * width, seed);
        const divisors = randoms(width, seed + 1).map((value) => 0.01 + 20 * Math.abs(value));
        const write = (name: string, values: Float32Array) =>
          writeTensors(join(dir, name), [{ ...tensor("w", [rows, width], values), divisors }], "I8");
        await write("a", values);
        const { w } = await load(join(dir, "a"), { w: [rows, width] });
        const scaled = (of: Float32Array) => of.map((value, at) => value * divisors[at % width]!);
        const [given, stored] = [scaled(values), scaled(w!)];
        for (let row = 0; row < rows * width; row += width) {
          const most = Math.max(...given.subarray(row, row + width).map(Math.abs));
          for (let at = row; at < row + width; at++)
            expect(Math.abs(stored[at]! - given[at]!)).toBeLessThanOrEqual((most / 127) * 0.5001);
        }
        await write("b", w!);
        expect(readFileSync(join(dir, "b")).equals(readFileSync(join(dir, "a")))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ["another dtype", entry("F16", [2], 12, 16), new Uint8Array(4)],
    ["another number", entry("F32", [1], 12, 16), new Uint8Array(4)],
    ["zero", entry("F32", [2], 12, 20), new Uint8Array(8)],
  ])("rejects int8 with invalid divisors: %s", async (_, divisors, bytes) => {
    const header = {
      w: entry("I8", [2, 2], 0, 4),
      "w.scales": entry("F32", [2], 4, 12),
      "w.divisors": divisors,
    };
    const file = craft(JSON.stringify(header), new Uint8Array([...new Uint8Array(12), ...bytes]));
    await expect(load(file, { w: [2, 2] })).rejects.toMatchObject({
      code: "MODEL_DAMAGED",
      message: expect.stringContaining("w.divisors"),
    });
  });

  it.each([
    ["missing", { w: entry("I8", [2, 2], 0, 4), other: entry("F32", [1], 4, 8) }],
    ["another dtype", { w: entry("I8", [2, 2], 0, 4), "w.scales": entry("F16", [2], 4, 8) }],
    ["another number", { w: entry("I8", [2, 2], 0, 4), "w.scales": entry("F32", [1], 4, 8) }],
  ])("rejects int8 with invalid scales: %s", async (_, header) => {
    const file = craft(JSON.stringify(header), new Uint8Array(8));
    await expect(load(file, { w: [2, 2] })).rejects.toMatchObject({
      code: "MODEL_DAMAGED",
      message: expect.stringContaining("the tensor w.scales with type F32 and shape [2]"),
    });
  });

  it("reads tensors larger than a chunk, also F16 and BF16", async () => {
    const values = randoms((1 << 19) * 2 + 7, 3);
    const bits = new Uint32Array(values.buffer);
    const words = Uint16Array.from(bits, (word) => word >>> 16);
    const file = craft(
      JSON.stringify({ w: entry("BF16", [words.length], 0, words.byteLength) }),
      new Uint8Array(words.buffer),
    );
    const { w } = await load(file, { w: [words.length] });
    const expected = bits.map((word) => (word & 0xffff0000) >>> 0);
    expect(Buffer.from(w!.buffer).equals(Buffer.from(expected.buffer))).toBe(true);
    const half = join(folder(), "half");
    await writeTensors(half, [{ name: "w", shape: [values.length], values }], "F16");
    const rounded = (await load(half, { w: [values.length] })).w!;
    const tolerance = (value: number): number => Math.max(2 ** -11 * Math.abs(value), 2 ** -25);
    expect(rounded.findIndex((value, at) => Math.abs(value - values[at]!) > tolerance(values[at]!))).toBe(-1);
  });

  it("lists all missing, unexpected and mismatched tensors in one error", async () => {
    const header = {
      a: entry("F32", [2, 3], 0, 24),
      ids: entry("I64", [1], 24, 32),
      extra: entry("F32", [1], 32, 36),
    };
    const file = craft(JSON.stringify(header), 36);
    const failed = await load(file, { a: [3, 2], ids: [1], gone: [4], lost: [5] }).catch((error) => error);
    expect(failed.code).toBe("MODEL_DAMAGED");
    for (const part of [
      "a has shape [2, 3], expected [3, 2]",
      "ids is I64",
      "unexpected extra",
      "missing gone",
      "missing lost",
    ])
      expect(failed.message).toContain(part);
  });

  it("renames tensors and ignores those that the model does not use", async () => {
    const file = craft(
      JSON.stringify({ "bert.a": entry("F32", [1], 0, 4), ids: entry("I64", [1], 4, 12) }),
      12,
    );
    const naming = {
      rename: (name: string) => name.replace("bert.", ""),
      unused: (name: string) => name === "ids",
    };
    expect(await load(file, { a: [1] }, naming)).toEqual({ a: Float32Array.of(0) });
    const both = craft(JSON.stringify({ "bert.a": entry("F32", [1], 0, 4), a: entry("F32", [1], 4, 8) }), 8);
    await expect(load(both, { a: [1] }, naming)).rejects.toThrow(/twice/);
  });

  const one = entry("F32", [1], 0, 4);
  const malformed: Record<string, [string, number, number?]> = {
    "an empty file": ["", -8],
    "a header longer than the file": [JSON.stringify({ a: one }), 4, 5000],
    "a header that is not JSON": ["{nonsense", 4],
    "an array as header": ["[]", 0],
    "a repeated name": [`{"a":${JSON.stringify(one)},"\\u0061":${JSON.stringify(one)}}`, 4],
    "an unknown dtype": [JSON.stringify({ a: entry("F64", [1], 0, 8) }), 8],
    "a negative size": [JSON.stringify({ a: entry("F32", [-1], 0, -4) }), 0],
    "a fractional offset": [JSON.stringify({ a: entry("F32", [1], 0.5, 4.5) }), 4],
    "a shape that does not match the length": [JSON.stringify({ a: entry("F32", [2], 0, 4) }), 4],
    "a shape whose product overflows": [JSON.stringify({ a: entry("F32", [2 ** 40, 2 ** 40], 0, 4) }), 4],
    "truncated data": [JSON.stringify({ a: one, b: entry("F32", [1], 4, 8) }), 6],
    "trailing bytes": [JSON.stringify({ a: one }), 8],
    "overlapping tensors": [JSON.stringify({ a: one, b: entry("F32", [2], 0, 8) }), 8],
    "a gap between tensors": [JSON.stringify({ a: one, b: entry("F32", [1], 8, 12) }), 12],
  };
  it.each(Object.entries(malformed))("rejects %s", async (_, [header, data, claimed]) => {
    const file = data < 0 ? join(folder(), "empty") : craft(header, data, claimed);
    if (data < 0) writeFileSync(file, "");
    await expect(readHeader(file)).rejects.toMatchObject({ code: "MODEL_DAMAGED" });
  });

  it("rejects a header of 1 GB before reading it", async () => {
    const file = craft(JSON.stringify({ a: one }), 4, 2 ** 30);
    truncateSync(file, 2 ** 30 + 100);
    const before = process.memoryUsage().arrayBuffers;
    await expect(readHeader(file)).rejects.toThrow(/header length is 1073741824 bytes.*at most 67108864/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  it("rejects every prefix of a file", async () => {
    const dir = folder();
    await writeTensors(join(dir, "whole"), [tensor("a", [3], [1, 2, 3]), tensor("b", [], [4])]);
    const whole = readFileSync(join(dir, "whole"));
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(join(dir, "part"), whole.subarray(0, length));
      await expect(readHeader(join(dir, "part"))).rejects.toMatchObject({ code: "MODEL_DAMAGED" });
    }
  });

  it("throws only MODEL_DAMAGED for random bytes in the header", async () => {
    const dir = folder();
    await writeTensors(join(dir, "whole"), [tensor("a", [3], [1, 2, 3]), tensor("b", [], [4])]);
    const whole = readFileSync(join(dir, "whole"));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 17), fc.nat(255), async (at, byte) => {
        const changed = Buffer.from(whole);
        changed[at] = byte;
        writeFileSync(join(dir, "changed"), changed);
        await readHeader(join(dir, "changed")).catch((error) => expect(error.code).toBe("MODEL_DAMAGED"));
      }),
      { numRuns: 300 },
    );
  });

  it("rejects NaN and infinity on reading and on writing", async () => {
    const file = craft(
      JSON.stringify({ good: one, bad: entry("F32", [2], 4, 12) }),
      new Uint8Array(Float32Array.of(1, 2, Number.NaN).buffer),
    );
    await expect(load(file, { good: [1], bad: [2] })).rejects.toMatchObject({
      code: "NOT_A_NUMBER",
      message: expect.stringContaining("in bad"),
    });
    const out = join(folder(), "out");
    const notStorable = (value: number, dtype: "F32" | "F16") =>
      writeTensors(out, [tensor("a", [1], [value])], dtype);
    await expect(notStorable(Number.NaN, "F32")).rejects.toMatchObject({ code: "NOT_A_NUMBER" });
    await expect(notStorable(65520, "F16")).rejects.toMatchObject({ code: "NOT_A_NUMBER" });
    await notStorable(65519, "F16");
  });

  it("leaves no other files behind after a failed write", async () => {
    const dir = folder();
    mkdirSync(join(dir, "taken", "by a folder"), { recursive: true });
    await expect(writeTensors(join(dir, "taken"), [tensor("a", [1], [2])])).rejects.toMatchObject({
      code: "FILE_UNWRITABLE",
    });
    expect(readdirSync(dir)).toEqual(["taken"]);
    await expect(writeTensors(join(dir, "none", "file"), [])).rejects.toMatchObject({
      code: "FILE_UNWRITABLE",
    });
  });
});

describe("shards", () => {
  async function shards(weightMap: unknown, make: Record<string, string[]>): Promise<string> {
    const dir = folder();
    for (const [file, names] of Object.entries(make))
      await writeTensors(
        join(dir, file),
        names.map((name, at) => tensor(name, [1], [at])),
      );
    writeFileSync(join(dir, "model.safetensors.index.json"), JSON.stringify({ weight_map: weightMap }));
    return dir;
  }

  it("are read together", async () => {
    const dir = await shards(
      { a: "1.safetensors", b: "2.safetensors" },
      { "1.safetensors": ["a"], "2.safetensors": ["b"] },
    );
    expect([...(await readFolderHeaders(dir)).keys()].sort()).toEqual(["a", "b"]);
  });

  it.each(["../1.safetensors", "/etc/passwd", "sub/1.safetensors", "..", "", "C:\\1", "a\0b"])(
    "with the name %j are rejected",
    async (shard) => {
      const dir = await shards({ a: shard }, {});
      await expect(readFolderHeaders(dir)).rejects.toThrow(/outside the folder/);
    },
  );

  it("are rejected if they disagree with the index", async () => {
    const lacking = await shards({ a: "1", b: "1" }, { "1": ["a"] });
    await expect(readFolderHeaders(lacking)).rejects.toThrow(/do not contain b/);
    const elsewhere = await shards({ a: "1", b: "2" }, { "1": ["a", "b"], "2": ["b"] });
    await expect(readFolderHeaders(elsewhere)).rejects.toThrow(/assigns to another shard/);
    const malformed = await shards([1], {});
    await expect(readFolderHeaders(malformed)).rejects.toMatchObject({ code: "MODEL_DAMAGED" });
    await expect(readFolderHeaders(folder())).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
  });
});

function randoms(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, at) => Math.sin(seed + at * 12.9898) * 43.75);
}
