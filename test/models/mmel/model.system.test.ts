import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CaptionCandidates, Entity } from "../../../src/core/index.js";
import { initialCheckpoint, saveCheckpoint } from "../../../src/models/checkpoint/index.js";
import { activationsProgram, matchScores, mmelConfigSchema } from "../../../src/models/mmel/index.js";
import type { PairReader } from "../../../src/models/mmel/inputs.js";
import { mmelModel } from "../../../src/models/mmel/model.js";
import { scoringProgram, trainingProgram } from "../../../src/models/mmel/programs.js";
import { createScorer, type MmelScorer } from "../../../src/models/mmel/scorer.js";
import { loadModel } from "../../../src/models/registry.js";
import { createEngine, type Engine } from "../../../src/tensor/engine/index.js";
import { inputsOf, readReference } from "./reference.js";

const reference = readReference("MMEL", "listwise");
const { head } = reference.model;

/** The reference's pairs as captions with one mention; a candidate's id is the index of its pair. */
const captions = [0, 3, 6, 9].map((first) => captionOf([first, first + 1, first + 2]));
const reader: PairReader = async (_, __, entities) => entities.map(({ id }) => reference.pairs[Number(id)]!);

describe("createScorer", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = createEngine({ threads: 2 });
    await engine.load(reference.weights);
  });
  afterAll(() => engine.close());
  const scorer = (batchTokens: number): Promise<MmelScorer> =>
    createScorer({ architecture: reference.model, engine, reader, batchTokens });

  it("matches the reference for any batch size", async () => {
    for (const batchTokens of [1, 40, 100, 5000]) {
      const scored = await (await scorer(batchTokens)).logits(captions);
      expectNear(
        scored.flat().flatMap(({ logits }) => logits),
        reference.match,
      );
      expectNear(
        scored.flat().flatMap(({ features }) => features.flatMap((h) => [...h])),
        reference.features,
      );
    }
  });

  it("gives the same logits with more padding", async () => {
    await engine.define("padded", scoringProgram(reference.model));
    for (const length of [17, 20, 24]) {
      const { match } = await engine.run("padded", inputsOf(reference, length));
      expectNear([...(match!.data as Float32Array)], reference.match);
    }
  });

  it("gives a candidate the same score in any order and with any other candidates", async () => {
    const all = await scorer(64);
    const candidateIds = fc.uniqueArray(fc.nat({ max: reference.pairs.length - 1 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(candidateIds, { minLength: 1, maxLength: 3 }), async (ids) => {
        const scored = await all.logits(ids.map(captionOf));
        expectNear(
          scored.flat().flatMap(({ logits }) => logits),
          Float32Array.from(ids.flat(), (id) => reference.match[id]!),
        );
      }),
      { numRuns: 15 },
    );
  });

  it("gives a candidate the same bits in int8 in any company and with any padding", async () => {
    const int8 = new Map(
      [...activationsProgram(reference.model, "pair").weights.values()].flat().map((name) => {
        const [, width] = reference.weights.find((weight) => weight.name === name)!.shape;
        return [name, new Float32Array(width!).fill(4)] as const;
      }),
    );
    expect(int8.size).toBeGreaterThan(0);
    const parts = { architecture: reference.model, engine, reader, int8 };
    const alone: number[] = [];
    const single = await createScorer({ ...parts, batchTokens: 1 });
    for (const pair of reference.pairs.keys()) {
      const scored = await single.logits([captionOf([pair])]);
      alone.push(...scored.flat().flatMap(({ logits }) => logits));
    }
    const many = await createScorer({ ...parts, batchTokens: 5000 });
    expect((await many.logits(captions)).flat().flatMap(({ logits }) => logits)).toEqual(alone);
    expect(new Set(alone).size).toBe(alone.length);
    for (const [at, value] of alone.entries())
      expect(Math.abs(value - reference.match[at]!), `at ${at}`).toBeLessThan(0.1);
  });

  it("gives the same similarities for one feature as for many", async () => {
    const some = await scorer(64);
    const rows = reference.match.length;
    const features = [...Array(rows).keys()].map((at) =>
      reference.features.subarray(at * head.d, (at + 1) * head.d),
    );
    expectNear([...(await some.similarities(features, features))], reference.similarities);
    const first = await some.similarities(features.slice(0, 1), features);
    expectNear([...first], reference.similarities.subarray(0, rows));
    expect(await some.similarities(features, [])).toHaveLength(0);
  });

  it("rejects outputs that are not numbers", async () => {
    const broken: PairReader = async (...question) =>
      (await reader(...question)).map((pair) => ({
        ...pair,
        images: { ...pair.images, entity: new Float32Array(head.imageWidth).fill(Number.NaN) },
      }));
    const failing = await createScorer({
      architecture: reference.model,
      engine,
      reader: broken,
    });
    await expect(failing.logits(captions)).rejects.toMatchObject({ code: "NOT_A_NUMBER" });
  });

  it("stops when the signal fires", async () => {
    const some = await scorer(64);
    await expect(some.logits(captions, AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("computes match scores from the logits by the loss, and explains them by the logits", async () => {
    const model = mmelModel({ name: "tiny", hash: "0", config: head, scorer: await scorer(64), engine });
    const [[first]] = (await model.score(captions)) as [[Awaited<ReturnType<typeof model.score>>[0][0]]];
    const logits = [...reference.match.subarray(0, 3)];
    expectNear(first.match as number[], Float32Array.from(matchScores(logits, head)));
    expect(first.explain?.(1).logit).toBeCloseTo(logits[1]!, 5);
    expect([...model.pairs!.combine(Float32Array.of(1, 2), Float32Array.of(3, 6))]).toEqual([2, 4]);
  });

  it("gives other mentions no weight in a variant without collaborative ranking", async () => {
    const config = mmelConfigSchema.parse({ ...head, variant: "−PT&CR" });
    const parts = { name: "tiny", hash: "0", scorer: await scorer(64), engine };
    expect(mmelModel({ ...parts, config }).ranking).toEqual({ collaborativeWeight: 0 });
    expect(mmelModel({ ...parts, config: head }).ranking).toEqual({});
  });
});

describe("matchScores", () => {
  const logits = fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 20 });
  const config = (loss: "paper" | "listwise") => mmelConfigSchema.parse({ loss, temperature: 2 });

  it("returns scores inside (0, 1) in the order of the logits", () => {
    fc.assert(
      fc.property(logits, fc.constantFrom("paper" as const, "listwise" as const), (l, loss) => {
        const m = matchScores(l, config(loss));
        for (const [i, a] of m.entries()) {
          expect(a > 0 && a < 1).toBe(true);
          for (const [j, b] of m.entries()) if (l[i]! > l[j]!) expect(a).toBeGreaterThanOrEqual(b);
        }
      }),
    );
  });

  it("applies the sigmoid, or the softmax with the temperature", () => {
    expect(matchScores([0, Math.log(3)], config("paper"))).toEqual([0.5, expect.closeTo(0.75, 12)]);
    expect(matchScores([0, 2 * Math.log(3)], config("listwise"))).toEqual(
      [0.25, 0.75].map((m) => expect.closeTo(m, 12)),
    );
  });
});

describe("a step of trainingProgram", () => {
  const lengths = { pair: 20 };
  const options = { margin: 0.3, dropout: 0.2 };
  const step = async (trainable?: (name: string) => boolean) => {
    await using engine = createEngine({ threads: 2 });
    await engine.load(reference.weights);
    const shape = { ...reference.group, lengths };
    await engine.define(
      "train",
      trainingProgram(reference.model, shape, trainable ? { ...options, trainable } : options),
    );
    const weights = { data: Float32Array.of(0.5, 0.5), shape: [2] };
    const inputs = { ...inputsOf(reference, 20), weights };
    const update = { learningRate: 1e-2, weightDecay: 0.05, clip: 1, seed: 7 };
    const { loss } = await engine.step([{ program: "train", inputs, share: 1 }], update);
    return { loss, after: await engine.weights() };
  };
  const unchanged = (after: ReadonlyMap<string, Float32Array>): string[] =>
    reference.weights.flatMap(({ name, source }) =>
      source.kind === "data" && Buffer.from(source.data.buffer).equals(bytes(after.get(name)!)) ? [name] : [],
    );
  const bytes = (x: Float32Array): Buffer => Buffer.from(x.buffer, x.byteOffset, x.byteLength);

  it("changes every weight but those of a frozen text encoder", async () => {
    const { after } = await step((name) => !name.startsWith("encoder."));
    const encoder = reference.weights.map(({ name }) => name).filter((name) => name.startsWith("encoder."));
    expect(unchanged(after)).toEqual(encoder);
  });

  it("changes every weight if none is frozen, with the same bits each time", async () => {
    const [one, two] = [await step(), await step()];
    expect(unchanged(one.after)).toEqual([]);
    expect(two.loss).toBe(one.loss);
    for (const [name, values] of one.after)
      expect(bytes(two.after.get(name)!).equals(bytes(values)), name).toBe(true);
  });
});

const minilm = join(process.env.MMEL_SHARED ?? "../shared", "data/models/all-MiniLM-L6-v2");
describe.skipIf(!existsSync(minilm))(
  "an untrained model over all-MiniLM-L6-v2 (skipped without ../shared/data)",
  () => {
    it("is saved, opened by its folder, and gives the same scores twice", async () => {
      const root = await mkdtemp(join(tmpdir(), "mmel-untrained-"));
      try {
        const folder = join(root, "untrained");
        const options = { name: "untrained", seed: 1, layers: 2, head: { d: 32, heads: 4, imageWidth: 8 } };
        await saveCheckpoint(folder, await initialCheckpoint(minilm, options));
        const [one, two] = [await scoresOf(folder), await scoresOf(folder)];
        expect(one.every((m) => m > 0 && m < 1)).toBe(true);
        expect(new Set(one).size).toBe(one.length);
        expect(two).toEqual(one);
      } finally {
        await rm(root, { recursive: true });
      }
    });
  },
);

async function scoresOf(folder: string): Promise<number[]> {
  await using model = await loadModel(folder);
  const caption = {
    id: "1",
    text: "Ada and Charles in 1843",
    mentions: [{ text: "Ada" }, { text: "Charles" }],
  };
  const entities = ["Ada Lovelace", "Ada, Oklahoma", "Charles Babbage"].map((label, at) =>
    entityOf(`Q${at}`, label),
  );
  const scored = await model.score([
    { caption, candidates: [candidatesOf(entities), candidatesOf(entities)] },
  ]);
  return scored.flat().flatMap(({ match }) => match as number[]);
}

function captionOf(pairs: readonly number[]): CaptionCandidates {
  const entities = pairs.map((pair) => entityOf(String(pair), "x"));
  const caption = { id: pairs.join(), text: "x", mentions: [{ text: "x" }] };
  return { caption, candidates: [candidatesOf(entities)] };
}

function entityOf(id: string, label: string): Entity {
  return { id, label, aliases: [], properties: {}, images: [] };
}

function candidatesOf(entities: readonly Entity[]): CaptionCandidates["candidates"][0] {
  const names = { subsequence: 1, prefix: 1, edit: 1 };
  return entities.map((entity) => ({ entity, nameScore: 1, names, matchedName: entity.label }));
}

function expectNear(got: readonly number[], expected: Float32Array): void {
  expect(got.length).toBe(expected.length);
  for (const [at, value] of got.entries())
    expect(Math.abs(value - expected[at]!), `at ${at}`).toBeLessThan(1e-5);
}
