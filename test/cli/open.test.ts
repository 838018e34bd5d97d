import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { homeFolder, readLast, writeLast } from "../../src/cli/home.js";
import type { CataloguesAnswer, ImportAnswer } from "../../src/formats/index.js";
import { addressOf, importDemo, mmel, type Running, scratch, start } from "./harness.js";

const path = scratch();
const OPEN = ["open", "--model", "lexical", "--port", "0", "--no-browser", "--home"];

const catalogues = async (url: string) =>
  ((await (await fetch(`${url}/v1/catalogues`)).json()) as CataloguesAnswer).catalogues.map(
    ({ name, entities, default: isDefault }) => [name, entities, isDefault],
  );

async function startImport(url: string, name: string, count: number): Promise<() => Promise<ImportAnswer>> {
  const form = new FormData();
  form.set("name", name);
  const rows = Array.from({ length: count }, (_, n) => `${n},Person ${n}\n`);
  form.set("file", new Blob(["id,label\n", ...rows]), "people.csv");
  const answer = await fetch(`${url}/v1/catalogues`, { method: "POST", body: form });
  const { import: id } = (await answer.json()) as { import: string };
  return async () => (await (await fetch(`${url}/v1/imports/${id}`)).json()) as ImportAnswer;
}

async function stop({ child, ended }: Running): Promise<string> {
  child.kill("SIGTERM");
  const { code, stderr } = await ended;
  expect(code).toBe(0);
  return stderr;
}

describe("the folder of mmel open", () => {
  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
    ["linux", {}, join(homedir(), ".local", "share", "mmel")],
    ["linux", { XDG_DATA_HOME: "/data" }, "/data/mmel"],
    ["darwin", { XDG_DATA_HOME: "/data" }, join(homedir(), "Library", "Application Support", "mmel")],
    ["win32", { LOCALAPPDATA: "/local" }, "/local/mmel"],
    ["linux", { MMEL_HOME: "/mine", XDG_DATA_HOME: "/data" }, "/mine"],
  ])("on %s with %j is %s", (platform, env, folder) => {
    expect(homeFolder(undefined, env, platform)).toBe(folder);
    expect(homeFolder("given", env, platform)).toBe(resolve("given"));
  });

  it("remembers the last knowledge base, and may be damaged", async () => {
    const home = path("state");
    expect(await readLast(home)).toBeUndefined();
    for (const last of [{ catalogue: "people" }, { kb: "/somewhere" }]) {
      await writeLast(home, last);
      expect(await readLast(home)).toEqual(last);
    }
    for (const text of ["", "{", "[]", '{"catalogue":1}']) {
      await writeFile(join(home, "last.json"), text);
      expect(await readLast(home)).toBeUndefined();
    }
  });
});

describe("mmel open", () => {
  it("starts with the demo, then with the catalogue imported last, and with the demo if that is gone", async () => {
    const home = path("first");
    const first = start([...OPEN, home]);
    const url = await addressOf(first);
    expect(await catalogues(url)).toEqual([["demo", 150, true]]);
    const again = await mmel([...OPEN, home]);
    expect(again).toMatchObject({ code: 0, stdout: `${url} is already running\n` });
    const state = await startImport(url, "People", 10);
    await expect.poll(async () => (await state()).state, { timeout: 30_000 }).toBe("done");
    await stop(first);

    const second = start([...OPEN, home]);
    expect(await catalogues(await addressOf(second))).toEqual([
      ["people", 10, true],
      ["demo", 150, false],
    ]);
    await stop(second);

    await writeLast(home, { kb: path("nowhere") });
    const third = start([...OPEN, home]);
    expect(await catalogues(await addressOf(third))).toEqual([
      ["demo", 150, true],
      ["people", 10, false],
    ]);
    expect(await stop(third)).toMatch(/starting with the demo.*there is no knowledge base/);
  });

  it("leaves nothing of an import that was killed, and keeps the old version", async () => {
    const home = path("killed");
    const first = start([...OPEN, home]);
    const url = await addressOf(first);
    const old = await startImport(url, "people", 10);
    await expect.poll(async () => (await old()).state, { timeout: 30_000 }).toBe("done");
    const state = await startImport(url, "people", 100_000);
    await expect
      .poll(async () => (await state()).entities, { interval: 10, timeout: 60_000 })
      .toBeGreaterThan(0);
    first.child.kill("SIGKILL");
    await first.ended;
    const folder = join(home, "catalogues");
    expect(await readdir(join(folder, "unfinished"))).not.toEqual([]);
    const second = start([...OPEN, home]);
    expect((await catalogues(await addressOf(second)))[0]).toEqual(["people", 10, true]);
    expect(await readdir(join(folder, "unfinished"))).toEqual([]);
    expect((await readdir(join(folder, "people"))).sort()).toEqual([
      "import.lock",
      "manifest.json",
      "version-1",
    ]);
    await stop(second);
  });

  it("remembers --kb, and opens the browser", async () => {
    const kb = path("kb");
    await importDemo(kb);
    const browser = path("browser.sh");
    await writeFile(browser, `#!/bin/sh\necho "$1" > "${path("opened")}"\n`);
    await chmod(browser, 0o755);
    process.env.BROWSER = browser; // xdg-open asks it
    const running = start(["open", "--kb", kb, "--model", "lexical", "--port", "0", "--home", path("given")]);
    const url = await addressOf(running);
    if (process.platform === "linux")
      await expect
        .poll(() => readFile(path("opened"), "utf8").catch(() => ""), { timeout: 20_000 })
        .toBe(`${url}\n`);
    await stop(running);
    delete process.env.BROWSER;
    expect(await readLast(path("given"))).toEqual({ kb });
  });
});

const hasScript = spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;

describe.skipIf(!hasScript)("mmel without a command in a terminal", () => {
  it("is mmel open", async () => {
    await mkdir(path("alone"), { recursive: true });
    const env = { ...process.env, MMEL_HOME: path("alone"), BROWSER: "true" };
    const child = spawn("script", ["-qec", `${process.execPath} dist/cli/main.js`, "/dev/null"], {
      env,
      stdio: "pipe",
    });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    await expect.poll(() => text, { timeout: 60_000 }).toMatch(/^http:\S+ serves demo@\S+ with /m);
    child.stdin.write("\u0003"); // Ctrl-C
    await once(child, "close");
    expect(text).toContain("finishing accepted requests");
  });
});
