import { createHash } from "node:crypto";
import { copyFile, mkdtemp, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { driverFor, openStore } from "../../src/kb/index.js";
import { formatManifest, readManifest } from "../../src/kb/sqlite/manifest.js";
import { updateKb } from "../../src/linker/index.js";
import { manyEntities } from "./entities.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mmel-layout-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Imports entities and rewrites the knowledge base as version 0.2.0 wrote it: rows without checksums, files with SHA-256. */
async function importOld(name: string): Promise<{ target: string; path: string }> {
  const target = join(folder, name);
  await (await driverFor(target)).import(target, manyEntities(50));
  const path = join(target, "version-1", "entities.sqlite");
  await copyFile(path, join(folder, "copy.sqlite")); // the import's own connection may still hold its lock
  const database = new Database(join(folder, "copy.sqlite"));
  database.exec("alter table entity drop column sum; vacuum");
  database.close();
  await rename(join(folder, "copy.sqlite"), path);
  await seal(target, path);
  return { target, path };
}

async function seal(target: string, path: string): Promise<void> {
  const bytes = await readFile(path);
  const file = { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
  const manifest = { ...(await readManifest(target)), schema: 1, files: { "entities.sqlite": file } };
  await writeFile(join(target, "manifest.json"), formatManifest(manifest));
}

describe("a knowledge base that version 0.2.0 wrote", () => {
  it("is read, and rebuilt by an update that changes nothing", async () => {
    const { target } = await importOld("read");
    const before = await openStore(target);
    expect(before.manifest.schema).toBe(1);
    expect((await before.getMany(["Q7"])).get("Q7")).toEqual(manyEntities(50).find(({ id }) => id === "Q7"));
    expect((await before.searchNames("Person 1")).length).toBeGreaterThan(0);
    await before.close();
    const { manifest, ...changes } = await updateKb(target, { entities: [] });
    expect(changes).toMatchObject({ added: 0, changed: 0, removed: 0, unchanged: 50 });
    expect(manifest).toEqual({ ...before.manifest, schema: 2 });
    await (await openStore(target)).close();
    expect((await updateKb(target, { entities: [] })).manifest).toEqual(manifest);
    expect((await readManifest(target)).folder).toBe("version-2");
  });

  it("is damaged if the file changed, or if a text is not valid UTF-8 or JSON", async () => {
    const { target, path } = await importOld("damaged");
    const bytes = await readFile(path);
    for (const value of [0xff, 0x22]) {
      for (let at = bytes.indexOf("Person 7"); at >= 0; at = bytes.indexOf("Person 7", at + 1)) {
        await using file = await open(path, "r+");
        await file.write(Buffer.of(value), 0, 1, at + 1);
      }
      await expect(openStore(target)).rejects.toMatchObject({ code: "KB_DAMAGED" });
      await seal(target, path); // as if it had been damaged before its import was complete
      await using store = await openStore(target);
      await expect(store.getMany(["Q7"])).rejects.toMatchObject({
        code: "KB_DAMAGED",
        message: expect.stringContaining('entity "Q7"'),
      });
    }
  });
});
