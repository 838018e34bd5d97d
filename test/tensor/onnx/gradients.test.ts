import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scatterRows } from "../../../src/tensor/onnx/graph/layout.js";
import type { OpType } from "../../../src/tensor/onnx/graph/value.js";
import * as o from "../../../src/tensor/onnx/index.js";
import { type Case, gradientError, gradientsOf } from "./harness.js";

const unary = (op: (x: o.Value) => o.Value, fill?: Case["fill"]): Case[] =>
  [[], [5], [2, 3, 2]].map((shape) => ({
    shapes: [shape],
    build: (_, x) => op(x!),
    ...(fill ? { fill } : {}),
  }));

const BROADCASTS = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [[3], [2, 3]],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [[], [2, 2]],
  [
    [1, 3],
    [2, 1],
  ],
];
const binary = (op: (a: o.Value, b: o.Value) => o.Value, fill?: Case["fill"]): Case[] =>
  BROADCASTS.map((shapes) => ({ shapes, build: (_, a, b) => op(a!, b!), ...(fill ? { fill } : {}) }));

const product = (a: number[], b: number[], options: o.MatMulOptions = {}): Case => ({
  shapes: [a, b],
  build: (_, x, y) => o.matmul(x!, y!, options),
});
const reduction = (op: typeof o.reduceSum): Case[] =>
  [undefined, [0], [-1], [0, 2]].flatMap((axes) =>
    [true, false].map(
      (keepDims): Case => ({
        shapes: [[2, 3, 2]],
        fill: "apart",
        build: (_, x) => op(x!, axes, { keepDims }),
      }),
    ),
  );
const ids = (g: o.Graph, numbers: number[], shape: number[]) =>
  g.constant(BigInt64Array.from(numbers, BigInt), shape);
const mask = (g: o.Graph, bits: number[], shape: number[]) => g.constant(Uint8Array.from(bits), shape);

/** Cases of every operator; without one the table does not compile. Empty: no gradient passes through it. */
const CASES: Readonly<Record<OpType, readonly Case[]>> = {
  Add: binary(o.add),
  Sub: binary(o.sub),
  Mul: binary(o.mul),
  Div: binary(o.div, "positive"),
  Neg: unary(o.neg),
  Relu: unary(o.relu, "apart"),
  Gelu: unary(o.gelu),
  Erf: unary(o.erf),
  Tanh: unary(o.tanh),
  Sigmoid: unary(o.sigmoid),
  Exp: unary(o.exp),
  Log: unary(o.log, "positive"),
  Sqrt: unary(o.sqrt, "positive"),
  Equal: [],
  Cast: [],
  ScatterElements: [],
  Shape: [],
  QuantizeLinear: [],
  MatMulIntegerToFloat: [],
  Where: [
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      build: (g, a, b) => o.where(mask(g, [1, 0, 1, 0, 0, 1], [2, 3]), a!, b!),
    },
    { shapes: [[3], [2, 1]], build: (g, a, b) => o.where(mask(g, [1, 0], [2, 1]), a!, b!) },
    { shapes: [[2, 2]], build: (g, a) => o.where(mask(g, [1, 0], [2]), a!, 7) },
  ],
  MatMul: [
    product([2, 3], [3, 4]),
    product([2, 2, 3], [2, 3, 2]),
    product([2, 2, 3], [3, 4]),
    product([3, 2], [2, 2, 3]),
    product([2, 1, 2, 3], [2, 3, 2]),
  ],
  FusedMatMul: [
    product([3, 2], [3, 4], { transposeA: true }),
    product([2, 3], [4, 3], { transposeB: true, scale: 0.5 }),
    product([3, 2], [4, 3], { transposeA: true, transposeB: true }),
    product([2, 3, 2], [2, 4, 3], { transposeA: true, transposeB: true, scale: -2 }),
    product([2, 2, 2, 3], [2, 2, 4, 3], { transposeB: true }),
    product([2, 2, 3], [4, 3], { transposeB: true, scale: 3 }),
    product([2, 3, 2], [3, 4], { transposeA: true }),
  ],
  Gemm: [
    { shapes: [[2, 3], [4, 3], [4]], build: (_, x, w, b) => o.linear(x!, w!, b!) },
    { shapes: [[2, 2, 3], [4, 3], [4]], build: (_, x, w, b) => o.linear(x!, w!, b!) },
    { shapes: [[3], [2, 3], [2]], build: (_, x, w, b) => o.linear(x!, w!, b!) },
  ],
  Softmax: unary(o.softmax).slice(1),
  LogSoftmax: unary(o.logSoftmax).slice(1),
  LayerNormalization: [[4], [2, 4], [2, 3, 4]].map((shape) => ({
    shapes: [shape, [4], [4]],
    build: (_, x, scale, bias) => o.layerNorm(x!, scale!, bias!, 1e-5),
  })),
  ReduceSum: reduction(o.reduceSum),
  ReduceMean: reduction(o.reduceMean),
  ReduceMax: [
    ...reduction(o.reduceMax),
    {
      shapes: [[2, 3, 2]],
      fill: "apart",
      build: (g, x) => o.maskedMax(x!, mask(g, [1, 1, 0, 1, 0, 0], [2, 3])),
    },
  ],
  Gather: [
    { shapes: [[4, 2]], build: (g, t) => o.gather(t!, ids(g, [1, 3, 1, 1, 0, 1], [2, 3])) },
    { shapes: [[3]], build: (g, t) => o.gather(t!, ids(g, [2, 2], [2])) },
    { shapes: [[3, 2, 2]], build: (g, t) => o.gather(o.tanh(t!), ids(g, [1, 1, 2], [3])) },
    {
      shapes: [[3, 2]],
      build: (g, t) => o.add(o.gather(t!, ids(g, [1, 1], [2])), o.gather(t!, ids(g, [1, 2], [2]))),
    },
    {
      shapes: [[3, 2]],
      build: (g, t) => o.matmul(o.gather(t!, ids(g, [1, 1, 0], [3])), t!, { transposeB: true }),
    },
  ],
  Reshape: [{ shapes: [[2, 6]], build: (_, x) => o.reshape(x!, [3, 2, 2]) }],
  Transpose: [
    { shapes: [[2, 3]], build: (_, x) => o.transpose(x!, [1, 0]) },
    { shapes: [[2, 3, 2, 2]], build: (_, x) => o.transpose(x!, [2, 0, 3, 1]) },
  ],
  Expand: [{ shapes: [[2, 1, 3]], build: (_, x) => o.expand(x!, [2, 2, 4, 3]) }],
  Concat: [
    {
      shapes: [
        [2, 3],
        [2, 1],
        [2, 2],
      ],
      build: (_, ...parts) => o.concat([parts[0]!, ...parts.slice(1)], -1),
    },
    { shapes: [[1, 2]], build: (_, x) => o.concat([x!, x!], 0) },
  ],
  Slice: [
    { shapes: [[2, 5]], build: (_, x) => o.slice(x!, 1, 1, 4) },
    {
      shapes: [
        [4, 2],
        [3, 2],
      ],
      build: (_, x, like) => o.mul(o.leading(x!, like!, 0), like!),
    },
    {
      shapes: [[4, 2]],
      build: (_, x) =>
        o
          .split(x!, 0, [1, 3])
          .map((part) => o.reduceSum(o.mul(part, part)))
          .reduce(o.add),
    },
  ],
  Pad: [{ shapes: [[2, 3]], build: (_, x) => o.pad(x!, -1, 2, 1) }],
};

