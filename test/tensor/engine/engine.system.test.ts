import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createHost } from "../../../src/tensor/engine/host.js";
import {
  createEngine,
  type Engine,
  type NamedArrays,
  type StepOptions,
  type Weight,
} from "../../../src/tensor/engine/index.js";
import * as o from "../../../src/tensor/onnx/index.js";
import { LENGTH, tinyInference, tinyInputs, tinyTraining, tinyWeights } from "./tiny.js";

const STEP: StepOptions = { learningRate: 0.01, weightDecay: 0.1, clip: 1, seed: 3 };

async function tinyEngine(options?: Parameters<typeof tinyTraining>[1]): Promise<Engine> {
  const engine = createEngine({ threads: 2 });
  await engine.load(tinyWeights());
  await engine.define("train", tinyTraining(8, options));
  await engine.define("infer", tinyInference());
  return engine;
}
const wordsOf = (inputs: o.Tensors): o.Tensors => ({ words: inputs.words! });
const batch = (seed: number, size = 8, program = "train", share = 1) => ({
  program,
  inputs: tinyInputs(size, seed),
  share,
});
const plain = (arrays: NamedArrays) =>
  Object.fromEntries([...arrays].map(([name, data]) => [name, [...data]]));

describe("Engine.run", () => {
  it("returns the same outputs as a session on the calling thread, for any number of samples", async () => {
    await using engine = await tinyEngine();
    const weights = new Map(
      tinyWeights().map(({ name, source }) => [name, (source as { data: Float32Array }).data]),
    );
    await using session = await o.openSession(tinyInference(), weights, { threads: 2 });
    for (const size of [1, 5, 3]) {
      const inputs = wordsOf(tinyInputs(size, size));
      const [here] = (await session.run({ inputs })).values();
      const there = await engine.run("infer", inputs);
      expect(there.prediction).toEqual(here);
      expect(inputs.words!.data.length).toBe(size * LENGTH);
    }
  });

  it("keeps the calling thread responsive and answers in order", async () => {
    await using engine = createEngine({ threads: 1 });
    const graph = o.createGraph();
    let y = graph.input("x", [800, 800]);
    for (let at = 0; at < 12; at++) y = o.matmul(y, y);
    await engine.define("slow", o.compile({ y: o.reduceSum(y) }));
    const inputs = { x: { data: new Float32Array(640_000), shape: [800, 800] } };
    let turns = 0;
    const order: number[] = [];
    const runs = [0, 1, 2].map((at) => engine.run("slow", inputs).then(() => order.push(at)));
    const timer = setInterval(() => turns++, 1);
    await Promise.all(runs);
    clearInterval(timer);
    expect(order).toEqual([0, 1, 2]);
    expect(turns).toBeGreaterThan(2);
  });

  it("reports errors with code and node, and keeps working", async () => {
    await using engine = await tinyEngine();
    const words = { data: new BigInt64Array(LENGTH).fill(99n), shape: [1, LENGTH] };
    await expect(engine.run("infer", { words })).rejects.toMatchObject({
      code: "ENGINE",
      message: expect.stringContaining("encoder.Gather"),
    });
    await expect(engine.run("nothing", {})).rejects.toMatchObject({ code: "GRAPH" });
    await expect(engine.run("infer", {})).rejects.toMatchObject({ code: "GRAPH" });
    await expect(engine.run("infer", wordsOf(tinyInputs(2, 1)))).resolves.toHaveProperty("prediction");
  });

  it("runs more programs than it keeps sessions for", async () => {
    await using engine = createEngine({ maxSessions: 1 });
    const doubling = (factor: number) => o.compile({ y: o.mul(o.createGraph().input("x", [1]), factor) });
    for (const factor of [2, 3, 4]) await engine.define(`${factor}`, doubling(factor));
    const inputs = { x: { data: Float32Array.of(5), shape: [1] } };
    for (const factor of [2, 3, 4, 2])
      expect((await engine.run(`${factor}`, inputs)).y!.data[0]).toBe(5 * factor);
  });
});

