import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { passesOf } from "../../../src/models/mmel/config.js";
import { scoringProgram, similarityProgram, trainingLoss } from "../../../src/models/mmel/programs.js";
import { VARIANT_NAMES } from "../../../src/models/mmel/variants.js";
import { createEngine, type Engine, type Tensors } from "../../../src/tensor/engine/index.js";
import {
  backward,
  compile,
  createGraph,
  type ParameterGradient,
  type Value,
} from "../../../src/tensor/onnx/index.js";
import { CONFIGURED, inputsOf, type Reference, readReference } from "./reference.js";

const CASES = [...VARIANT_NAMES, ...Object.keys(CONFIGURED)].flatMap((variant) =>
  (["paper", "listwise"] as const).map((loss) => ({ variant, loss })),
);
const LENGTH = 20;
/** Upper bound for gradients that are zero by the formulas, such as those of key biases. */
const NEGLIGIBLE = 1e-7;

describe.each(CASES)("$variant with the $loss loss matches the formulas in PyTorch", ({ variant, loss }) => {
  const reference = readReference(variant, loss);
  let engine: Engine;
  beforeAll(async () => {
    engine = createEngine({ threads: 1 });
    await engine.load(reference.weights);
  });
  afterAll(() => engine.close());

  it("for match logits and features", async () => {
    await engine.define("scoring", scoringProgram(reference.model));
    const { match, features } = await engine.run("scoring", inputsOf(reference, LENGTH));
    expectClose(match!.data, reference.match);
    expectClose(features!.data, reference.features);
  });

  it("for similarities, in one direction and averaged over both", async () => {
    const h = { data: reference.features, shape: [reference.match.length, reference.model.head.d] };
    for (const symmetric of [false, true]) {
      await engine.define("similarity", similarityProgram({ ...reference.model.head, symmetric }));
      const { similarities } = await engine.run("similarity", { left: h, right: h });
      expectClose(similarities!.data, symmetric ? meanOfBothWays(reference) : reference.similarities);
    }
  });

  it("for the loss and the gradient of every weight", async () => {
    const { value, got } = await gradientsOf(engine, reference);
    expectClose([value], Float32Array.of(reference.loss));
    expect([...got.keys()].sort()).toEqual([...reference.gradients.keys()].sort());
    for (const [name, expected] of reference.gradients) {
      const most = expected.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
      expected.forEach((x, at) => {
        const off = Math.abs(got.get(name)![at]! - x);
        expect(off, `${name}[${at}], which is ${x}`).toBeLessThan(1e-6 + 1e-3 * Math.abs(x));
        if (most > NEGLIGIBLE) expect(off / most, `${name}[${at}], relative to ${most}`).toBeLessThan(1e-2);
      });
    }
  });
});

describe("the text-only variant", () => {
  it("has no image weights and no image inputs", () => {
    const { model } = readReference("MMEL-onlytext", "paper");
    const { parameters, inputs } = scoringProgram(model);
    const names = [...parameters, ...inputs].map(({ name }) => name);
    expect(names.filter((name) => /image|joint|gate/i.test(name))).toEqual([]);
  });
});

/** Returns the loss and the gradient of every weight, summed over its dense part and its rows. */
async function gradientsOf(engine: Engine, reference: Reference) {
  const { model, group, margin, lossWeights } = reference;
  const lengths = Object.fromEntries(passesOf(model.head).map((pass) => [pass, LENGTH]));
  const loss = trainingLoss(
    createGraph(),
    model,
    { ...group, lengths },
    { margin, dropout: 0, ...(lossWeights && { weights: lossWeights }) },
  );
  const gradients = backward(loss);
  await engine.define("gradients", compile({ loss, ...outputsOf(gradients) }));
  const weights = { data: new Float32Array(group.groups).fill(1 / group.groups), shape: [group.groups] };
  const out = await engine.run("gradients", { ...inputsOf(reference, LENGTH), weights });
  const trained = gradients.filter(({ dense, rows }) => dense !== undefined || rows.length > 0);
  return {
    value: Number(out.loss!.data[0]),
    got: new Map(trained.map((gradient) => [gradient.parameter.name, total(gradient, out)])),
  };
}

function outputsOf(gradients: readonly ParameterGradient[]): Record<string, Value> {
  const named = gradients.flatMap(({ parameter, dense, rows }) => [
    ...(dense === undefined ? [] : [[parameter.name, dense] as const]),
    ...rows.flatMap((row, at) => [
      [`${parameter.name} rows ${at}`, row.rows] as const,
      [`${parameter.name} indices ${at}`, row.indices] as const,
    ]),
  ]);
  return Object.fromEntries(named);
}

function total({ parameter, dense, rows }: ParameterGradient, out: Tensors): Float32Array {
  const size = (parameter.shape as readonly number[]).reduce((product, dim) => product * dim, 1);
  const sum = new Float32Array(size);
  const add = (values: Float32Array, start: number): void => {
    for (const [at, value] of values.entries()) sum[start + at]! += value;
  };
  if (dense !== undefined) add(out[parameter.name]!.data as Float32Array, 0);
  const width = Number(parameter.shape.at(-1));
  rows.forEach((_, part) => {
    const values = out[`${parameter.name} rows ${part}`]!.data as Float32Array;
    const indices = out[`${parameter.name} indices ${part}`]!.data as BigInt64Array;
    for (const [row, index] of indices.entries())
      add(values.subarray(row * width, (row + 1) * width), Number(index) * width);
  });
  return sum;
}

function meanOfBothWays({ similarities, match }: Reference): Float32Array {
  const n = match.length;
  return similarities.map((s, at) => (s + similarities[(at % n) * n + Math.floor(at / n)]!) / 2);
}

function expectClose(got: ArrayLike<number | bigint>, expected: Float32Array): void {
  expect(got.length).toBe(expected.length);
  const off = expected.map((value, at) => Math.abs(Number(got[at]) - value));
  expect(Math.max(...off)).toBeLessThan(1e-5);
}
