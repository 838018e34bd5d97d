import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Caption, Entity } from "../../../src/core/index.js";
import { createBaselineScorer } from "../../../src/models/baselines/scorer.js";
import { BASELINE_NAMES } from "../../../src/models/baselines/table.js";
import { passLengths } from "../../../src/models/mmel/config.js";
import { pairInputs } from "../../../src/models/mmel/inputs.js";
import { trainingLoss } from "../../../src/models/mmel/programs.js";
import { parametersOf } from "../../../src/models/mmel/weights.js";
import { createEngine, type Engine } from "../../../src/tensor/engine/index.js";
import { createGraph } from "../../../src/tensor/onnx/index.js";
import { computedGradients, expectGradients } from "../gradients.js";
import { numbered, type Reference, readReference } from "./reference.js";

const LENGTH = 20;

/** The captions of a reference, whose entities are the numbers of its pairs. */
function captionsOf({ group: { groups, mentions, candidates } }: Reference) {
  let pair = 0;
  const entity = (): Entity =>
    ({ id: `${pair++}`, label: "", aliases: [], properties: {} }) as unknown as Entity;
  return Array.from({ length: groups }, (_, id) => ({
    caption: { id: `${id}`, text: "", mentions: [] } as Caption,
    candidates: Array.from({ length: mentions }, () =>
      Array.from({ length: candidates }, () => ({ entity: entity() })),
    ),
  }));
}

const closest = (got: readonly number[], expected: Float32Array): number =>
  Math.max(...got.map((value, at) => Math.abs(value - expected[at]!)));

describe.each(BASELINE_NAMES)("%s matches its transcription in PyTorch", (name) => {
  const reference = readReference(name);
  const { model, group, pairs } = reference;
  let engine: Engine;
  beforeAll(async () => {
    engine = createEngine({ threads: 1 });
    await engine.load(reference.weights);
  });
  afterAll(() => engine.close());

  /** Scores with pairs that are all of different entities: in the fixture, one key may have several texts. */
  const scorer = (batchTokens?: number) =>
    createBaselineScorer({
      architecture: model,
      engine,
      batchTokens,
      reader: async (_, __, entities) => entities.map(({ id }) => ({ ...pairs[Number(id)]!, key: id })),
    });

  it("in its weights", () => {
    const shapes = (list: readonly { name: string; shape: readonly number[] }[]) =>
      list.map(({ name, shape }) => `${name} [${shape}]`).sort();
    expect(shapes(parametersOf(model))).toEqual(shapes(reference.weights));
  });

  it("in the scores, however they are batched", async () => {
    for (const tokens of [undefined, 1]) {
      const scores = await (await scorer(tokens))(captionsOf(reference));
      expect(scores.flat(2)).toHaveLength(reference.match.length);
      expect(closest(scores.flat(2), reference.match)).toBeLessThan(1e-5);
    }
  });

  it("in the loss and the gradient of every weight", async () => {
    const lengths = passLengths(model.head, () => LENGTH);
    const loss = trainingLoss(createGraph(), model, { ...group, lengths }, { margin: 0, dropout: 0 });
    const { value, got } = await computedGradients(engine, loss, {
      ...pairInputs(pairs, model.head, [LENGTH], group.candidates),
      ...numbered(
        "entities",
        pairs.map(({ key }) => key),
      ),
      ...numbered("captions", [...reference.captions]),
      weights: { data: new Float32Array(group.groups).fill(1 / group.groups), shape: [group.groups] },
    });
    expect(Math.abs(value - reference.loss)).toBeLessThan(1e-5);
    expectGradients(got, reference.gradients);
  });
});