describe("Engine.load", () => {
  const folder = mkdtempSync(join(tmpdir(), "mmel-engine-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "weights.bin");
  const file = (dtype: "F32" | "F16" | "BF16", offset = 3, name = path) => ({
    source: {
      kind: "file" as const,
      tensor: { name: "w", dtype, shape: [2, 2], file: name, offset, bytes: dtype === "F32" ? 16 : 8 },
    },
  });
  const loadOne = async (weight: Partial<Weight>): Promise<number[]> => {
    await using engine = createEngine();
    await engine.load([{ name: "w", shape: [2, 2], ...file("F32"), ...weight }]);
    return [...(await engine.weights()).get("w")!];
  };
  const padded = (array: Float32Array | Uint16Array) =>
    writeFileSync(path, Buffer.concat([Buffer.from("abc"), Buffer.from(array.buffer)]));

  it("reads weights from a file at an offset", async () => {
    padded(Float32Array.of(1.5, -2, 0, 1e-40));
    expect(await loadOne(file("F32"))).toEqual([1.5, -2, 0, Math.fround(1e-40)]);
  });

  it("widens 16-bit weights exactly", async () => {
    padded(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff));
    expect(await loadOne(file("F16"))).toEqual([1, -2, 2 ** -24, 65504]);
    padded(Uint16Array.of(0x3f80, 0xc000, 0x0001, 0x7f7f));
    expect(await loadOne(file("BF16"))).toEqual([1, -2, 2 ** -133, Math.fround(3.3895313892515355e38)]);
  });

  it.each([
    ["from a file that is too short", () => file("F32", 4), "MODEL_DAMAGED", "ends too early"],
    ["from a file that does not exist", () => file("F32", 3, `${path}.no`), "MODEL_NOT_FOUND", ".no"],
    [
      "with NaN",
      () => ({ source: { kind: "data" as const, data: Float32Array.of(1, Number.NaN, 1, 1) } }),
      "MODEL_DAMAGED",
      "NaN",
    ],
    [
      "with the wrong number of elements",
      () => ({ source: { kind: "data" as const, data: new Float32Array(3) } }),
      "MODEL_DAMAGED",
      "3 el",
    ],
  ])("rejects weights %s", async (_, weight, code, part) => {
    padded(Float32Array.of(1, 2, 3, 4));
    await expect(loadOne(weight())).rejects.toMatchObject({ code, message: expect.stringContaining(part) });
  });

  it("keeps the earlier weights if loading fails", async () => {
    await using engine = await tinyEngine();
    const before = plain(await engine.weights());
    const bad: Weight = {
      name: "w",
      shape: [1],
      source: { kind: "data", data: Float32Array.of(Number.NaN) },
    };
    await expect(engine.load([bad])).rejects.toMatchObject({ code: "MODEL_DAMAGED" });
    expect(plain(await engine.weights())).toEqual(before);
  });
});

describe("Engine.step", () => {
  it("reduces the loss", async () => {
    await using engine = await tinyEngine();
    const losses: number[] = [];
    for (let at = 0; at < 60; at++)
      losses.push((await engine.step([batch(1)], { ...STEP, weightDecay: 0 })).loss);
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 20);
  });

  it("gives the same update for a batch and for its micro-batches", async () => {
    await using whole = await tinyEngine();
    await using parts = await tinyEngine();
    await parts.define("quarter", tinyTraining(2));
    const samples = tinyInputs(8, 1);
    const quarter = (at: number): o.Tensors => ({
      words: { data: samples.words!.data.slice(at * 2 * LENGTH, (at + 1) * 2 * LENGTH), shape: [2, LENGTH] },
      target: { data: samples.target!.data.slice(at * 2, (at + 1) * 2), shape: [2] },
    });
    const full = await whole.step([{ program: "train", inputs: samples, share: 1 }], STEP);
    const split = await parts.step(
      [0, 1, 2, 3].map((at) => ({ program: "quarter", inputs: quarter(at), share: 0.25 })),
      STEP,
    );
    expect(split.loss).toBeCloseTo(full.loss, 5);
    expect(split.gradientNorm).toBeCloseTo(full.gradientNorm, 5);
    const [a, b] = [await whole.weights(), await parts.weights()];
    for (const [name, data] of a) data.forEach((w, at) => void expect(w).toBeCloseTo(b.get(name)![at]!, 5));
  });

  it("leaves frozen weights unchanged, and decays only matrices", async () => {
    await using engine = await tinyEngine({ trainable: (name) => name.startsWith("head.") });
    const before = plain(await engine.weights());
    await engine.step([batch(1)], { ...STEP, learningRate: 0.01, weightDecay: 0 });
    const after = plain(await engine.weights());
    expect(after["encoder.words"]).toEqual(before["encoder.words"]);
    expect(after["head.w1"]).not.toEqual(before["head.w1"]);
    expect([...(await engine.state()).firstMoments.keys()].sort()).toEqual(
      ["head.w1", "head.b1", "head.w2", "head.b2"].sort(),
    );

    await using decayed = await tinyEngine({ trainable: (name) => name.startsWith("head.") });
    await decayed.step([batch(1)], { ...STEP, weightDecay: 1 });
    const shrunk = plain(await decayed.weights());
    expect(shrunk["head.b1"]).toEqual(after["head.b1"]);
    after["head.w1"]!.forEach((w, at) => {
      expect(shrunk["head.w1"]![at]).toBeCloseTo(w - 0.01 * before["head.w1"]![at]!, 6);
    });
  });

  it("scales the learning rate by name prefix", async () => {
    const moved = async (rateFactors?: Record<string, number>) => {
      await using engine = await tinyEngine();
      const before = plain(await engine.weights());
      await engine.step([batch(1)], { ...STEP, weightDecay: 0, ...(rateFactors && { rateFactors }) });
      const after = plain(await engine.weights());
      return (name: string) => after[name]!.map((w, at) => w - before[name]![at]!);
    };
    const [full, part] = [await moved(), await moved({ "encoder.": 0.25 })];
    expect(part("head.w1")).toEqual(full("head.w1"));
    full("encoder.words").forEach((step, at) => {
      expect(part("encoder.words")[at]).toBeCloseTo(step / 4, 6);
    });
    expect(Math.max(...full("encoder.words").map(Math.abs))).toBeGreaterThan(1e-3);
  });

  it("gives the same bits every time, with two threads, dropout and repeated words", async () => {
    await using engine = await tinyEngine({ dropout: 0.3 });
    const start = await engine.state();
    const results = new Set<string>();
    for (let at = 0; at < 12; at++) {
      await engine.restore(start);
      const { loss, gradientNorm } = await engine.step([batch(1), batch(2)], STEP);
      results.add(JSON.stringify([loss, gradientNorm, plain(await engine.weights())]));
    }
    expect(results.size).toBe(1);
    await engine.restore(start);
    const other = await engine.step([batch(1), batch(2)], { ...STEP, seed: 4 });
    expect(results).not.toContain(
      JSON.stringify([other.loss, other.gradientNorm, plain(await engine.weights())]),
    );
  });

  it("continues bit by bit in another engine", async () => {
    const train = async (engine: Engine, from: number, to: number) => {
      for (let at = from; at < to; at++)
        await engine.step([batch(at)], { ...STEP, seed: at, averageDecay: 0.9 });
    };
    await using first = await tinyEngine({ dropout: 0.2 });
    await train(first, 0, 3);
    const saved = await first.state();
    await train(first, 3, 6);
    await using second = await tinyEngine({ dropout: 0.2 });
    await second.restore(saved);
    await train(second, 3, 6);
    const [one, two] = [await first.state(), await second.state()];
    expect(two.step).toBe(6);
    for (const part of ["weights", "firstMoments", "secondMoments", "averages"] as const) {
      expect(two[part].size).toBeGreaterThan(0);
      expect(plain(two[part])).toEqual(plain(one[part]));
    }
  });

  it("uses the updated weights for inference", async () => {
    await using engine = await tinyEngine();
    const inputs = wordsOf(tinyInputs(3, 9));
    const before = await engine.run("infer", inputs);
    await engine.step([batch(1)], STEP);
    const after = await engine.run("infer", inputs);
    expect(after).not.toEqual(before);
    await using fresh = createEngine({ threads: 2 });
    const weights = await engine.weights();
    await fresh.load(
      tinyWeights().map(({ name, shape }) => ({
        name,
        shape,
        source: { kind: "data", data: weights.get(name)! },
      })),
    );
    await fresh.define("infer", tinyInference());
    expect(await fresh.run("infer", inputs)).toEqual(after);
  });

  it("averages the weights of the steps, and exchanges them with the weights", async () => {
    await using engine = await tinyEngine();
    await engine.exchange(); // without an average yet
    const steps: NamedArrays[] = [];
    for (let at = 0; at < 4; at++) {
      await engine.step([batch(at)], { ...STEP, averageDecay: 0.4 });
      steps.push(await engine.weights());
    }
    const averages = new Map([...steps[0]!].map(([name, values]) => [name, [...values]]));
    steps.slice(1).forEach((weights, index) => {
      const keep = Math.min(0.4, (index + 3) / (index + 12));
      for (const [name, values] of averages)
        values.forEach((value, at) => {
          values[at] = keep * value + (1 - keep) * weights.get(name)![at]!;
        });
    });
    await engine.exchange();
    const exchanged = await engine.weights();
    for (const [name, values] of averages)
      values.forEach((value, at) => {
        expect(exchanged.get(name)![at]).toBeCloseTo(value, 5);
      });
    expect(plain(exchanged)).not.toEqual(plain(steps[3]!));
    const averaged = await engine.run("infer", wordsOf(tinyInputs(3, 9)));
    await engine.exchange();
    expect(plain(await engine.weights())).toEqual(plain(steps[3]!));
    expect(await engine.run("infer", wordsOf(tinyInputs(3, 9)))).not.toEqual(averaged);
  });

  it("rejects a loss that is not a number and changes nothing", async () => {
    await using engine = await tinyEngine();
    await engine.step([batch(1)], STEP);
    const before = await engine.state();
    const bad = batch(2);
    (bad.inputs.target!.data as Float32Array)[3] = Number.NaN;
    await expect(engine.step([batch(1), bad], STEP)).rejects.toMatchObject({ code: "NOT_A_NUMBER" });
    (bad.inputs.target!.data as Float32Array)[3] = 1e20;
    await expect(engine.step([bad], STEP)).rejects.toMatchObject({ code: "NOT_A_NUMBER" });
    const after = await engine.state();
    expect(after.step).toBe(1);
    expect(plain(after.weights)).toEqual(plain(before.weights));
    expect(plain(after.firstMoments)).toEqual(plain(before.firstMoments));
    await expect(engine.step([batch(1)], STEP)).resolves.toHaveProperty("loss");
  });

  it("rejects an infinite gradient even if the loss is finite", async () => {
    await using engine = createEngine();
    const weights = { kind: "data", data: Float32Array.of(0) } as const;
    await engine.load([{ name: "w", shape: [1], source: weights }]);
    const loss = o.reduceSum(o.sqrt(o.createGraph({ training: true }).parameter("w", [1])));
    await engine.define("root", o.compile({ loss }, { gradients: o.backward(loss) }));
    const step = engine.step([{ program: "root", inputs: {}, share: 1 }], STEP);
    await expect(step).rejects.toMatchObject({
      code: "NOT_A_NUMBER",
      message: expect.stringContaining('"w"'),
    });
    expect(plain(await engine.weights())).toEqual({ w: [0] });
  });

  it("rejects a program without a loss, a training program outside a step, and a weight that is trained later than others", async () => {
    await using engine = await tinyEngine({ dropout: 0.1, trainable: (name) => name.startsWith("head.") });
    await expect(
      engine.step([{ ...batch(1), program: "infer", inputs: wordsOf(tinyInputs(8, 1)) }], STEP),
    ).rejects.toThrow("loss");
    await expect(engine.run("train", tinyInputs(8, 1))).rejects.toThrow("outside a training step");
    await engine.step([batch(1)], STEP);
    await engine.define("all", tinyTraining(8));
    await expect(engine.step([batch(1, 8, "all")], STEP)).rejects.toThrow("not among the trained weights");
  });
});

