import { describe, expect, it } from "vitest";
import { adviceOf, compareRuns } from "../../src/cli/commands/recommend.js";
import type { ModelRun } from "../../src/cli/measure-model.js";
import type { Caption } from "../../src/core/index.js";
import type { WireLinks } from "../../src/formats/index.js";

const sample = Array.from(
  { length: 100 },
  (_, index): Caption => ({
    id: `${index}`,
    text: "A",
    mentions: [{ text: "A", gold: { kind: "entity", id: "Q1" } }],
  }),
);
const blind = sample.map((caption): Caption => ({ ...caption, mentions: [{ text: "A" }] }));

/** A run in which every n-th outcome is another entity. */
function run(model: string, mentionsPerSecond: number, wrongEvery: number): ModelRun {
  const links = sample.map(({ id }, index): [string, WireLinks] => {
    const entity = { id: index % wrongEvery === 0 ? "Q2" : "Q1", label: "A" };
    const mention = { text: "A", outcome: "linked" as const, entity, probability: 0.9, candidates: [] };
    return [id, { id, mentions: [mention], model, kb: "kb" }];
  });
  return { model, links: new Map(links), firstLink: 1, mentionsPerSecond, peakMemory: 100 };
}

describe("the recommendation", () => {
  const advise = async (captions: readonly Caption[], ...runs: ModelRun[]) =>
    adviceOf(await compareRuns(captions, runs, 1));

  it("with gold entities, is the fastest model that is not worse by more than chance", async () => {
    expect((await advise(sample, run("slow", 10, 10), run("fast", 90, 11))).recommended).toBe("fast");
    expect(await advise(sample, run("slow", 10, 100), run("fast", 90, 3))).toEqual({
      recommended: "slow",
      advice: "Use `--model slow`: more of its outcomes are right, by more than chance.",
    });
  });

  it("without gold entities, is the fastest model that agrees with the default model", async () => {
    expect((await advise(blind, run("slow", 10, 100), run("fast", 90, 100))).recommended).toBe("fast");
    expect((await advise(blind, run("slow", 10, 100), run("fast", 90, 9))).recommended).toBe("slow");
    const [row] = await compareRuns(blind, [run("slow", 10, 100)], 1);
    expect(row).toMatchObject({ gold: null, againstBest: null, agreement: 1, linked: 1, mentions: 100 });
  });
});
