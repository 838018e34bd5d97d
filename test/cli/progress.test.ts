import { writeFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { dumpLines } from "../../bench/wikidata-dump.js";
import { installs } from "../../src/cli/commands/index.js";
import { openImportFiles } from "../../src/cli/commands/kb/import-files.js";
import type { Context } from "../../src/cli/context.js";
import { createProgram, run } from "../../src/cli/program.js";
import { timeLeft } from "../../src/cli/progress.js";
import { mmel, scratch, writeRecords } from "./harness.js";

const path = scratch();

/** The output of a command that runs in this process, on a terminal. */
async function onTerminal(
  args: readonly string[],
  stdoutTTY = false,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const [stdout, stderr] = [stream(stdoutTTY), stream(true)];
  const seen = Promise.all([text(stdout), text(stderr)]);
  const context = {
    ...{ stdout, stderr, setExitCode: () => {}, signal: new AbortController().signal },
  } as unknown as Context;
  await run(createProgram(context, installs), args);
  stdout.end();
  stderr.end();
  const [out, err] = await seen;
  return { stdout: out, stderr: err };
}

const stream = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY, columns: 200 });

async function knowledgeBase(name: string, entities: number): Promise<string> {
  const all = Array.from({ length: entities }, (_, at) => ({ id: `${at}`, label: `Name ${at}` }));
  const file = await writeRecords(path(`${name}.jsonl`), all);
  await mmel(["kb", "import", file, "--kb", path(name)]);
  return path(name);
}

describe("progress on a terminal", () => {
  it("counts exported and compared entities, but never between results on the terminal", async () => {
    const [a, b] = [await knowledgeBase("a", 3), await knowledgeBase("b", 4)];
    const file = await onTerminal(["kb", "export", "--kb", a, "--output", path("out.jsonl")], true);
    expect(file.stderr).toContain("0/3 entities");
    expect((await onTerminal(["kb", "export", "--kb", a, "--limit", "2"])).stderr).toContain("0/2 entities");
    const table = await onTerminal(["kb", "export", "--kb", a, "--format", "csv"]);
    expect(table.stderr).toContain("0/6 entities");
    expect(table.stdout.split("\n")).toHaveLength(5);
    expect((await onTerminal(["kb", "export", "--kb", a], true)).stderr).toBe("");
    expect((await onTerminal(["kb", "diff", a, b])).stderr).toContain("0/7 entities");
    expect((await onTerminal(["kb", "diff", a, b], true)).stderr).toBe("");
  });

  it("shows the share of all dumps that is read, and the time left", async () => {
    const files = [path("1.json"), path("2.json")];
    for (const file of files) await writeFile(file, [...dumpLines(200, file)].join(""));
    const remarks: string[] = [];
    const update = (_: number, remark = ""): void => void remarks.push(remark);
    const context = { signal: new AbortController().signal } as Context;
    const options = { kb: path("dump"), format: "wikidata" } as const;
    const reading = await openImportFiles(context, files, options, { update, [Symbol.dispose]: () => {} });
    for await (const _ of reading.reads);
    expect(remarks[0]).toMatch(/^\d[\d.]+ % read, 1\.json, 0 MB\/s$/);
    expect(remarks.at(-1)).toMatch(/^100\.0 % read, 2\.json, \d+ MB\/s, 0s left$/);
    const shares = remarks.map((remark) => Number.parseFloat(remark));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });
});

describe("timeLeft", () => {
  it.each([
    [0, 0, 0, ""],
    [0.5, 0.5, 10, ""],
    [0.5, 0, 10, "10s left"],
    [0.75, 0.5, 30, "30s left"],
    [0.1, 0, 70, "10m30s left"],
    [0.01, 0, 100, "2h45m left"],
    [1, 0, 100, "0s left"],
  ])("for a share of %d after %d, in %d seconds, is %j", (share, first, seconds, words) => {
    expect(timeLeft(share, first, seconds)).toBe(words);
  });
});