describe("cancellation and failure of an Engine", () => {
  it("rejects a call with an aborted signal, and cancels calls that have not started", async () => {
    await using engine = await tinyEngine();
    await expect(
      engine.weights().then(() => engine.run("infer", {}, { signal: AbortSignal.abort() })),
    ).rejects.toMatchObject({
      code: "ABORTED",
    });
    const controller = new AbortController();
    const calls = Array.from({ length: 20 }, (_, at) =>
      engine.run("infer", wordsOf(tinyInputs(2, at)), { signal: controller.signal }),
    );
    controller.abort();
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.at(-1)).toMatchObject({ status: "rejected", reason: { code: "ABORTED" } });
    await expect(engine.run("infer", wordsOf(tinyInputs(2, 1)))).resolves.toHaveProperty("prediction");
  });

  it("changes nothing if a step is cancelled between micro-batches", async () => {
    await using engine = await tinyEngine();
    const before = plain(await engine.weights());
    const controller = new AbortController();
    const batches = Array.from({ length: 400 }, (_, at) => batch(at));
    const step = engine.step(batches, { ...STEP, signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await expect(step).rejects.toMatchObject({ code: "ABORTED" });
    expect(plain(await engine.weights())).toEqual(before);
  });

  it("does not start another micro-batch of a cancelled step", async () => {
    const host = createHost();
    const step = host.step(AbortSignal.abort(), [{ program: "nothing", inputs: {}, share: 1 }], STEP);
    await expect(step).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("does not keep the process alive while idle", () => {
    const script =
      'import("./src/tensor/engine/index.js").then(({ createEngine }) => createEngine().weights()).then(console.log)';
    expect(execFileSync("npx", ["tsx", "--eval", script], { encoding: "utf8", timeout: 50_000 })).toContain(
      "Map",
    );
  });

  it("rejects pending and later calls if the worker exits", async () => {
    const engine = createEngine({}, new URL("./crashing-worker.mjs", import.meta.url));
    await engine.load([]);
    const calls = [engine.weights(), engine.state()];
    for (const call of calls)
      await expect(call).rejects.toMatchObject({
        code: "ENGINE",
        message: expect.stringContaining("code 7"),
      });
    await expect(engine.weights()).rejects.toMatchObject({ code: "ENGINE" });
    await engine.close();
  });

  it("finishes earlier calls and rejects later ones while closing", async () => {
    const engine = await tinyEngine();
    const inputs = wordsOf(tinyInputs(3, 1));
    const before = engine.run("infer", inputs);
    const closing = engine.close();
    await expect(engine.run("infer", inputs)).rejects.toMatchObject({ code: "ENGINE" });
    expect((await before).prediction!.data).toHaveLength(3);
    await closing;
  });

  it("rejects calls once it is closed", async () => {
    const engine = await tinyEngine();
    const last = engine.run("infer", wordsOf(tinyInputs(1, 1)));
    await Promise.all([engine.close(), engine.close()]);
    await expect(last).resolves.toHaveProperty("prediction");
    await expect(engine.weights()).rejects.toMatchObject({
      code: "ENGINE",
      message: expect.stringContaining("closed"),
    });
    await engine.close();
  });
});
