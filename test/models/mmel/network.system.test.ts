import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { passesOf } from "../../../src/models/mmel/config.js";
import { scoringProgram, similarityProgram, trainingLoss } from "../../../src/models/mmel/programs.js";
import { VARIANT_NAMES } from "../../../src/models/mmel/variants.js";
import { createEngine, type Engine } from "../../../src/tensor/engine/index.js";
import { createGraph } from "../../../src/tensor/onnx/index.js";
import { computedGradients, expectGradients } from "../gradients.js";
import { CONFIGURED, inputsOf, type Reference, readReference } from "./reference.js";

const CASES = [...VARIANT_NAMES, ...Object.keys(CONFIGURED)].flatMap((variant) =>
  (["paper", "listwise"] as const).map((loss) => ({ variant, loss })),
);
const LENGTH = 20;

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
    expectGradients(got, reference.gradients);
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

/** Returns the loss and the gradient of every weight. */
async function gradientsOf(engine: Engine, reference: Reference) {
  const { model, group, margin, lossWeights } = reference;
  const lengths = Object.fromEntries(passesOf(model.head).map((pass) => [pass, LENGTH]));
  const loss = trainingLoss(
    createGraph(),
    model,
    { ...group, lengths },
    { margin, dropout: 0, ...(lossWeights && { weights: lossWeights }) },
  );
  const weights = { data: new Float32Array(group.groups).fill(1 / group.groups), shape: [group.groups] };
  return computedGradients(engine, loss, { ...inputsOf(reference, LENGTH), weights });
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
