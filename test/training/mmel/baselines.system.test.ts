import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluation/index.js";
import { BASELINE_NAMES, BASELINES } from "../../../src/models/baselines/table.js";
import { train } from "../../../src/training/mmel/train.js";
import { demoCaptions, importDemo, scratch, tiny } from "./workshop.js";

const path = scratch();
const kb = path("kb");
beforeAll(() => importDemo(kb));

/** Six steps with the preset `baseline`. */
const config = (variant: string) =>
  tiny(kb, {
    preset: "baseline",
    head: { variant, d: 16, heads: 2, imageWidth: 8, imageViews: 2 },
    negatives: { kind: "candidates", count: 2, pool: 30, top: 1 },
    twice: false,
    batch: 6,
    epochs: 1,
    evaluation: { every: 6, sample: 5, candidates: 4 },
  });

describe.each(BASELINE_NAMES)("%s", (name) => {
  it("is trained, stored with its card, opened and evaluated like every model", async () => {
    const { model, steps } = await train(config(name), { output: path(name) });
    expect(steps).toBeGreaterThan(2);
    const card = await readFile(`${model}/README.md`, "utf8");
    for (const standIn of BASELINES[name].standIns) expect(card).toContain(standIn);
    const { result } = await evaluate(await demoCaptions(), { kb, model, protocol: "paper", candidates: 20 });
    expect(result.all.mentions).toBeGreaterThan(20);
    expect(result.all.top20).toBeGreaterThan(0.5);
  });
});
