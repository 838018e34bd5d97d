import { cp, mkdtemp, open, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { driverFor, type Verification } from "../../src/kb/index.js";
import { publishVersion } from "../../src/kb/sqlite/folder.js";
import { formatManifest, readManifest } from "../../src/kb/sqlite/manifest.js";
import { importKb } from "../../src/linker/index.js";
import { manyEntities } from "./entities.js";

let folder: string;
let intact: string;
let copies = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mmel-verify-"));
  intact = join(folder, "kb");
  await importKb(intact, manyEntities(5000));
});
afterAll(() => rm(folder, { recursive: true }));

async function copyOf(): Promise<{ target: string; version: string; database: string }> {
  const target = join(folder, `copy-${copies++}`);
  await cp(intact, target, { recursive: true });
  const version = join(target, "version-1");
  return { target, version, database: join(version, "entities.sqlite") };
}

/** Flips bits of every occurrence of a text. */
async function alter(path: string, text: string): Promise<void> {
  const bytes = await readFile(path);
  await using file = await open(path, "r+");
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1))
    await file.write(Buffer.of(bytes[at]! ^ 1), 0, 1, at);
}

const verify = async (target: string): Promise<Verification> => (await driverFor(target)).verify(target);
const placesOf = ({ damage }: Verification): (string | undefined)[] =>
  damage.map(({ detail }) => detail.where);

describe("verifying a knowledge base in a folder", () => {
  it("finds nothing in an intact one, counts what was checked, and reports progress", async () => {
    const stages = new Set<string>();
    const driver = await driverFor(intact);
    const { manifest, checked, damage } = await driver.verify(intact, {
      onProgress: ({ stage, done, total }) => {
        stages.add(stage);
        if (total !== undefined) expect(done).toBeLessThanOrEqual(total);
      },
    });
    expect(damage).toEqual([]);
    expect(manifest).toMatchObject({ name: "kb", entities: 5000, names: 10000, schema: 2 });
    expect(checked.map(({ what }) => what)).toEqual(["file", "block", "entity"]);
    expect([...stages]).toEqual(["blocks", "entities", "integrity check"]);
    await expect(driver.verify(intact, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
  });

  it.each(["blocks", "entities", "integrity check"])("is interrupted during the stage %s", async (wanted) => {
    const controller = new AbortController();
    const onProgress = ({ stage }: { stage: string }): void => {
      if (stage === wanted) controller.abort();
    };
    const verifying = (await driverFor(intact)).verify(intact, { signal: controller.signal, onProgress });
    await expect(verifying).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("lists every damaged block and every damaged entity", async () => {
    const { target, version, database } = await copyOf();
    await alter(database, "Person 7 ");
    await alter(database, '"Q4711"');
    await alter(join(version, "candidates.bin"), "Q4711");
    const result = await verify(target);
    expect(result.damage.every(({ code }) => code === "KB_DAMAGED")).toBe(true);
    const places = placesOf(result).join("\n");
    expect(places).toMatch(/candidates\.bin, block 0 \(bytes 0 to 1048575\)/);
    expect(places).toMatch(/entities\.sqlite, block \d+ \(bytes/);
  });

  it("names the entities of damaged rows", async () => {
    const { target, database } = await copyOf();
    const bytes = await readFile(database);
    const rows = [...Array(5000).keys()].filter((id) => bytes.indexOf(`{"id":"Q${id}",`) > 1 << 20);
    expect(rows.length).toBeGreaterThan(10);
    const [first, second] = [rows[0]!, rows.at(-1)!];
    for (const id of [first, second]) await alter(database, `"Q${id}","label"`);
    const places = placesOf(await verify(target)).join("\n");
    for (const id of [first, second]) expect(places).toContain(`(entity "Q${id}")`);
  });

  it("finds missing and cut files", async () => {
    const { target, version, database } = await copyOf();
    await rm(join(version, "relations.bin"));
    await truncate(database, 8192);
    expect(placesOf(await verify(target))).toEqual([database, join(version, "relations.bin")]);
    await writeFile(join(target, "manifest.json"), "{}");
    await expect(verify(target)).rejects.toMatchObject({ code: "KB_NOT_FOUND" });
  });

  it("finds what the checksums of files cannot, because it was wrong when the import wrote it", async () => {
    const missing = await copyOf();
    const edit = async ({ database, target, version }: typeof missing, sql: string): Promise<void> => {
      const connection = new Database(database);
      connection.exec(sql);
      connection.close();
      await publishVersion(version, await readManifest(target));
    };
    await edit(missing, "delete from entity where number = 1");
    expect((await verify(missing.target)).damage[0]?.detail.what).toContain("4999 of 5000 entities");
    const other = await copyOf();
    await writeFile(
      join(other.target, "manifest.json"),
      formatManifest({ ...(await readManifest(other.target)), version: "0123456789abcdef" }),
    );
    expect((await verify(other.target)).damage[0]?.detail.what).toContain("not those of its version");
    const index = await copyOf();
    await using file = await open(index.database, "r+");
    await file.write(Buffer.of(0, 0, 0, 9), 0, 4, 36); // the number of free pages, in SQLite's header
    await publishVersion(index.version, await readManifest(index.target));
    expect((await verify(index.target)).damage[0]?.detail.what).toMatch(/freelist/i);
  });
});
