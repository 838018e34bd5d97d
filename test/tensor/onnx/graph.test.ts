import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MmelError } from "../../../src/core/index.js";
import * as o from "../../../src/tensor/onnx/index.js";
import { largestDifference } from "./harness.js";

const f32 = (shape: number[], ...elements: number[]): o.Tensor => ({
  data: Float32Array.from(elements),
  shape,
});

/** Runs a graph without parameters. */
async function evaluate(value: o.Value, inputs: o.Tensors = {}): Promise<o.Tensor> {
  await using session = await o.openSession(o.compile({ value }), new Map(), { threads: 1 });
  return (await session.run({ inputs })).get(value.name)!;
}

/** Returns the message of the `GRAPH` error that `build` throws. */
function errorOf(build: (graph: o.Graph) => unknown): string {
  try {
    build(o.createGraph());
  } catch (error) {
    if (error instanceof MmelError && error.code === "GRAPH") return error.message;
    throw error;
  }
  return "none";
}

describe("building a graph rejects wrong shapes and types", () => {
  const input = (g: o.Graph, ...shape: o.Dim[]) => g.input(`x${g.inputs.length}`, shape);
  const wrong: readonly [name: string, build: (g: o.Graph) => unknown, parts: readonly string[]][] = [
    ["add", (g) => o.add(input(g, 2, 3), input(g, 4)), ["Add", "[2, 3]", "[4]"]],
    ["add of types", (g) => o.add(input(g, 2), g.input("i", [2], "int64")), ["Add", "float32", "int64"]],
    ["matmul", (g) => o.matmul(input(g, 2, 3), input(g, 4, 5)), ["MatMul", "[2, 3]", "[4, 5]"]],
    ["matmul batch", (g) => o.matmul(input(g, 2, 3, 4), input(g, 3, 4, 5)), ["[2, 3, 4]", "[3, 4, 5]"]],
    ["matmul vector", (g) => o.matmul(input(g, 3), input(g, 3)), ["[3]"]],
    [
      "matmul transposed",
      (g) => o.matmul(input(g, 2, 3), input(g, 3, 2), { transposeB: true }),
      ["transposed"],
    ],
    ["linear", (g) => o.linear(input(g, 2, 3), g.parameter("w", [4, 5])), ["[2, 3]", "[4, 5]"]],
    [
      "linear bias",
      (g) => o.linear(input(g, 2, 3), g.parameter("w", [4, 3]), g.parameter("b", [5])),
      ["[4]", "[5]"],
    ],
    ["where", (g) => o.where(input(g, 2), input(g, 2), 0), ["Where", "float32", "bool"]],
    ["reshape", (g) => o.reshape(input(g, 2, 3), [4]), ["Reshape", "[2, 3]", "[4]"]],
    ["transpose", (g) => o.transpose(input(g, 2, 3), [0, 0]), ["Transpose", "[0, 0]"]],
    ["expand", (g) => o.expand(input(g, 2, 3), [2, 4]), ["Expand", "[2, 3]", "[2, 4]"]],
    ["concat", (g) => o.concat([input(g, 2, 3), input(g, 3, 3)], 1), ["Concat", "[2, 3]", "[3, 3]"]],
    ["slice", (g) => o.slice(input(g, 2, 3), 1, 2, 5), ["Slice", "2 to 5", "[2, 3]"]],
    ["split", (g) => o.split(input(g, 4), 0, [1, 2]), ["parts have 3", "axis has 4"]],
    ["axis", (g) => o.reduceSum(input(g, 2), [1]), ["ReduceSum", "axis 1", "[2]"]],
    ["gather", (g) => o.gather(input(g, 2, 3), input(g, 2)), ["Gather", "int64"]],
    [
      "layerNorm",
      (g) => o.layerNorm(input(g, 2, 3), g.parameter("s", [2]), g.parameter("b", [3]), 1e-5),
      ["[2]", "[3]"],
    ],
    [
      "maskedMax",
      (g) => o.maskedMax(input(g, 2, 3, 4), g.input("m", [2, 4], "bool")),
      ["[2, 3, 4]", "[2, 4]"],
    ],
    ["dropout", (g) => o.dropout(input(g, 2), 1), ["rate is 1"]],
    ["relu of int", (g) => o.relu(g.input("i", [2], "int64")), ["Relu", "int64", "float32"]],
    ["input twice", (g) => [g.input("x", [1]), g.input("x", [1])], ['"x"']],
    [
      "parameter named as an input",
      (g) => [g.input("encoder.layer.0.w", [1]), g.parameter("w", [1])],
      ["already used"],
    ],
    ["parameter of two shapes", (g) => [g.parameter("w", [1]), g.parameter("w", [2])], ["[1]", "[2]"]],
    ["constant", (g) => g.constant(Float32Array.of(1, 2), [3]), ["2 elements", "[3]"]],
    ["backward of a vector", (g) => o.backward(g.parameter("w", [2])), ["[2]", "a scalar"]],
    [
      "backward of named sizes",
      (g) => o.backward(o.reduceSum(o.mul(input(g, "n"), g.parameter("w", [1])))),
      ["[n]", "fixed"],
    ],
    ["graphs mixed", (g) => o.add(input(g, 2), o.createGraph().input("y", [2])), ["another graph"]],
  ];
  for (const [name, build, parts] of wrong) {
    it(name, () => {
      const message = errorOf((g) => g.scope("encoder.layer.0", () => build(g)));
      for (const part of ["encoder.layer.0", ...parts]) expect(message).toContain(part);
    });
  }
});

