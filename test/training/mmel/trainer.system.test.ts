import { beforeAll, describe, expect, it } from "vitest";
import { createTokenizer } from "../../../src/encoders/index.js";
import { openParts } from "../../../src/linker/index.js";
import type { NamedArrays } from "../../../src/tensor/engine/index.js";
import { readExamples, trainingExamples } from "../../../src/training/mmel/examples.js";
import { negativesOf } from "../../../src/training/mmel/sample.js";
import { startingPoint, weightsOf } from "../../../src/training/mmel/start.js";
import { createTrainer } from "../../../src/training/mmel/trainer.js";
import { demoCaptions, importDemo, scratch, tiny } from "./workshop.js";

const path = scratch();
const kb = path("kb");
beforeAll(() => importDemo(kb));

/** Takes the first steps with a configuration. */
async function trained(over: object, steps: number) {
  const config = tiny(kb, { warmup: 0, ...over });
  await using parts = await openParts({ kb, model: "lexical" });
  const start = await startingPoint(config);
  await using trainer = await createTrainer({
    config,
    architecture: start.config,
    tokenizer: createTokenizer(start.tokenizer, start.config.encoder.vocab_size, "tiny"),
    weights: weightsOf(start),
    examples: await readExamples(config, parts, {}),
    negatives: await negativesOf(config, parts.store),
  });
  const losses: number[] = [];
  for (let at = 0; at < steps; at++) losses.push((await trainer.step(at)).loss);
  const { weights, firstMoments } = await trainer.engine.state();
  return { losses, weights, firstMoments, before: start.weights };
}

const furthest = (a: NamedArrays, b: NamedArrays): number =>
  Math.max(...[...a].map(([name, values]) => furthestOf(values, b.get(name)!)));
const furthestOf = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);

describe("Trainer.step", () => {
  const regular = { dropout: 0, encoderDropout: 0, batch: 7, clip: 1e9 };

  it.each([
    ["listwise on the lexical prior", {}],
    ["the paper's", { preset: "paper-onlytext" }],
    ["a baseline's", { preset: "baseline", head: { variant: "NCEL", d: 16, heads: 2 }, twice: false }],
  ])("does not depend on how captions are packed: %s", async (_, over) => {
    const [whole, alone] = [
      await trained({ ...regular, ...over, microBatchTokens: 100_000 }, 1),
      await trained({ ...regular, ...over, microBatchTokens: 64 }, 1),
    ];
    expect(Math.abs(alone.losses[0]! - whole.losses[0]!)).toBeLessThan(1e-5);
    // After one step the first moments are a tenth of the gradient.
    expect(10 * furthest(whole.firstMoments, alone.firstMoments)).toBeLessThan(1e-5);
    expect(furthest(whole.weights, whole.before)).toBeGreaterThan(1e-4);
  });

  it("uses the lexical prior only as far as it has faded in", async () => {
    const first = async (over: object) => (await trained({ ...regular, ...over }, 1)).losses[0]!;
    const [all, little, less] = [
      await first({}),
      await first({ priorWarmup: 1, epochs: 1000 }),
      await first({ priorWarmup: 1, epochs: 9000 }),
    ];
    expect(Math.abs(little - less)).toBeLessThan(0.02);
    expect(Math.abs(all - less)).toBeGreaterThan(0.1);
  });

  it("applies dropout in head and encoder, drawn from the seed", async () => {
    const [none, head, encoder, again, other] = [
      await trained(regular, 1),
      await trained({ ...regular, dropout: 0.5 }, 1),
      await trained({ ...regular, encoderDropout: 0.5 }, 1),
      await trained({ ...regular, encoderDropout: 0.5 }, 1),
      await trained({ ...regular, dropout: 0.5, microBatchTokens: 64 }, 1),
    ].map(({ losses }) => losses[0]!) as [number, number, number, number, number];
    expect(new Set([none, head, encoder, other]).size).toBe(4);
    expect(again).toBe(encoder);
  });
});

describe.each([
  ["-PT", { head: { variant: "-PT", d: 16, heads: 2, loss: "paper", lexicalPrior: false } }],
  [
    "-PT&CR",
    { twice: false, head: { variant: "-PT&CR", d: 16, heads: 2, loss: "paper", lexicalPrior: false } },
  ],
  ["-JL, listwise on the lexical prior", { twice: false, head: { variant: "-JL", d: 16, heads: 2 } }],
  ["tf-idf", { preset: "paper", negatives: { kind: "tfidf", count: 3 } }],
])("training of %s", (name, over) => {
  it("changes every weight that the loss depends on", async () => {
    const { weights, before, losses } = await trained({ ...over, batch: 10 }, 2);
    expect(losses.every(Number.isFinite)).toBe(true);
    const unchanged = [...weights].filter(([key, values]) => furthestOf(values, before.get(key)!) === 0);
    const allowed = name.startsWith("-PT") ? /^similarity|attention.*key\.bias|image/ : /key\.bias|image/;
    expect(unchanged.map(([key]) => key).filter((key) => !allowed.test(key))).toEqual([]);
  });
});

describe("trainingExamples", () => {
  it("removes gold from captions, adds it to the candidates, and skips mentions that cannot be learned from", async () => {
    await using parts = await openParts({ kb, model: "lexical" });
    const captions = await demoCaptions();
    const strange = {
      ...captions[0]!,
      id: "strange",
      mentions: [{ text: "Xyzzy Quux", gold: { kind: "entity", id: "andrew-ng" } }],
    } as const;
    const nil = {
      ...captions[0]!,
      id: "nil",
      mentions: [{ text: "Jordan", gold: { kind: "nil" } }],
    } as const;
    const examples = [];
    for await (const example of trainingExamples([...captions, strange, nil], parts, { pool: 5 }))
      examples.push(example);
    const ids = examples.map(({ caption }) => caption.id);
    expect(ids).not.toContain("nil");
    for (const { caption, mentions } of examples) {
      expect(caption.mentions.every(({ gold }) => gold === undefined)).toBe(true);
      const whole = [...captions, strange].find(({ id }) => id === caption.id)!;
      for (const { at, gold, wrong } of mentions) {
        expect(whole.mentions[at]!.gold).toEqual({ kind: "entity", id: gold.entity.id });
        expect(wrong.length).toBeGreaterThan(0);
        expect(wrong.length).toBeLessThanOrEqual(5);
        expect(wrong.map((choice) => choice.entity.id)).not.toContain(gold.entity.id);
      }
    }
    const alone = captions.filter(({ id }) => !ids.includes(id));
    expect(alone.length).toBeGreaterThan(0); // their only candidate is gold
  });
});
