import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Caption } from "../../src/core/index.js";
import { createLinker, type Linker } from "../../src/linker/index.js";
import { bundledModels, describeModel, loadModel, loadUncalibrated } from "../../src/models/registry.js";

const LEXICAL = join(import.meta.dirname, "../../models/lexical");

async function copy(change: (weights: Record<string, unknown>) => unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mmel-lexical-"));
  await cp(LEXICAL, folder, { recursive: true });
  await rm(join(folder, "calibration.json")); // fitted to the unchanged weights
  const path = join(folder, "weights.json");
  const changed = change(JSON.parse(await readFile(path, "utf8")));
  await writeFile(path, typeof changed === "string" ? changed : JSON.stringify(changed));
  return folder;
}

describe("the model registry", () => {
  it("opens, lists and describes the bundled models", async () => {
    await using model = await loadModel("lexical");
    expect(await bundledModels()).toContainEqual(expect.objectContaining({ name: "lexical" }));
    const { facts, card } = await describeModel("lexical");
    expect(facts).toMatchObject({ name: "lexical", hash: model.hash });
    expect(card).toContain("name/score");
  });

  it("opens a calibrated cascade by default, which keeps the lexical scores of unambiguous mentions", async () => {
    expect((await bundledModels())[0]).toMatchObject({ name: "mmel-mini-en", isDefault: true });
    const entities = ["Ada Lovelace", "Ada Yonath", "Lovelace Watkins"].map((label, at) => ({
      id: `Q${at}`,
      label,
      aliases: [],
      properties: { occupation: ["mathematician", "chemist", "singer"].slice(at, at + 1) },
      images: [],
    }));
    const caption = (text: string, name: string) => ({
      id: text,
      text,
      mentions: [{ text: name, span: { start: text.indexOf(name), end: text.indexOf(name) + name.length } }],
    });
    await using linker = await createLinker({ kb: entities });
    await using lexical = await createLinker({ kb: entities, model: "lexical" });
    const matches = async (by: Linker, input: Caption) => {
      const [link] = (await by.link(input)).mentions;
      expect(link!.probability).toBeGreaterThan(0);
      return link!.candidates.map(({ match }) => match);
    };
    const sure = caption("Ada Lovelace in 1840", "Ada Lovelace");
    const [first] = await matches(lexical, sure);
    const [alone, ...unseen] = await matches(linker, sure);
    expect(alone).toBeCloseTo(first!, 9);
    expect(unseen.every((match) => match === null)).toBe(true);
    const open = caption("Lovelace on stage", "Lovelace");
    const [before, after] = [await matches(lexical, open), await matches(linker, open)];
    expect(after.slice(0, 2)).not.toContain(null);
    expect(after[0]).not.toBeCloseTo(before[0]!, 3);
  }, 60_000);

  it("lists the bundled models in the error for an unknown name", async () => {
    await expect(loadModel("lexicall")).rejects.toMatchObject({
      code: "MODEL_NOT_FOUND",
      message: expect.stringContaining("lexical"),
    });
  });

  it("opens folders and hashes their content, not their path", async () => {
    const [same, other] = [
      await copy((weights) => weights),
      await copy((weights) => ({ ...weights, temperature: 2 })),
    ];
    const { hash } = (await loadUncalibrated("lexical")).model;
    expect((await loadModel(same)).hash).toBe(hash);
    expect((await loadModel(other)).hash).not.toBe(hash);
  });

  it("loads the calibration with the model and includes it in the hash", async () => {
    const [model, bare] = [await loadModel("lexical"), (await loadUncalibrated("lexical")).model];
    expect(model.hash).not.toBe(bare.hash);
    expect(model.calibration?.probabilities).toBeDefined();
    expect(bare.calibration?.probabilities).toBeUndefined();
  });

  it.each([
    ["invalid JSON", () => "{"],
    ["a missing feature", (weights: Record<string, unknown>) => ({ ...weights, candidate: {} })],
    [
      "a weight that is not a number",
      (weights: Record<string, unknown>) => ({
        ...weights,
        company: { ...(weights.company as object), kin: null },
      }),
    ],
    ["another format", (weights: Record<string, unknown>) => ({ ...weights, format: "mmel-lexical-9" })],
  ])("rejects weights with %s", async (_, change) => {
    const folder = await copy(change);
    await expect(loadModel(folder)).rejects.toMatchObject({
      code: "MODEL_DAMAGED",
      message: expect.stringContaining("weights.json"),
    });
  });
});
