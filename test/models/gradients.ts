import { expect } from "vitest";
import type { Engine, Tensors } from "../../src/tensor/engine/index.js";
import { backward, compile, type ParameterGradient, type Value } from "../../src/tensor/onnx/index.js";

/** Upper bound for gradients that are zero by the formulas, such as those of key biases. */
const NEGLIGIBLE = 1e-7;

/** Computes the loss and the gradient of every weight, summed over its dense part and its rows. */
export async function computedGradients(engine: Engine, loss: Value, inputs: Tensors) {
  const gradients = backward(loss);
  await engine.define("gradients", compile({ loss, ...outputsOf(gradients) }));
  const out = await engine.run("gradients", inputs);
  const trained = gradients.filter(({ dense, rows }) => dense !== undefined || rows.length > 0);
  return {
    value: Number(out.loss!.data[0]),
    got: new Map(trained.map((gradient) => [gradient.parameter.name, total(gradient, out)])),
  };
}

/** Expects the same weights to have a gradient, and each element to be close. */
export function expectGradients(
  got: ReadonlyMap<string, Float32Array>,
  expected: ReadonlyMap<string, Float32Array>,
): void {
  expect([...got.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, values] of expected) {
    const most = values.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    values.forEach((x, at) => {
      const off = Math.abs(got.get(name)![at]! - x);
      expect(off, `${name}[${at}], which is ${x}`).toBeLessThan(1e-6 + 1e-3 * Math.abs(x));
      if (most > NEGLIGIBLE) expect(off / most, `${name}[${at}], relative to ${most}`).toBeLessThan(1e-2);
    });
  }
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
