import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { openFeatures } from "../../src/pictures/index.js";
import { lines, mmel, type Running, start } from "../cli/harness.js";
import { HOSTILE_DRAWINGS } from "../encoders/image/pictures.js";
import { folderOf, png, scratch, tinyEncoder } from "./folder.js";

const PICTURES = 120;
const paths = Array.from({ length: PICTURES }, (_, at) => `${at % 7}/${at}.png`);
let images: string;
let encoder: string;

beforeAll(async () => {
  const files: Record<string, Buffer> = {};
  for (const [at, path] of paths.entries()) files[path] = await png(60 + at, 80);
  images = await folderOf(files);
  encoder = (await tinyEncoder()).folder;
});

const features = (output: string, ...more: string[]): string[] => {
  return ["features", images, "--encoder", encoder, "--output", output, "--json", ...more];
};

/** Number of vectors stored so far. */
function stored(output: string): number {
  const [folder] = existsSync(output) ? readdirSync(output) : [];
  const names = folder === undefined ? [] : readdirSync(join(output, folder));
  return names
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => lines(readFileSync(join(output, folder!, name), "utf8")))
    .filter((line) => line.includes('"row"') && line.endsWith("}")).length;
}

async function until(output: string, count: number, { child }: Running): Promise<void> {
  while (child.exitCode === null && stored(output) < count) await sleep(2);
}

describe("mmel features", () => {
  it("encodes on the first run and only checks files on the second", async () => {
    const output = await scratch();
    const first = await mmel(features(output));
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(first.stdout)).toMatchObject({
      pictures: PICTURES,
      encoded: PICTURES,
      width: 16,
      views: 1,
    });
    const second = JSON.parse((await mmel(features(output))).stdout);
    expect(second).toMatchObject({
      pictures: PICTURES,
      encoded: 0,
      read: 0,
      unchanged: PICTURES,
      rejected: 0,
    });
    expect(second.encoderVectorsPerSecond).toBeNull();
    expect(stored(output)).toBe(PICTURES);
  });

  it.each(["SIGKILL", "SIGINT"] as const)("keeps finished work after %s", async (signal) => {
    const output = await scratch();
    const running = start(features(output));
    await until(output, 20, running);
    running.child.kill(signal);
    const ended = await running.ended;
    expect(signal === "SIGINT" ? ended.code : ended.signal).toBe(signal === "SIGINT" ? 130 : "SIGKILL");
    const kept = stored(output);
    expect(kept).toBeGreaterThanOrEqual(20);
    expect(kept).toBeLessThan(PICTURES);
    const again = JSON.parse((await mmel(features(output))).stdout);
    expect(again.encoded).toBe(PICTURES - kept);
    const undisturbed = await scratch();
    await mmel(features(undisturbed));
    const files = await tinyEncoder();
    await using resumed = await openFeatures({ images, store: output, encoder: files });
    await using whole = await openFeatures({ images, store: undisturbed, encoder: files });
    for (const path of paths) {
      const [one, other] = [await resumed.vectors(path), await whole.vectors(path)];
      expect(Math.max(...one.map((value, at) => Math.abs(value - other[at]!)))).toBeLessThan(1e-5);
    }
  });

  it("ends at once on SIGINT while it decodes a drawing that takes hours", async () => {
    const folder = await folderOf({ "a.svg": HOSTILE_DRAWINGS[0]! });
    const running = start(["features", folder, "--encoder", encoder, "--output", await scratch()]);
    await sleep(4_000);
    const stopped = performance.now();
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    expect(performance.now() - stopped).toBeLessThan(8_000); // the drawing has 20 seconds
  });

  it("reports bad pictures, encodes the others, and exits with 1", async () => {
    const folder = await folderOf({
      "a.png": await png(9, 9),
      "b.jpg": "text",
      "c.png": "",
      "notes.txt": "",
    });
    execFileSync("mkfifo", [join(folder, "d.png")]);
    const output = await scratch();
    const rejects = join(output, "rejects.jsonl");
    const args = ["features", folder, "--encoder", encoder, "--output", output, "--rejects", rejects];
    const { code, stdout, stderr } = await mmel(args);
    expect(code).toBe(1);
    expect(stdout).toContain("4 pictures");
    expect(stdout).toContain("1 encoded");
    expect(stdout).toContain("3 unreadable");
    expect(stderr).toContain('IMAGE_UNREADABLE: the file is empty, "c.png"');
    const rejected = lines(readFileSync(rejects, "utf8")).map((line) => JSON.parse(line));
    expect(rejected.map(({ id, code }) => `${id} ${code}`).sort()).toEqual([
      "b.jpg IMAGE_UNREADABLE",
      "c.png IMAGE_UNREADABLE",
      "d.png FILE_UNREADABLE",
    ]);
    expect((await mmel([...args, "--on-error", "fail"])).code).toBe(1);
  });

  it("reports invalid options", async () => {
    const output = await scratch();
    expect(await mmel(features(output, "--views", "2"))).toMatchObject({ code: 2 });
    const none = await mmel(["features", images, "--encoder", "no-such", "--output", output]);
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toContain("MODEL_NOT_FOUND");
    expect(await mmel(["features", "no-such", "--encoder", encoder, "--output", output])).toMatchObject({
      code: 2,
    });
  });
});