describe("gradients equal five-point central differences", () => {
  for (const [op, cases] of Object.entries(CASES)) {
    cases.forEach((tested, index) => {
      it(`${op} ${index}: ${tested.shapes.map((shape) => `[${shape}]`).join(" ")}`, async () => {
        expect(await gradientError(tested)).toBeLessThan(2e-4);
      });
    });
  }
});

describe("backward", () => {
  it("gives each operand of a broadcast a gradient of its own shape", async () => {
    const dims = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 });
    const flags = fc.array(fc.boolean(), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(dims, flags, flags, fc.nat(3), async (full, left, right, cut) => {
        const thin = (ones: boolean[]) => full.map((dim, at) => (ones[at] ? 1 : dim));
        const shapes = [thin(left), thin(right).slice(Math.min(cut, full.length))];
        const error = await gradientError({ shapes, build: (_, a, b) => o.mul(o.add(a!, b!), b!) });
        expect(error).toBeLessThan(2e-4);
      }),
      { numRuns: 25 },
    );
  });

  it("sums the gradients of a value that is used twice", async () => {
    const build: Case["build"] = (_, x) => o.mul(o.exp(x!), o.add(o.tanh(x!), x!));
    expect(await gradientError({ shapes: [[2, 3]], build })).toBeLessThan(2e-4);
  });

  it("splits the gradient of a maximum between equal elements, as in torch.amax", async () => {
    const graph = o.createGraph();
    const p = graph.parameter("p", [4]);
    const loss = o.reduceMax(p);
    const program = o.compile({ loss }, { gradients: o.backward(loss) });
    await using session = await o.openSession(program, new Map([["p", Float32Array.of(1, 3, 3, 2)]]));
    const results = await session.run({ inputs: {} });
    expect([...results.get(program.gradients[0]!.dense!.name)!.data]).toEqual([0, 0.5, 0.5, 0]);
  });

  it("adds up scattered rows with repeated indices", async () => {
    const graph = o.createGraph();
    const rows = graph.input("rows", [3, 2]);
    const sum = scatterRows(ids(graph, [1, 0, 1], [3]), rows, [2, 2]);
    await using session = await o.openSession(o.compile({ sum }), new Map());
    const results = await session.run({
      inputs: { rows: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] } },
    });
    expect([...results.get(sum.name)!.data]).toEqual([3, 4, 6, 8]);
  });

  it("keeps every update of a repeated index, with the same bits each time, with two threads", async () => {
    const [words, width, lookups] = [20, 64, 6000];
    const graph = o.createGraph();
    const numbers = Array.from({ length: lookups }, (_, at) => (at * at) % words);
    const rows = o.gather(o.neg(graph.parameter("table", [words, width])), ids(graph, numbers, [lookups]));
    const loss = o.reduceSum(rows);
    const program = o.compile({ loss }, { gradients: o.backward(loss) });
    const weights = new Map([["table", new Float32Array(words * width)]]);
    await using session = await o.openSession(program, weights, { threads: 2 });
    const expected = Float32Array.from({ length: words * width }, (_, at) => {
      return 0 - numbers.filter((word) => word === Math.floor(at / width)).length;
    });
    for (let time = 0; time < 10; time++) {
      expect((await gradientsOf(program, session, weights)).get("table")).toEqual(expected);
    }
  });
});
