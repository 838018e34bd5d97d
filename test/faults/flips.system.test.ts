import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishVersion } from "../../src/kb/sqlite/folder.js";
import { readManifest } from "../../src/kb/sqlite/manifest.js";
import { importKb } from "../../src/linker/index.js";
import { manyEntities } from "../kb/entities.js";
import { flipBytes, readAfter, readWhileOpen, sampleOf } from "./flips.js";

/*
 * Flips bits at seeded places of a small knowledge base. `npx tsx test/faults/flip-base.ts` does the same with 1,000 places of
 * 80 MB.
 */
const FLIPS = 40;
/** Opening a linker takes most of a second, so that the test that opens it for each flip has fewer flips. */
const FEWER = 10;
const entities = manyEntities(4000);
const sample = sampleOf(entities, 8, 1);
const isDatabase = (file: string): boolean => file.endsWith("entities.sqlite");

let folder: string;
let target: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mmel-flips-"));
  target = join(folder, "kb");
  await importKb(target, entities);
});
afterAll(() => rm(folder, { recursive: true }));

describe("a flipped bit in a knowledge base", () => {
  it("is found when it is opened, with its file, or has no effect", async () => {
    const report = await flipBytes(target, { flips: FLIPS, seed: 2, read: readAfter(sample) });
    expect(report).toMatchObject({ silent: [], placed: report.found });
    expect(report.found).toBeGreaterThan(FLIPS / 2);
  });

  it("in the manifest is found when it is opened, or has no effect", async () => {
    const files = (file: string): boolean => file === "manifest.json";
    const report = await flipBytes(target, { flips: FLIPS, seed: 3, read: readAfter(sample), files });
    expect(report).toMatchObject({ silent: [], placed: report.found });
    expect(report.found).toBeGreaterThan(FLIPS / 2);
  });

  it("after it was opened is found when its entity is read, or has no effect", async () => {
    const read = readWhileOpen({ ...sample, names: [] });
    const report = await flipBytes(target, { flips: FEWER, seed: 4, read, files: isDatabase });
    expect(report.silent).toEqual([]);
    expect(report.placed).toBe(report.found);
  });

  it("is found when its entity is read, or has no effect, in more than 64 MB", async () => {
    const version = join(target, "version-1");
    await writeFile(join(version, "more.bin"), "");
    await truncate(join(version, "more.bin"), 65 << 20);
    await publishVersion(version, await readManifest(target));
    const read = readAfter({ ...sample, all: true });
    const report = await flipBytes(target, { flips: FEWER, seed: 5, read, files: isDatabase });
    expect(report.silent).toEqual([]);
    expect(report.placed).toBe(report.found);
  });
});
