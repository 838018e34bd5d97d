import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBuildCommand } from "../../bench/pictographs/build.js";
import { run } from "../../src/cli/program.js";
import { writeFakePackages } from "./fake-packages.js";

describe("bench/pictographs/build.ts", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mmel-pictographs-"));
    await writeFakePackages(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const call = async (...args: string[]): Promise<string> => {
    let printed = "";
    const sink = () =>
      new Writable({
        write: (chunk, _, done) => {
          printed += chunk;
          done();
        },
      }) as unknown as NodeJS.WriteStream;
    const context = {
      stdin: process.stdin,
      stdout: sink(),
      stderr: sink(),
      signal: new AbortController().signal,
      setExitCode: () => {},
    };
    await run(createBuildCommand(context), args);
    return printed;
  };

  it("writes the folder and prints a summary", async () => {
    const output = join(folder, "out");
    const printed = await call("--packages", folder, "--output", output, "--seed", "3");
    expect(printed).toMatch(/^pictographs-1, seed 3: 92 entities, \d+ captions with \d+ mentions in /);
    expect((await readdir(output)).sort()).toEqual(
      ["README.md", "dev.jsonl", "images", "kb.jsonl", "statistics.json", "test.jsonl", "train.jsonl"].sort(),
    );
  }, 300_000);

  it("rejects an unknown argument, a missing folder and missing packages", async () => {
    await expect(call("photographs", "--output", "x")).rejects.toMatchObject({ code: "USAGE" });
    await expect(call()).rejects.toMatchObject({ code: "USAGE" });
    const nowhere = join(folder, "nowhere");
    await expect(call("--packages", nowhere, "--output", nowhere)).rejects.toThrow(
      /15 of 15 packages.*npm install @iconify-json\/twemoji/,
    );
  });
});
