import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createCandidateSource } from "../../src/candidates/index.js";
import { entityOf } from "../../src/core/index.js";
import { createDetector, createThreadedDetector } from "../../src/mentions/index.js";

const entities = readFileSync("demo/entities.jsonl", "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => entityOf(JSON.parse(line)));
const source = createCandidateSource(entities);
const names = {
  namesIn: (text: string) => source.namesIn(text),
  similar: async (name: string) => (await source.candidates([name], 100))[0]!,
};

describe("detection in a worker thread", () => {
  it("finds the same as in this thread, also for several texts at a time", async () => {
    await using threaded = createThreadedDetector(names);
    const here = createDetector(names);
    const captions = readFileSync("demo/captions.jsonl", "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const texts = [
      ...captions.map((line) => (JSON.parse(line) as { text: string }).text),
      "Jon Kerry and Mikhael Jordan, with Scotie Pippen and Ms. Merkell at the opening. Kery, John left.",
      "@JohnKerry and #MichaelJordan",
      "Керри и Джордан в Париже",
      "",
    ];
    const found = await Promise.all(texts.map((text) => threaded(text)));
    for (const [at, text] of texts.entries()) expect(found[at]).toEqual(await here(text));
    expect(found.flatMap(({ mentions }) => mentions).length).toBeGreaterThan(20);
  });

  it("leaves this thread free", async () => {
    await using threaded = createThreadedDetector(names);
    await threaded("John Kerry");
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const different = Array.from({ length: 4_000 }, (_, at) => `Ab${at.toString(36)} Cd`).join(". ");
    const start = performance.now();
    await threaded(different);
    const whole = performance.now() - start;
    clearInterval(timer);
    expect(longest).toBeLessThan(whole / 2);
  });

  it("passes on the errors of the knowledge base, and goes on", async () => {
    let fails = true;
    const similar = async (name: string) => {
      if (fails) throw new Error("no connection");
      return names.similar(name);
    };
    await using threaded = createThreadedDetector({ ...names, similar });
    const text = "Mikhael Jordan Smyth with Jon Kerrie";
    await expect(threaded(text)).rejects.toThrow("no connection");
    fails = false;
    expect(await threaded(text)).toEqual(await createDetector(names)(text));
  });
});