describe("createGraph", () => {
  it("names nodes and parameters uniquely by their scope", () => {
    const g = o.createGraph();
    const module = (x: o.Value) =>
      g.scope("a", () => g.scope("b.0", () => o.relu(o.mul(x, g.parameter("w", [2])))));
    module(module(g.input("x", [2])));
    expect(g.nodes.map(({ name }) => name)).toEqual([
      "a.b.0.Mul",
      "a.b.0.Relu",
      "a.b.0.Mul_2",
      "a.b.0.Relu_2",
    ]);
    expect(g.parameters.map(({ name }) => name)).toEqual(["a.b.0.w"]);
  });

  it("stores equal constants once", () => {
    const g = o.createGraph();
    expect(g.constant(2)).toBe(g.constant(Float32Array.of(2), []));
    expect(g.constant(2)).not.toBe(g.constant(Float32Array.of(2), [1]));
    expect(g.constant(2)).not.toBe(g.constant(3));
    expect(g.constant(0)).not.toBe(g.constant(-0));
  });

  it("adds no node for frozen parameters", () => {
    const build = (trainable: (name: string) => boolean) => {
      const g = o.createGraph({ trainable });
      const h = o.tanh(o.linear(g.input("x", [2, 3]), g.parameter("encoder.w", [4, 3])));
      const loss = o.reduceSum(o.linear(h, g.parameter("head.w", [1, 4])));
      const before = g.nodes.length;
      const gradients = o.backward(loss);
      return {
        added: g.nodes.slice(before).map(({ name }) => name),
        trained: gradients.map((p) => p.parameter.name),
      };
    };
    const frozen = build((name) => !name.startsWith("encoder."));
    expect(frozen.trained).toEqual(["head.w"]);
    expect(frozen.added.some((name) => name.includes("Tanh"))).toBe(false);
    expect(build(() => false)).toEqual({ added: [], trained: [] });
    expect(build(() => true).trained).toEqual(["encoder.w", "head.w"]);
  });

  it("compiles only what the outputs depend on", () => {
    const g = o.createGraph();
    const x = g.input("x", [2]);
    o.mul(x, g.parameter("unused", [2]));
    const program = o.compile({ y: o.mul(x, g.parameter("used", [2])) });
    expect(program.parameters.map(({ name }) => name)).toEqual(["used"]);
  });

  it("can output inputs, parameters and constants, and one tensor under two names", async () => {
    const g = o.createGraph();
    const [x, w, y] = [g.input("x", [2]), g.parameter("w", [2]), g.constant(5)];
    const program = o.compile({ x, again: x, w, y }, { weights: "fed" });
    await using session = await o.openSession(program, new Map([["w", Float32Array.of(3, 4)]]));
    const results = await session.run({ inputs: { x: f32([2], 1, 2) } });
    const read = (name: string) => [...results.get(program.outputs[name]!.name)!.data];
    expect([read("x"), read("again"), read("w"), read("y")]).toEqual([[1, 2], [1, 2], [3, 4], [5]]);
  });
});

