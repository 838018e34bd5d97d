import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { readResults } from "../../experiments/paper/results.js";
import { createRandom } from "../../src/core/index.js";
import { TINY } from "../encoders/model-folders.js";

const scratch = mkdtempSync(join(tmpdir(), "mmel-paper-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const PAGE =
  "Before.\n\n<!-- The tables of the paper: written by experiments/paper/run.ts -->\n\n<!-- The end of the tables of the paper -->\n\nAfter.\n";

function newFolder(name: string): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "page.md"), PAGE);
  return folder;
}

const FAKE = "test/experiments/fake-run.ts";
const startFake = (folder: string): ChildProcess =>
  spawn(process.execPath, ["--import", "tsx", FAKE, folder], { stdio: ["ignore", "pipe", "inherit"] });

async function finished(child: ChildProcess): Promise<string> {
  let output = "";
  child.stdout!.on("data", (chunk) => {
    output += String(chunk);
  });
  await new Promise((resolve) => child.on("close", resolve));
  return output;
}

/** The bytes of every file of a folder that is not a leftover of a killed write. */
function contentsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const kept = files.filter((file) => statSync(join(folder, file)).isFile() && !file.endsWith(".tmp"));
  return Object.fromEntries(kept.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}

describe("the run of the paper's tables", { timeout: 300_000 }, () => {
  it("killed at ten random moments, ends with the same results and pages", async () => {
    const whole = newFolder("whole");
    expect(await finished(startFake(whole))).toMatch(/ready\n13 done\n/);
    const killed = newFolder("killed");
    const random = createRandom("kills");
    let ended = 0;
    for (let kill = 0; kill < 10; kill++) {
      const child = startFake(killed);
      const output = finished(child);
      await new Promise((resolve) => child.stdout!.once("data", resolve));
      await sleep(random.below(250));
      if (child.exitCode === null) ended += 1;
      child.kill("SIGKILL");
      await output;
      for (const { sets } of await readResults(join(killed, "results"))) // throws if a file is damaged
        for (const found of Object.values(sets)) expect(found.together).toHaveLength(20);
    }
    expect(ended).toBeGreaterThan(3);
    await finished(startFake(killed));
    expect(contentsOf(killed)).toEqual(contentsOf(whole));
    const before = contentsOf(whole);
    expect(await finished(startFake(whole))).toMatch(/ready\n0 done\n/);
    expect(contentsOf(whole)).toEqual(before);
    const page = readFileSync(join(whole, "page.md"), "utf8");
    expect(page).toMatch(/^Before\.\n[\s\S]*### Table 2[\s\S]*\nAfter\.\n$/);
  });

  it("trains and reports the rows on the demo, and only renders the second time", () => {
    const folder = newFolder("demo");
    const options = ["--budget", "tiny", "--table", "2", "--encoder", TINY];
    const paths = ["runs", "results", "images"].flatMap((name) => [`--${name}`, join(folder, name)]);
    const run = () => {
      const script = ["--import", "tsx", "experiments/paper/run.ts", ...options, ...paths];
      const { status, stderr } = spawnSync(process.execPath, [...script, "--page", join(folder, "page.md")]);
      expect({ status, stderr: stderr.toString() }).toMatchObject({ status: 0 });
      return stderr.toString();
    };
    expect(run()).toMatch(/demo-tiny-MMEL_onlytext-1, training/);
    const before = contentsOf(folder);
    expect(before["page.md"]).toMatch(/\| MMEL-onlytext \| 40\.2 \| 71\.2 \| 84\.2 \| 93\.6 \| \d+\.\d \(/);
    expect(run()).toMatch(/^0 of \d+ networks had something to do/);
    expect(contentsOf(folder)).toEqual(before);
  });
});
