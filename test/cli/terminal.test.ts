import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { type Context, clearScreen, printable } from "../../src/cli/context.js";
import { DEMO_CAPTIONS, DEMO_ENTITIES, mmel, type Outcome, scratch, writeRecords } from "./harness.js";

const path = scratch();
/** Sequences that clear a screen, set a title, move the cursor (also with the single character CSI), and ring. */
const HOSTILE = "\u001b[2J\u001b]0;owned\u0007\u009b1A\u007f\u0000x";
// biome-ignore lint/suspicious/noControlCharactersInRegex: the law is about these characters
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/;

describe("no control character reaches a terminal or a file for people", () => {
  const kb = () => path("kb");
  const captions = () => path("captions.jsonl");

  it("from names, texts, paths and options", async () => {
    const entities = await writeRecords(path("entities.jsonl"), [
      {
        id: `1${HOSTILE}`,
        label: `Ann ${HOSTILE}`,
        description: HOSTILE,
        properties: { [HOSTILE]: ["Ann"] },
      },
      { id: "2", label: "Ann", aliases: [`Anna${HOSTILE}`] },
    ]);
    await writeRecords(captions(), [
      {
        id: `c${HOSTILE}`,
        text: `Ann ${HOSTILE} Ann`,
        mentions: [{ text: "Ann" }, { text: `Ann ${HOSTILE}` }],
      },
    ]);
    const bad = await writeRecords(path("bad.jsonl"), [
      { id: "b", text: HOSTILE, mentions: [{ text: "Ann", start: 0, end: 3 }], [HOSTILE]: 1 },
    ]);
    const link = ["link", captions(), "--kb", kb(), "--model", "lexical"];
    const runs: (readonly string[])[] = [
      ["kb", "import", entities, "--kb", kb(), "--name", `people${HOSTILE.replace("\0", "")}`],
      ["kb", "info", "--kb", kb()],
      ["kb", "info", "--kb", kb(), "--json"],
      ["kb", "search", "Ann", "--kb", kb()],
      ["kb", "search", "Ann", "--kb", kb(), "--json"],
      ["kb", "export", "--kb", kb()],
      ["kb", "diff", kb(), kb()],
      ...["jsonl", "table", "csv", "html", "displacy", "webannotation"].map((format) => [
        ...link,
        "--format",
        format,
      ]),
      ["evaluate", bad, "--kb", kb(), "--model", "lexical"],
      ["link", bad, "--kb", kb(), "--model", "lexical"],
      ["link", path(`missing${HOSTILE.replace("\0", "")}`), "--kb", kb()],
      ["link", captions(), "--kb", kb(), `--${HOSTILE.replace("\0", "")}`],
      ["kb", "info", "--kb", `postgres://u@h/d?${HOSTILE.replace("\0", "")}=1`],
      ["kb", "info", "--debug", "--kb", path(`none${HOSTILE.replace("\0", "")}`)],
    ];
    for (const args of runs) {
      const { stdout, stderr } = await mmel(args);
      expect(stdout + stderr, args.join(" ")).not.toMatch(CONTROL);
      expect((stdout + stderr).length, args.join(" ")).toBeGreaterThan(0);
    }
    const { stdout } = await mmel(["kb", "export", "--kb", kb()]);
    expect(JSON.parse(stdout.split("\n")[0]!).description).toBe(HOSTILE);
  }, 240_000);

  it("and a carriage return, which hides what precedes it, stays only in files", () => {
    expect(printable({ isTTY: true }, "a\rb\n")).toBe("a\\u000db\n");
    expect(printable({}, "a\rb\n")).toBe("a\rb\n");
  });
});

describe("the screen", () => {
  const written = (isTTY: boolean): string => {
    const stdout = Object.assign(new PassThrough(), { isTTY });
    clearScreen({ stdout } as unknown as Context);
    return String(stdout.read() ?? "");
  };
  it("is cleared only if it is a terminal", () => {
    expect(written(true)).toBe("\u001b[1;1H\u001b[0J");
    expect(written(false)).toBe("");
  });

  it("receives text only from the functions that escape it", async () => {
    const files = await readdir("src/cli", { recursive: true });
    const others = files.filter(
      (file) => file.endsWith(".ts") && !["context.ts", "command-line.ts"].includes(file),
    );
    for (const file of others)
      expect(await readFile(`src/cli/${file}`, "utf8"), file).not.toMatch(
        /std(out|err)\.write|writeLines\(|console\./,
      );
  });
});

describe("a full disk behind standard output", () => {
  it.each([
    ["link", DEMO_CAPTIONS, "--kb", path("demo"), "--model", "lexical"],
    ["link", DEMO_CAPTIONS, "--kb", path("demo"), "--model", "lexical", "--format", "html"],
    ["kb", "export", "--kb", path("demo")],
    ["kb", "info", "--kb", path("demo")],
    ["--help"],
  ])(
    "is one line and exit code 1: mmel %s %s",
    async (...args) => {
      await mmel(["kb", "import", DEMO_ENTITIES, "--kb", path("demo")]);
      const { code, stderr } = await intoFullDisk(args);
      expect([code, stderr]).toEqual([1, "mmel: FILE_UNWRITABLE: the disk is full, standard output\n"]);
    },
    60_000,
  );
});

async function intoFullDisk(args: readonly string[]): Promise<Pick<Outcome, "code" | "stderr">> {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, ["dist/cli/main.js", ...args], { stdio: ["ignore", full, "pipe"] });
  let stderr = "";
  child.stderr!.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  return { code, stderr };
}