describe("operators", () => {
  it("maskedMax ignores masked rows, and returns -Infinity if all are masked", async () => {
    const g = o.createGraph();
    const mask = g.constant(Uint8Array.of(1, 0, 1, 0, 0, 0), [2, 3]);
    const x = g.input("x", [2, 3, 2]);
    const y = await evaluate(o.maskedMax(x, mask), {
      x: f32([2, 3, 2], 1, 2, 99, 99, -3, 4, 5, 6, 7, 8, 9, 0),
    });
    expect([...y.data]).toEqual([1, 4, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });

  it("linear computes x Wᵀ + b", async () => {
    const g = o.createGraph();
    const w = g.constant(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
    const y = o.linear(g.input("x", [1, 1, 3]), w, g.constant(Float32Array.of(10, 20)));
    expect([...(await evaluate(y, { x: f32([1, 1, 3], 1, 0, -1) })).data]).toEqual([8, 18]);
  });

  it("dropout is the identity outside training, and scales the kept elements in training", async () => {
    const x = o.createGraph().input("x", [2]);
    expect(o.dropout(x, 0.5)).toBe(x);
    const g = o.createGraph({ training: true });
    const program = o.compile({ y: o.dropout(g.input("x", [3]), 0.2) });
    expect(program.masks).toMatchObject([{ shape: [3], rate: 0.2 }]);
    await using session = await o.openSession(program, new Map());
    const masks = new Map([[program.masks[0]!.name, Float32Array.of(1.25, 0, 1.25)]]);
    const results = await session.run({ inputs: { x: f32([3], 4, 4, 8) }, masks });
    expect([...results.values()].map(({ data }) => [...data])).toEqual([[5, 0, 10]]);
  });
});

describe("named sizes", () => {
  /** Attention over [batch, length, 4] with every operator that an encoder applies to named sizes. */
  function attention(batch: o.Dim, length: o.Dim): o.Program {
    const g = o.createGraph();
    const x = g.input("x", [batch, length, 4]);
    const keys = o.reshape(g.input("keys", [batch, length], "bool"), [batch, 1, 1, length]);
    const heads = (w: string) =>
      o.transpose(
        o.reshape(o.linear(x, g.parameter(w, [4, 4]), g.parameter("b", [4])), [batch, length, 2, 2]),
        [0, 2, 1, 3],
      );
    const scores = o.matmul(heads("q"), heads("k"), { transposeB: true, scale: 0.7 });
    const mixed = o.matmul(o.softmax(o.where(keys, scores, Number.NEGATIVE_INFINITY)), heads("v"));
    const joined = o.reshape(o.transpose(mixed, [0, 2, 1, 3]), [batch, length, 4]);
    const placed = o.add(joined, o.leading(g.parameter("positions", [9, 4]), x, 1));
    return o.compile({ y: o.concat([placed, o.slice(x, 2, 0, 1)], -1) });
  }

  it("computes the same as a program with fixed sizes", async () => {
    const weights = new Map<string, Float32Array>();
    for (const { name, shape } of attention("batch", "length").parameters) {
      const size = (shape as number[]).reduce((a, b) => a * b, 1);
      weights.set(
        name,
        Float32Array.from({ length: size }, (_, at) => Math.sin(at * 7 + name.charCodeAt(0))),
      );
    }
    await using open = await o.openSession(attention("batch", "length"), weights);
    const size = fc.integer({ min: 1, max: 6 });
    await fc.assert(
      fc.asyncProperty(size, size, async (batch, length) => {
        const data = Float32Array.from({ length: batch * length * 4 }, (_, at) => Math.cos(at));
        const inputs = {
          x: { data, shape: [batch, length, 4] },
          keys: { data: new Uint8Array(batch * length).fill(1), shape: [batch, length] },
        };
        await using fixed = await o.openSession(attention(batch, length), weights);
        const [one] = (await open.run({ inputs })).values();
        const [two] = (await fixed.run({ inputs })).values();
        expect(one!.shape).toEqual(two!.shape);
        expect(largestDifference(one!.data, two!.data)).toBeLessThan(1e-5);
      }),
      { numRuns: 12 },
    );
  });
});
