import { expect } from "vitest";
import {
  type InputTokens,
  type PretrainedEncoder,
  packInputs,
  textEncoder,
} from "../../src/encoders/index.js";
import { readTensors } from "../../src/formats/safetensors/index.js";
import { compile, createGraph, type Dim, type Program } from "../../src/tensor/onnx/index.js";
import { openSession } from "../../src/tensor/onnx/runtime/session.js";

export const PREFIX = "encoder.";

export async function weightsOf({ weights }: PretrainedEncoder): Promise<Map<string, Float32Array>> {
  const values = new Map<string, Float32Array>();
  await readTensors(weights, (name) => {
    const into = new Float32Array(weights.get(name)!.shape.reduce((size, dim) => size * dim, 1));
    values.set(PREFIX + name, into);
    return into;
  });
  return values;
}

export function program({ config }: PretrainedEncoder, batch: Dim, length: Dim): Program {
  const graph = createGraph();
  const inputs = {
    ids: graph.input("ids", [batch, length], "int64"),
    segments: graph.input("segments", [batch, length], "bool"),
    attention: graph.input("attention", [batch, length], "bool"),
  };
  return compile({ hidden: graph.scope("encoder", () => textEncoder(config, inputs)) });
}

/** Computes the hidden states of each input's tokens, in batches padded to `lengths`. */
export async function hiddenStates(
  encoder: PretrainedEncoder,
  inputs: readonly InputTokens[],
  lengths: readonly number[],
  batchTokens?: number,
): Promise<Float32Array[]> {
  const compiled = program(encoder, "batch", "length");
  await using session = await openSession(compiled, await weightsOf(encoder), { threads: 1 });
  const width = encoder.config.hidden_size;
  const states = new Array<Float32Array>(inputs.length);
  for (const { rows, length, members, ids, segments, attention } of packInputs(
    inputs,
    lengths,
    batchTokens,
  )) {
    const shape = [rows, length];
    const tensors = { ids, segments, attention };
    const feeds = Object.fromEntries(Object.entries(tensors).map(([name, data]) => [name, { data, shape }]));
    const hidden = (await session.run({ inputs: feeds })).get(compiled.outputs.hidden!.name)!
      .data as Float32Array;
    members.forEach((member, row) => {
      const start = row * length * width;
      states[member] = hidden.slice(start, start + inputs[member]!.ids.length * width);
    });
  }
  return states;
}

/** Returns the largest difference between two lists. */
export function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);
}
