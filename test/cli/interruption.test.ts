import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import {
  captionOf,
  demoEntities,
  importDemo,
  links,
  mmel,
  scratch,
  start,
  untilSize,
  writeRecords,
} from "./harness.js";

const path = scratch();
const kb = path("kb");
const CAPTIONS = 1200;
const ids = Array.from({ length: CAPTIONS }, (_, at) => `c${at}`);
let whole: Buffer;

const linkTo = (output: string, ...more: string[]): string[] => {
  return [
    "link",
    path("captions.jsonl"),
    "--kb",
    kb,
    "--model",
    "lexical",
    "--output",
    path(output),
    ...more,
  ];
};
const written = async (output: string): Promise<string[]> =>
  links(await readFile(path(output), "utf8")).map(({ id }) => id);

beforeAll(async () => {
  await importDemo(kb);
  const names = (await demoEntities()).map(({ label }) => label);
  await writeRecords(
    path("captions.jsonl"),
    ids.map((id, at) => captionOf(id, names[at % names.length]!)),
  );
  const stderr = `mmel: ${path("whole.jsonl")} contains the links of ${ids.length} captions\n`;
  expect(await mmel(linkTo("whole.jsonl"))).toMatchObject({ code: 0, stderr, stdout: "" });
  whole = await readFile(path("whole.jsonl"));
});

const isLinux = process.platform === "linux";
describe.skipIf(!isLinux)("mmel recommend (needs /proc)", () => {
  it("stops at Ctrl-C, exits with 130, and leaves no process and no files", async () => {
    await mkdir(path("temporary"));
    const args = ["recommend", path("captions.jsonl"), "--kb", kb, "--sample", `${CAPTIONS}`];
    const running = start(args, "", { TMPDIR: path("temporary") });
    const { pid } = running.child;
    const childrenOf = async (): Promise<string[]> =>
      (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).split(" ").filter((id) => id !== "");
    let children: string[] = [];
    while (children.length === 0 && running.child.exitCode === null) {
      await sleep(5);
      children = await childrenOf();
    }
    running.child.kill("SIGINT");
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout, children: children.length }).toEqual({ code: 130, stdout: "", children: 1 });
    expect(stderr).toMatch(/ABORTED: interrupted/);
    expect(existsSync(`/proc/${children[0]}`)).toBe(false);
    expect(await readdir(path("temporary"))).toEqual([]);
  });
});

describe("mmel link", () => {
  it("resumes after an incomplete line of any length", async () => {
    await writeFile(path("torn.jsonl"), whole);
    const end = whole.lastIndexOf("\n", whole.length - 2) + 1;
    for (const size of [end + 1, whole.length - 1]) {
      await truncate(path("torn.jsonl"), size);
      expect((await mmel(linkTo("torn.jsonl", "--resume"))).code).toBe(0);
      expect((await readFile(path("torn.jsonl"))).equals(whole)).toBe(true);
    }
  });

  it("flushes finished links at Ctrl-C, exits with 130, and can be resumed", async () => {
    const running = start(linkTo("stopped.jsonl"));
    await untilSize(path("stopped.jsonl"), whole.length / 4, running);
    running.child.kill("SIGINT");
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(/ABORTED: interrupted/);
    const done = await written("stopped.jsonl");
    expect(done.length).toBeGreaterThan(0);
    expect(done).toEqual(ids.slice(0, done.length));
    expect((await mmel(linkTo("stopped.jsonl", "--resume"))).code).toBe(0);
    expect((await readFile(path("stopped.jsonl"))).equals(whole)).toBe(true);
  });

  it("links a single caption at once, and stops at Ctrl-C while it waits for the next", async () => {
    const running = spawnWaiting(["link", "--kb", kb, "--model", "lexical"]);
    running.stdin.write(`${JSON.stringify(captionOf("1", "Paris"))}\n`);
    const [answer] = await once(running.stdout, "data");
    expect(JSON.parse(String(answer))).toMatchObject({ id: "1", mentions: [{ text: "Paris" }] });
    running.kill("SIGINT");
    const [code] = await once(running, "close");
    expect(code).toBe(130);
  });

  it("keeps an earlier output until the new one is complete", async () => {
    await writeFile(path("kept.jsonl"), "earlier\n");
    const running = start(linkTo("kept.jsonl"));
    await untilSize(path("kept.jsonl"), 20_000, running);
    running.child.kill("SIGKILL");
    await running.ended;
    expect(await readFile(path("kept.jsonl.previous"), "utf8")).toBe("earlier\n");

    const second = start(linkTo("kept.jsonl"));
    await untilSize(path("kept.jsonl"), 20_000, second);
    second.child.kill("SIGKILL");
    await second.ended;
    expect(await readFile(path("kept.jsonl.previous"), "utf8")).toBe("earlier\n");

    expect((await mmel(linkTo("kept.jsonl", "--resume"))).code).toBe(0);
    expect((await readFile(path("kept.jsonl"))).equals(whole)).toBe(true);
    expect(existsSync(path("kept.jsonl.previous"))).toBe(false);
  });

  it("does not resume links of another knowledge base, or another file", async () => {
    await writeRecords(path("one.jsonl"), [{ id: "1", label: "Paris" }]);
    expect((await mmel(["kb", "import", path("one.jsonl"), "--kb", path("other")])).code).toBe(0);
    await writeFile(path("foreign.jsonl"), whole);
    const other = [
      "link",
      path("captions.jsonl"),
      "--kb",
      path("other"),
      "--model",
      "lexical",
      "--resume",
      "--output",
    ];
    const { code, stderr } = await mmel([...other, path("foreign.jsonl")]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mmel: RESUME: .*knowledge base/);
    expect((await readFile(path("foreign.jsonl"))).equals(whole)).toBe(true);
    expect((await mmel([...other, path("captions.jsonl")])).code).toBe(2);
  });

  it("exits quietly when its reader closes the pipe", async () => {
    const running = spawnWaiting(["link", path("captions.jsonl"), "--kb", kb, "--model", "lexical"]);
    let stderr = "";
    running.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    await once(running.stdout, "data");
    running.stdout.destroy();
    const [code] = await once(running, "close");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

/** Starts the command with a standard input that stays open. */
function spawnWaiting(args: readonly string[]) {
  return spawn(process.execPath, [process.env.MMEL_CLI ?? "dist/cli/main.js", ...args], { stdio: "pipe" });
}
