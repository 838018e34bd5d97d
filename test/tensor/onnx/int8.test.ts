import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src/core/index.js";
import { quantiseRows } from "../../../src/formats/safetensors/index.js";
import { isInt8Exact } from "../../../src/tensor/engine/int8.js";
import * as o from "../../../src/tensor/onnx/index.js";

/** Sessions in place of an engine. */
const programs = new Map<string, o.Program>();
const here = {
  define: async (key: string, program: o.Program) => void programs.set(key, program),
  run: async (key: string, inputs: o.Tensors) => {
    const program = programs.get(key)!;
    await using session = await o.openSession(program, new Map(), { threads: 1 });
    return { y: (await session.run({ inputs })).get(program.outputs.y!.name)! };
  },
};
const isExact = await isInt8Exact(here);
const why = isExact ? "" : " (skipped: products in int8 are not exact on this processor)";

interface Sizes {
  readonly rows: number;
  readonly inner: number;
  readonly width: number;
}

function draw({ rows, inner, width }: Sizes, seed: number) {
  const random = createRandom(seed);
  const list = (length: number, next: () => number) => Float32Array.from({ length }, next);
  return {
    x: list(rows * inner, () => 3 * random.normal()),
    weight: list(width * inner, () => random.normal()),
    bias: list(width, () => random.normal()),
    divisors: list(inner, () => 0.5 + 8 * random.next()),
  };
}

/** Computes the map with integers that are added without rounding: the words, the levels and their sums. */
function reference({ rows, inner, width }: Sizes, { x, weight, bias, divisors }: ReturnType<typeof draw>) {
  const scales = new Float32Array(width);
  const words = new Int8Array(weight.length);
  quantiseRows(weight, scales, words, divisors);
  const inverse = divisors.map((divisor) => 1 / divisor);
  const level = (at: number): number => {
    const value = Math.fround(Math.fround(x[at]! * inverse[at % inner]!) / Math.fround(1 / 127));
    return Math.min(127, Math.max(-128, roundToEven(value)));
  };
  return Float32Array.from({ length: rows * width }, (_, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += level(row * inner + k) * words[column * inner + k]!;
    return (sum * scales[column]!) / 127 + bias[column]!;
  });
}

const roundToEven = (value: number): number => value + 1.5 * 2 ** 52 - 1.5 * 2 ** 52;

async function product(sizes: Sizes, data: ReturnType<typeof draw>, x = data.x): Promise<Float32Array> {
  const { inner, width } = sizes;
  const graph = o.createGraph({ int8: new Map([["w", data.divisors]]) });
  const input = graph.input("x", ["rows", inner]);
  const y = o.linear(input, graph.parameter("w", [width, inner]), graph.parameter("b", [width]));
  const program = o.compile({ y });
  const weights = new Map([
    ["w", data.weight],
    ["b", data.bias],
  ]);
  await using session = await o.openSession(program, weights, { threads: 2 });
  const results = await session.run({ inputs: { x: { data: x, shape: [x.length / inner, inner] } } });
  return results.get(program.outputs.y!.name)!.data as Float32Array;
}

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 40 }),
  inner: fc.integer({ min: 1, max: 150 }),
  width: fc.integer({ min: 1, max: 70 }),
});

describe("a linear map with divisors", () => {
  it.skipIf(!isExact)(`equals the exact sum of the rounded elements${why}`, async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (shape, seed) => {
        const data = draw(shape, seed);
        const expected = reference(shape, data);
        (await product(shape, data)).forEach((value, at) => {
          expect(Math.abs(value - expected[at]!)).toBeLessThan(1e-6 * (1 + Math.abs(expected[at]!)));
        });
      }),
      { numRuns: 30 },
    );
  });

  it("computes a row with the same bits in any company", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (shape, seed) => {
        const data = draw(shape, seed);
        const together = await product(shape, data);
        const alone = await product(shape, data, data.x.slice(0, shape.inner));
        expect([...alone]).toEqual([...together.slice(0, shape.width)]);
      }),
      { numRuns: 20 },
    );
  });

  it("is near the map in float32 if its inputs are within the divisors", async () => {
    const shape = { rows: 5, inner: 64, width: 16 };
    const data = { ...draw(shape, 3), divisors: new Float32Array(shape.inner).fill(12) };
    const got = await product(shape, data);
    got.forEach((value, at) => {
      const [row, column] = [Math.floor(at / shape.width), at % shape.width];
      let sum = data.bias[column]!;
      for (let k = 0; k < shape.inner; k++)
        sum += data.x[row * shape.inner + k]! * data.weight[column * shape.inner + k]!;
      expect(Math.abs(value - sum)).toBeLessThan(1.5);
    });
  });
});

describe("isInt8Exact", () => {
  it("returns false if sums of two products are cut off at 16 bits", async () => {
    const saturating = {
      ...here,
      run: async (key: string, inputs: o.Tensors) => cut(await here.run(key, inputs)),
    };
    expect(await isInt8Exact(saturating)).toBe(false);
  });

  /** What a processor without VNNI computes: each pair of 255 · 127 gives 32767 instead of 64770. */
  const cut = ({ y }: { y: o.Tensor }) => ({
    y: { ...y, data: (y.data as Float32Array).map((sum) => (sum * 32767) / 64770) },
  });
});
