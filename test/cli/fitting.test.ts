import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, it } from "vitest";
import { NAMESAKES, REVIEWED } from "../training/adapt/namesakes.js";
import { DEMO_CAPTIONS, importDemo, links, mmel, scratch, writeRecords } from "./harness.js";

const path = scratch();
const kb = path("kb");
beforeAll(() => importDemo(kb));

describe.each(["calibrate", "adapt"])("mmel %s", (command) => {
  it("checks the output folder before the work, and creates nothing", async () => {
    const args = [command, path("nothing.jsonl"), "--kb", kb, "--model", "lexical", "--output"];
    const foreign = path(`foreign-${command}`);
    mkdirSync(foreign);
    await writeRecords(join(foreign, "letters.jsonl"), []);
    for (const [output, message] of [
      [foreign, /FILE_UNWRITABLE: the folder contains letters\.jsonl/],
      [join(foreign, "letters.jsonl", "new"), /FILE_UNWRITABLE/],
    ] as const)
      expect(await mmel([...args, output])).toMatchObject({ stderr: expect.stringMatching(message) });
    const missing = join(path(`a-${command}`), "b");
    expect(await mmel([...args, missing])).toMatchObject({ stderr: expect.stringMatching(/FILE_NOT_FOUND/) });
    expect(existsSync(path(`a-${command}`))).toBe(false);
  });
});

describe("mmel calibrate", () => {
  it("keeps a calibration that the new one does not improve, and writes nothing", async () => {
    const [fitted, again] = [path("fitted"), path("again")];
    const args = ["calibrate", DEMO_CAPTIONS, "--kb", kb, "--hide", "50", "--no-variations", "--folds", "3"];
    await mmel([...args, "--model", "lexical", "--output", fitted]);
    const refused = await mmel([...args, "--model", fitted, "--output", again]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/nothing was written/) });
    expect(refused.stdout).toMatch(/^Log loss \S+ before, \S+ after \(difference /);
    expect(existsSync(again)).toBe(false);
    const rated = await mmel([...args, "--model", fitted, "--output", again, "--nil-rate", "0.4", "--json"]);
    expect(rated).toMatchObject({ code: 0, stderr: expect.stringMatching(/only \d+ mentions have gold/) });
    expect(JSON.parse(rated.stdout)).toMatchObject({
      model: again,
      written: "coverage",
      coverage: { value: 0.6, source: "nilRate" },
      comparison: { calibrationError: { before: expect.any(Number) } },
    });
    const [kept, changed] = [fitted, again].map((folder) =>
      readFileSync(join(folder, "calibration.json"), "utf8"),
    );
    expect(JSON.parse(changed!)).toEqual({ ...JSON.parse(kept!), coverage: 0.6 });
    const both = await mmel([...args, "--model", fitted, "--nil-rate", "1"]);
    expect(both).toMatchObject({ code: 2, stderr: expect.stringMatching(/from 0 to below 1/) });
  }, 120_000);
});

describe("docs/adapting.md", () => {
  it("prints commands that run, in this order, and the adapted model links differently", async () => {
    const folder = path("loop");
    mkdirSync(folder);
    const entities = await writeRecords(join(folder, "entities.jsonl"), NAMESAKES);
    const review = { by: "Ines", state: "accepted" }; // as in exports of the review page
    const reviewed = REVIEWED.map(({ mentions = [], ...caption }) => ({
      ...caption,
      mentions: mentions.map((mention) => ({ ...mention, review })),
    }));
    await writeRecords(join(folder, "reviewed.jsonl"), reviewed);
    await writeRecords(join(folder, "captions.jsonl"), REVIEWED.slice(0, 12));
    await mmel(["kb", "import", entities, "--kb", join(folder, "catalogue")]);
    const page = readFileSync("docs/adapting.md", "utf8");
    const commands = [...page.matchAll(/^ *mmel (.*)$/gm)].map(([, args]) => args!.split(" "));
    expect(commands.map(([name]) => name)).toEqual(["adapt", "link", "calibrate", "recommend"]);
    const ended = [];
    for (const args of commands) ended.push(await runIn(folder, args));
    const [adapted, , calibrated, recommended] = ended;
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(adapted!.stdout).toMatch(/^right outcomes +12 +\S+ % +100\.0 % /m);
    expect(adapted!.stderr).toMatch(/wrote the adapted model to .\/adapted/);
    const linked = links(readFileSync(join(folder, "links.jsonl"), "utf8"));
    expect(linked.map(({ mentions: [one] }) => one!.candidates[0]!.id)).toEqual(
      linked.map(({ id }) => `plain${id}`),
    );
    const shown = await mmel(["models", "show", join(folder, "adapted")]);
    expect(shown.stdout).toContain(linked[0]!.model.split("@")[1]); // the hash
    expect(calibrated!.stderr).toMatch(/coverage of 90\.0 % \(from --nil-rate\)/);
    expect(recommended!.stdout).toMatch(/^mmel-mini-en .* MB$/m);
    expect(recommended!.stdout).toMatch(/^Use `--model \S+`: .*\.$/m);
  }, 600_000);

  it("refuses an adapted model that is not better, and writes nothing", async () => {
    const known = REVIEWED.map(({ mentions, ...caption }, index) => ({
      ...caption,
      mentions: [{ ...mentions![0]!, gold: index % 2 ? `known${index}` : `plain${index}` }],
    }));
    const file = await writeRecords(path("mixed.jsonl"), known);
    const output = path("refused");
    const args = ["adapt", file, "--kb", path("loop/catalogue"), "--model", "lexical", "--output", output];
    const { code, stdout } = await mmel([...args, "--json"]);
    const { model, correct, logLoss } = JSON.parse(stdout);
    const better = logLoss.difference < 0 && correct.difference >= 0;
    expect([code, model, existsSync(output)]).toEqual(better ? [0, output, true] : [1, null, false]);
  }, 120_000);
});

/** Runs the command in a folder. */
async function runIn(cwd: string, args: readonly string[]) {
  const child = spawn(process.execPath, [resolve("dist/cli/main.js"), ...args], { cwd });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr };
}
