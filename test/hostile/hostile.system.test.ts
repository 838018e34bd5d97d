import { describe, expect, it } from "vitest";
import { routesOf } from "../../src/server/routes/index.js";
import { campaign, type Result } from "./campaign.js";
import { BROKEN_READERS } from "./readers/broken.js";
import { READERS } from "./readers/index.js";

/** The same inputs in every run. `npm run hostile` generates others. */
const SEED = "1";

async function collect(all: AsyncIterable<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for await (const result of all) results.push(result);
  return results;
}

describe("every reader", () => {
  it("accepts hostile inputs or rejects them with a named error, within limits of time and memory", async () => {
    const results = await collect(campaign({ readers: READERS, seed: SEED }));
    expect(results.filter(({ failures }) => failures.length > 0)).toEqual([]);
    expect(results.every(({ inputs }) => inputs > 3)).toBe(true);
  }, 600_000);

  it("has a name of its own, and every route of the service has a reader", () => {
    const names = READERS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const routes = routesOf("0.0.0");
    for (const { method, path } of routes) {
      const row = new RegExp(`^${method} ${path.replaceAll(/\{\w+\}/g, "[^/]+")}( \\(|$)`);
      expect(names).toContainEqual(expect.stringMatching(row));
    }
  });
});

describe("the campaign", () => {
  it("notices every way to break the law, and continues with the next input", async () => {
    const results = await collect(campaign({ readers: BROKEN_READERS, seed: SEED }));
    const found = results.map(({ reader, failures }) => [reader, failures.map(({ what }) => what)]);
    const expected = [
      ["unnamed error", /unnamed error|rejects the valid input/],
      ["error of another program", /unnamed error|rejects the valid input/],
      ["late rejection", /ends the process.*late/s],
      ["crash", /ends the process \(SIGSEGV\)/],
      ["hang", /hangs for/],
      ["slow", /s of processor time/],
      ["memory", /MiB; at most 50/],
      ["file outside", /changed files outside its output: .*escape/],
      ["prototype", /changed Object.prototype/],
    ] as const;
    for (const [at, [name, what]] of expected.entries())
      expect(found[at]).toEqual([
        `broken: ${name}`,
        Array(name === "crash" ? 2 : 1).fill(expect.stringMatching(what)),
      ]);
  }, 300_000);
});
