import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  parseTrainingConfig,
  readTrainingConfig,
  trainingJsonSchema,
} from "../../../src/training/mmel/config.js";
import { PRESET_NAMES } from "../../../src/training/mmel/presets.js";
import { scratch } from "./workshop.js";

const path = scratch();
const least = { name: "m", encoder: "./encoder", kb: "kb", train: ["train.jsonl"], dev: "dev.jsonl" };
const parse = (json: object) => parseTrainingConfig(JSON.stringify(json), "file.json");
const errorOf = (json: object) => {
  try {
    parse(json);
  } catch (error) {
    return error;
  }
  throw new Error("the configuration was accepted");
};

describe("parseTrainingConfig", () => {
  it.each(PRESET_NAMES)("accepts the preset %s with only the data", (preset) => {
    expect(parse({ ...least, preset }).preset).toBe(preset);
  });

  it("has the settings of the paper in the preset paper", () => {
    expect(parse({ ...least, preset: "paper" })).toMatchObject({
      head: { variant: "MMEL", loss: "paper", entityText: "properties", lexicalPrior: false },
      negatives: { kind: "candidates", count: 1 },
      twice: true,
      learningRate: 5e-5,
      weightDecay: 0.05,
      warmup: 100,
      clip: 1,
      dropout: 0.2,
      batch: 32,
      margin: 0.3,
      lossWeights: { matching: 2, pair: 0.5 },
      ranking: { select: "similarity" },
      evaluation: { protocol: "paper", measure: "top5", collaborative: true },
    });
    expect(parse(least)).toMatchObject({
      lossWeights: { matching: 1, pair: 1 },
      ranking: { select: "mean" },
      evaluation: { measure: "top1", collaborative: false },
    });
    expect(parse({ ...least, preset: "paper-onlytext" }).head.variant).toBe("MMEL-onlytext");
  });

  it("takes baselines as variants, without collaboration and lexical prior", () => {
    const baseline = parse({ ...least, preset: "baseline", head: { variant: "GHMFC" } });
    expect(baseline).toMatchObject({
      head: { variant: "GHMFC", d: 512, entityText: "properties" },
      twice: false,
      lossWeights: { matching: 1 },
      evaluation: { protocol: "paper", measure: "top5", collaborative: false },
    });
    const prior = { variant: "BERT", loss: "listwise", lexicalPrior: true };
    expect(() => parse({ ...least, head: prior })).toThrow(/a baseline has no lexical prior/);
  });

  it("overrides a preset field by field, but negatives of another kind as a whole", () => {
    const config = parse({ ...least, preset: "mini", head: { d: 64 }, negatives: { count: 3 } });
    expect(config.head).toMatchObject({ d: 64, lexicalPrior: true });
    expect(config.negatives).toMatchObject({ kind: "candidates", count: 3, top: 3, pool: 30 });
    const other = parse({ ...least, preset: "paper", negatives: { kind: "tfidf" } });
    expect(other.negatives).toEqual({ kind: "tfidf", count: 1, uniform: 0.05 });
  });

  it("reports all problems in one line", () => {
    const error = errorOf({ ...least, batch: 0, learningRate: "fast", speed: 1, head: { d: 10 } });
    expect(error).toMatchObject({ code: "CONFIG" });
    for (const part of ["file.json", "batch", "learningRate", "speed", "multiple of heads"])
      expect((error as Error).message).toContain(part);
  });

  it.each([
    [{ encoder: undefined }, /encoder: missing.*init/],
    [{ preset: "mini", negatives: { kind: "tfidf" } }, /negatives: .*no lexical prior/],
    [{ preset: "mini", negatives: { count: 2, top: 3 } }, /top is 3.*at most 2, the value of `count`/],
    [{ preset: "mini", negatives: { count: 40 } }, /count is 40.*at most 30, the value of `pool`/],
    [
      { head: { lexicalPrior: true, loss: "paper" } },
      /head: lexicalPrior: a lexical prior requires the loss "listwise"/,
    ],
    [{ preset: "mini", sight: "sight" }, /sight: .*requires `images`/],
    [{ images: "images", sight: "sight" }, /sight: .*lexicalPrior/],
    [{ preset: "maxi" }, /preset/],
  ])("rejects %j", (change, message) => {
    expect(errorOf({ ...least, ...change })).toMatchObject({
      code: "CONFIG",
      message: expect.stringMatching(message),
    });
  });

  it("rejects text that is not a JSON object, and a missing file", async () => {
    expect(() => parseTrainingConfig("{", "f")).toThrow(expect.objectContaining({ code: "CONFIG" }));
    expect(() => parseTrainingConfig("[]", "f")).toThrow(expect.objectContaining({ code: "CONFIG" }));
    await expect(readTrainingConfig(path("none.json"))).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });

  it("resolves paths relative to the file, but keeps hub names, bundled models and servers", async () => {
    const file = path("config.json");
    await writeFile(file, JSON.stringify({ ...least, output: "../run", init: "old" }));
    const here = dirname(file);
    expect(await readTrainingConfig(file)).toMatchObject({
      encoder: join(here, "encoder"),
      kb: join(here, "kb"),
      train: [join(here, "train.jsonl")],
      dev: join(here, "dev.jsonl"),
      output: join(here, "../run"),
      init: join(here, "old"),
    });
    const encoder = `org/encoder@${"0".repeat(40)}`;
    const kb = "postgres://reader@localhost/catalogue?kb=people";
    await writeFile(file, JSON.stringify({ ...least, encoder, kb }));
    expect(await readTrainingConfig(file, { init: "lexical" })).toMatchObject({
      encoder,
      kb,
      init: "lexical",
    });
  });

  it("has every field in its JSON Schema", () => {
    const { properties } = trainingJsonSchema() as { properties: Record<string, unknown> };
    const known = Object.keys(parse({ ...least, preset: "mini", init: "x" }));
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(known));
  });
});
