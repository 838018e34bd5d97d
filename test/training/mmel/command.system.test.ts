import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { openCheckpoint } from "../../../src/models/checkpoint/index.js";
import { DEMO_CAPTIONS, type Ended, mmel, type Running, start } from "../../cli/harness.js";
import { importDemo, scratch, tinyJson } from "./workshop.js";

const path = scratch();
const whole = path("whole");
const state = (run: string) => `${run}/state/standing.json`;
const ending = async (run: string) =>
  Promise.all(
    [`state/step-12.safetensors`, "model/model.safetensors"].map((file) => readFile(`${run}/${file}`)),
  );
const trainTo = (output: string): string[] => ["train", "--config", path("config.json"), "--output", output];

async function until(there: () => boolean, { child }: Running): Promise<void> {
  while (!there() && child.exitCode === null && child.signalCode === null) await sleep(5);
}

/** Runs the command with a limit for the size of files: larger writes fail, as on a full disk. */
function withSmallFiles(bytes: number, args: readonly string[]): Pick<Ended, "code" | "stderr"> {
  const command = `trap '' XFSZ; ulimit -f ${Math.floor(bytes / 512)}; exec "$0" "$@"`;
  const cli = resolve(process.env.MMEL_CLI ?? "dist/cli/main.js");
  const { status, stderr } = spawnSync("sh", ["-c", command, process.execPath, cli, ...args]);
  return { code: status, stderr: stderr.toString() };
}

beforeAll(async () => {
  await importDemo(path("kb"));
  const config = { ...tinyJson("kb"), evaluation: { every: 3, sample: 4, candidates: 4 } };
  await writeFile(path("config.json"), JSON.stringify(config));
  const { code, stdout, stderr } = await mmel(trainTo(whole));
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^mmel: 12 steps in/) });
  expect(stdout).toMatch(/^The best model is in .*model: dev Top-1 [\d.]+ % at step \d+\.\n$/);
});

describe("mmel train", () => {
  it("saves its state on Ctrl-C, exits with 130 and resumes", async () => {
    const output = path("stopped");
    const running = start(trainTo(output));
    await until(() => existsSync(state(output)), running);
    running.child.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/ABORTED: interrupted/);
    const resumed = await mmel([...trainTo(output).slice(0, 3), "--resume", output, "--json"]);
    expect(resumed.code).toBe(0);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ steps: 12, rejected: 0, model: `${output}/model` });
    expect(await ending(output)).toEqual(await ending(whole));
  });

  it("stops on a full disk with the last state and checkpoint intact", async () => {
    const output = path("full");
    const running = start(trainTo(output));
    await until(() => existsSync(state(output)), running);
    running.child.kill("SIGKILL");
    await running.ended;
    const before = await readFile(state(output), "utf8");
    const { step } = JSON.parse(before);
    expect(step).toBeLessThan(12);
    const { size } = await readFile(`${whole}/model/model.safetensors`).then(({ length }) => ({
      size: length,
    }));
    const { code, stderr } = withSmallFiles(2 * size, ["train", "--resume", output]); // the state takes three
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^mmel: FILE_UNWRITABLE: /) });
    expect(await readFile(state(output), "utf8")).toBe(before);
    expect(await readdir(`${output}/state`)).toContain(`step-${step}.safetensors`);
    await openCheckpoint(`${output}/model`);
    expect((await mmel(["train", "--resume", output])).code).toBe(0);
    expect(await ending(output)).toEqual(await ending(whole));
  });

  it("prints the JSON Schema of its configuration", async () => {
    const { code, stdout } = await mmel(["train", "--schema"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: "object", additionalProperties: false });
  });

  it.each([
    ["no configuration", [], "USAGE"],
    ["a configuration that does not exist", ["--config", "none.json"], "FILE_NOT_FOUND"],
    ["a folder without a run", ["--resume", "none"], "FILE_NOT_FOUND"],
    ["both --resume and --init", ["--resume", "run", "--init", "lexical"], "USAGE"],
    [
      "an unknown model",
      ["--config", path("config.json"), "--init", "none", "--output", path("x")],
      "MODEL_NOT_FOUND",
    ],
  ])("exits with 2 for %s", async (_, args, code) => {
    expect(await mmel(["train", ...args])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(new RegExp(`^mmel: ${code}: .*\\n$`)),
    });
  });

  it("rejects a folder that already contains a training run", async () => {
    const { code, stderr } = await mmel(trainTo(whole));
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^mmel: RESUME: .*--resume/) });
  });

  it("trains on valid captions, reports invalid ones, and exits with 1", async () => {
    const good = await readFile(DEMO_CAPTIONS, "utf8");
    await writeFile(path("some.jsonl"), `${good}{"id":\n`);
    const config = { ...tinyJson("kb"), train: ["some.jsonl"], epochs: 0.2 };
    await writeFile(path("some.json"), JSON.stringify(config));
    const { code, stderr } = await mmel(["train", "--config", path("some.json"), "--output", path("some")]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/FORMAT: .*some\.jsonl, line 39/);
    expect(stderr).toMatch(/rejected 1 line of the caption files/);
  });
});
