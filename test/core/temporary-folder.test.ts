import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { openScratch } from "../../src/kb/sqlite/scratch.js";
import { createUploads } from "../../src/server/images/uploads.js";

const folder = mkdtempSync(join(tmpdir(), "mmel-temporary-"));
const file = join(folder, "file");
writeFileSync(file, "");
/** SQLite opens paths of at most 512 bytes. */
const deep = join(folder, "a".repeat(200), "b".repeat(200), "c".repeat(200));
mkdirSync(deep, { recursive: true });

afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

const expected = {
  code: "FILE_UNWRITABLE",
  message: expect.stringContaining("Set `TMPDIR` to another folder."),
};

describe.each([
  ["does not exist", join(folder, "none")],
  ["is a file", file],
])("a temporary folder that %s", (_, path) => {
  it("is reported when entities are sorted", () => {
    vi.stubEnv("TMPDIR", path);
    expect(() => openScratch("")).toThrow(expect.objectContaining(expected));
  });

  it("is reported when the service starts", async () => {
    vi.stubEnv("TMPDIR", path);
    await expect(createUploads(1)).rejects.toMatchObject(expected);
  });
});

it("a temporary folder in which SQLite cannot create a file is reported, and left empty", () => {
  vi.stubEnv("TMPDIR", deep);
  expect(() => openScratch("")).toThrow(expect.objectContaining(expected));
  expect(readdirSync(deep)).toEqual([]);
});
