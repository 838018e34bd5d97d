import { describe, expect, it } from "vitest";
import * as o from "../../../src/tensor/onnx/index.js";
import { createSessionCache, type Session, verifyBuffers } from "../../../src/tensor/onnx/runtime/index.js";
import { largestDifference } from "./harness.js";

const f32 = (shape: number[], ...elements: number[]): o.Tensor => ({
  data: Float32Array.from(elements),
  shape,
});

describe("openSession", () => {
  it("writes results into given buffers", () => verifyBuffers());

  it("reports the name of the failing node", async () => {
    const g = o.createGraph();
    const rows = g.scope("embeddings.word", () =>
      o.gather(g.parameter("table", [3, 2]), g.input("ids", [1], "int64")),
    );
    await using session = await o.openSession(
      o.compile({ rows }),
      new Map([["embeddings.word.table", new Float32Array(6)]]),
    );
    const failing = session.run({ inputs: { ids: { data: BigInt64Array.of(7n), shape: [1] } } });
    await expect(failing).rejects.toMatchObject({
      code: "ENGINE",
      message: expect.stringContaining("embeddings.word.Gather"),
    });
  });

  it.each([
    ["that is missing", {}, ["x", "missing"]],
    ["of another shape", { x: f32([3], 1, 2, 3), n: f32([2], 1, 2) }, ["x", "[3]", "[2, batch]"]],
    ["of the wrong length", { x: f32([2, 2], 1, 2, 3), n: f32([2], 1, 2) }, ["x", "3 elements"]],
    [
      "of another type",
      { x: { data: new BigInt64Array(4), shape: [2, 2] }, n: f32([2], 1, 2) },
      ["x", "float32"],
    ],
    ["with two sizes for one name", { x: f32([2, 2], 1, 2, 3, 4), n: f32([3], 1, 2, 3) }, ["n", "batch = 2"]],
  ])("rejects an input %s", async (_, inputs: o.Tensors, parts) => {
    const g = o.createGraph();
    const y = o.add(g.input("x", [2, "batch"]), g.input("n", ["batch"]));
    await using session = await o.openSession(o.compile({ y }), new Map());
    const error = await session.run({ inputs }).catch((failure: Error) => failure);
    expect(error).toMatchObject({ code: "GRAPH" });
    for (const part of parts) expect((error as Error).message).toContain(part);
  });

  it("rejects weights that are missing or have another size", async () => {
    const program = o.compile({ y: o.neg(o.createGraph().parameter("w", [2])) });
    await expect(o.openSession(program, new Map())).rejects.toMatchObject({ code: "GRAPH" });
    await expect(o.openSession(program, new Map([["w", new Float32Array(3)]]))).rejects.toThrow("3 elements");
  });

  it("computes the same with fed and external weights", async () => {
    const outputs = () => {
      const g = o.createGraph();
      return { y: o.gelu(o.linear(g.input("x", [2, 3]), g.parameter("w", [4, 3]), g.parameter("b", [4]))) };
    };
    const flat = Float32Array.from({ length: 17 }, (_, at) => Math.sin(at));
    const weights = new Map([
      ["w", flat.subarray(1, 13)],
      ["b", flat.subarray(13)],
    ]);
    const results = ["fed", "external"].map(async (kind) => {
      await using session = await o.openSession(o.compile(outputs(), { weights: kind as "fed" }), weights);
      const [y] = (await session.run({ inputs: { x: f32([2, 3], 1, 2, 3, 4, 5, 6) } })).values();
      return y!.data as Float32Array;
    });
    const [fed, external] = await Promise.all(results);
    expect(largestDifference(fed!, external!)).toBeLessThan(1e-6);
  });
});

describe("createSessionCache", () => {
  const opened: string[] = [];
  const closed: string[] = [];
  const open = (key: string) => async (): Promise<Session> => {
    opened.push(key);
    return { run: async () => new Map(), [Symbol.asyncDispose]: async () => void closed.push(key) };
  };
  const use = async (keys: string, bounds: Parameters<typeof createSessionCache>[0], bytes = 1) => {
    opened.length = closed.length = 0;
    const cache = createSessionCache(bounds);
    for (const key of keys) await cache.get(key, bytes, open(key));
    return cache;
  };

  it("opens each key once and closes the least recently used session beyond the bound", async () => {
    const cache = await use("abacad", { maxSessions: 3 });
    expect([opened.join(""), closed.join(""), cache.size]).toEqual(["abcd", "b", 3]);
  });

  it("closes sessions beyond the byte bound, but keeps one that exceeds it on its own", async () => {
    const cache = await use("abc", { maxSessionBytes: 10 }, 5);
    expect([closed.join(""), cache.size]).toEqual(["a", 2]);
    await cache.get("large", 100, open("L"));
    expect([closed.join(""), cache.size]).toEqual(["abc", 1]);
  });

  it("closes all sessions when disposed", async () => {
    await (await use("abc", {}))[Symbol.asyncDispose]();
    expect(closed.join("")).toBe("abc");
  });
});
