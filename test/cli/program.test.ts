import { readdir, readFile } from "node:fs/promises";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { installs } from "../../src/cli/commands/index.js";
import type { Context } from "../../src/cli/context.js";
import { errorLine, exitCodeOf } from "../../src/cli/exit.js";
import { createProgram, run } from "../../src/cli/program.js";
import { scratch, start } from "./harness.js";

const path = scratch();

/** Runs a command line that does no work in this process. */
async function answer(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = "";
  const write = (text: string): boolean => {
    stdout += text;
    return true;
  };
  const context = { stdout: { write }, stderr: process.stderr } as unknown as Context;
  try {
    await run(createProgram(context, installs), args);
    return { code: 0, stdout, stderr: "" };
  } catch (error) {
    return { code: exitCodeOf(error), stdout, stderr: errorLine(error, false) };
  }
}

/** The names of all commands without subcommands. */
function leaves(): string[] {
  const below = ({ commands }: Pick<Command, "commands">): string[] =>
    commands.flatMap((command) =>
      command.commands.length === 0
        ? [command.name()]
        : below(command).map((name) => `${command.name()} ${name}`),
    );
  return below(createProgram({} as Context, installs));
}

describe("help", () => {
  it.each(leaves())("of %s shows usage and examples", async (command) => {
    const { code, stdout } = await answer([...command.split(" "), "--help"]);
    expect(code).toBe(0);
    const examples = stdout.slice(stdout.search(/^Examples?:$/m));
    expect(examples).toContain(`  mmel ${command}`);
  });
});

/** The folders of dist/ and the packages from which a command loads files. */
async function loadedBy(args: readonly string[]): Promise<ReadonlySet<string>> {
  const folder = path("coverage");
  await start(args, "", { NODE_V8_COVERAGE: folder }).ended;
  const [file] = await readdir(folder);
  const { result } = JSON.parse(await readFile(`${folder}/${file}`, "utf8")) as { result: { url: string }[] };
  const parts = result.map(
    ({ url }) => /.*\/(?:node_modules|dist)\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? url,
  );
  return new Set(parts.filter((part) => !part.startsWith("node:")));
}

it("mmel --help loads only what describes the commands", async () => {
  const loaded = await loadedBy(["--help"]);
  expect(loaded).toContain("cli");
  for (const part of ["zod", "names", "linker", "kb", "models", "postgres", "onnxruntime-node"])
    expect(loaded).not.toContain(part);
});

describe("the options of captions", () => {
  it.each([
    "link",
    "relink",
    "jobs submit",
    "evaluate",
    "agreement",
    "recommend",
    "calibrate",
    "adapt",
    "dataset stats",
    "dataset sidecar",
    "kb recall",
  ])("are the same in mmel %s", async (command) => {
    const { stdout } = await answer([...command.split(" "), "--help"]);
    for (const option of ["--input-format", "--mapping", "--offsets", "--on-error", "--rejects"])
      expect(stdout).toContain(`  ${option} <`);
  });
});

describe("wrong usage", () => {
  it.each([
    [[], "no command given"],
    [["nonsense"], "nonsense"],
    [
      ["kb"],
      "expected one of import, prepare, info, search, recall, export, diff, pack, unpack, verify, fetch-images",
    ],
    [["kb", "search", "--kb", "x"], "'name'"],
    [["link"], "expected mmel link --kb <target> [options] [file]"],
    [["link", "--kb", "x", "--top-k", "0"], "expected a whole number of at least 1"],
    [["open", "--port", "99999"], "expected a whole number from 0 to 65535"],
    [["serve", "--kb", "x", "--port", "65536"], "expected a whole number from 0 to 65535"],
    [["link", "--kb", "x", "--format", "xml"], "expected one of jsonl, table, html, csv"],
    [["link", "--kb", "x", "--formt", "csv"], "--format"],
    [["link", "a", "b", "--kb", "x"], "too many arguments"],
  ])("%j is reported in one line", async (args, words) => {
    const { code, stdout, stderr } = await answer(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^mmel: USAGE: [^\n]+, mmel[^\n]*; expected [^\n]+\. Run `mmel [^\n]*--help`\.$/);
    expect(stderr).toContain(words);
  });
});
