import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf, DEMO_CAPTIONS, importDemo, start } from "./cli/harness.js";

const run = async (example: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)("npx", ["tsx", `examples/${example}.ts`, ...args])).stdout;

describe("examples", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mmel-examples-"));
    await importDemo(join(folder, "kb"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("link.ts links two captions and reports the third", async () => {
    const printed = await run("link");
    expect(printed).toMatch(/final Jordan → Q41421 0\.\d+/);
    expect(printed).toMatch(/final Pippen → Q128109 0\.\d+/);
    expect(printed).toContain("broken CAPTION_INVALID");
  });

  it("detect.ts finds both names with their offsets", async () => {
    expect(await run("detect")).toBe("0–12 Ada Lovelace → ada\n36–51 Charles Babbage → charles\n");
  });

  it("evaluate.ts imports, looks up and evaluates", async () => {
    const catalogue = join(folder, "artists");
    const printed = await run("evaluate", catalogue);
    expect(printed).toMatch(
      /^3 entities in .+\n9 Edma Morisot 0\.\d\d\n8 Berthe Morisot 0\.\d\d\n\[ '1844' \]\n/,
    );
    expect(printed).toMatch(/\ncorrect: 100 % of 3 mentions\n$/);
  });

  it("own-model.ts ranks with its own model", async () => {
    expect(await run("own-model")).toBe("famous@1 city\n");
  });

  it("own-store.ts links against its own store", async () => {
    expect(await run("own-store")).toBe("catalogue@1 Mary Cassatt\n");
  });

  it("http-client.ts links through a running service and prints its refusal", async () => {
    const service = start(["serve", "--kb", join(folder, "kb"), "--model", "lexical", "--port", "0"]);
    try {
      const url = await addressOf(service);
      const printed = await run("http-client", url);
      expect(printed).toMatch(/Jordan → Michael Jordan 0\.\d+/);
      expect(printed).toMatch(/Pippen → Scottie Pippen 0\.\d+/);
      expect(printed).toMatch(/CAPTION_INVALID .*mention/);
    } finally {
      service.child.kill();
      await service.ended;
    }
  });

  it("train-on-corrections.ts trains the default model further", async () => {
    const output = join(folder, "corrected");
    const captions = join(folder, "corrected.jsonl");
    const lines = (await readFile(DEMO_CAPTIONS, "utf8")).split("\n").slice(0, 10);
    await writeFile(captions, lines.join("\n"));
    const printed = await run("train-on-corrections", join(folder, "kb"), captions, output);
    expect(printed).toMatch(/best model is in .*corrected\/model: dev Top-1 [\d.]+ % at step \d+/);
  });

  it("autodiff.ts learns", async () => {
    const losses = (await run("autodiff"))
      .trim()
      .split("\n")
      .map((line) => Number(line.split(" ")[1]));
    expect(losses).toHaveLength(6);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 50);
  });
});
