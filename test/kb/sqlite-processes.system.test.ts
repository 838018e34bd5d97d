import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.js";
import { createMemoryStore, driverFor, type EntityStore, openStore } from "../../src/kb/index.js";
import { importKb } from "../../src/linker/index.js";
import { buildRelations } from "../../src/relations/index.js";
import { findDisks } from "../support/disks.js";
import { manyEntities } from "./entities.js";
import { runChild, startChild } from "./run-child.js";

const NOBODY = "65534";
const ROUNDS = Number(process.env.MMEL_KILLS ?? 6);
const isRoot = process.getuid?.() === 0;

let folder: string;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mmel-kb-"));
  target = join(folder, "kb");
});
afterEach(() => rm(folder, { recursive: true }));

const load = async (count: number, finish = async () => {}) =>
  (await driverFor(target)).import(target, manyEntities(count), { finish });

/** The version recomputed from the store's entities. */
async function versionOf(store: EntityStore): Promise<string> {
  const entities = [];
  for await (const item of store.all()) entities.push(item);
  return createMemoryStore(entities).manifest.version;
}

describe("knowledge bases in folders used by several processes", () => {
  it("keep a complete version if an import is killed at any moment, and accept the next import", async () => {
    const random = createRandom("kill");
    const versions = new Set([(await load(3000)).version, (await load(3001)).version]);
    for (let round = 0; round < ROUNDS; round++) {
      await using child = startChild(["loop", target, "3000"]);
      await child.says("ready");
      await setTimeout(random.below(500));
      await child.kill();
      await using store = await openStore(target);
      expect(versions).toContain(store.manifest.version);
      expect(await versionOf(store)).toBe(store.manifest.version);
      expect((await store.searchNames("Person 9 Surname9"))[0]).toMatchObject({ score: 1 });
    }
    await load(5);
    expect((await readdir(target)).filter((name) => name.startsWith("version")).length).toBeLessThanOrEqual(
      2,
    );
  }, 600_000);

  it("show a complete version at every moment while another process imports repeatedly", async () => {
    await load(20);
    await using child = startChild(["loop", target, "20"]);
    await child.says("ready");
    const seen = new Set<string>();
    for (const end = Date.now() + 2000; Date.now() < end; ) {
      await using store = await openStore(target);
      expect(await versionOf(store)).toBe(store.manifest.version);
      seen.add(store.folder!);
    }
    await child.kill();
    expect(seen.size).toBeGreaterThan(5);
  });

  it("reject a second import, from this or another process, until the first one ends or is killed", async () => {
    const old = await load(5);
    await using child = startChild(["hold", target]);
    await child.says("holding");
    await expect(load(6)).rejects.toMatchObject({ code: "KB_BUSY" });
    expect(await runChild(["import", target])).toMatchObject({ code: "KB_BUSY" });
    await using store = await openStore(target);
    expect(store.manifest).toEqual(old);
    await child.kill();
    expect((await load(6)).entities).toBe(6);
    const both = await Promise.allSettled([load(7), load(7)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("open in a read-only folder, and reject an import into it", async () => {
    const manifest = await load(50);
    await chmod(folder, 0o755);
    for (const path of [join(target, "version-1"), target]) await chmod(path, 0o555);
    const as = isRoot ? ["50", NOBODY] : [];
    expect(await runChild(["open", target, ...as])).toMatchObject(manifest);
    expect(await runChild(["import", target, ...as])).toMatchObject({ code: "FILE_UNWRITABLE" });
    expect(await runChild(["import", join(target, "new", "kb"), ...as])).toMatchObject({
      code: "FILE_UNWRITABLE",
    });
    for (const path of [join(target, "version-1"), target]) await chmod(path, 0o755);
    await chmod(join(target, "manifest.json"), 0o000);
    if (isRoot) expect(await runChild(["open", target, ...as])).toMatchObject({ code: "FILE_UNREADABLE" });
    else await expect(openStore(target)).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  });

  it("keep the old version if an import exceeds the file size limit at any point", async () => {
    const old = await load(50);
    for (const blocks of [0, 40, 1000]) {
      const failed = await runChild(["import", target, "5000"], `ulimit -f ${blocks}`);
      expect(failed, `${blocks} blocks`).toMatchObject({ code: "FILE_UNWRITABLE" });
      await using store = await openStore(target);
      expect(store.manifest).toEqual(old);
      expect(await versionOf(store)).toBe(old.version);
    }
    expect((await readdir(target)).sort()).toEqual(["import.lock", "manifest.json", "version-1"]);
  });

  const disk = findDisks();
  it.skipIf(disk === undefined)(
    "keep the old version if the disk is full (requires permission to mount)",
    async () => {
      await mkdir(target);
      disk!.mount(target, "1m");
      try {
        const old = await load(50);
        const fillUp = () => writeFile(join(target, "filler"), Buffer.alloc(2 << 20)).catch(() => {});
        await expect(load(5, fillUp)).rejects.toMatchObject({ code: "FILE_UNWRITABLE" });
        await rm(join(target, "filler"));
        await expect(load(5000)).rejects.toMatchObject({
          code: "FILE_UNWRITABLE",
          message: expect.stringContaining("not enough disk space"),
        });
        await using store = await openStore(target);
        expect(store.manifest).toEqual(old);
        expect(await versionOf(store)).toBe(old.version);
      } finally {
        disk!.unmount(target);
      }
    },
  );

  it.skipIf(disk === undefined)(
    "say that the disk is full while an index is written, or read-only (requires permission to mount)",
    async () => {
      const place = join(folder, "disk");
      await mkdir(place);
      disk!.mount(place, "1m");
      const refused = (message: RegExp) => ({
        code: "FILE_UNWRITABLE",
        message: expect.stringMatching(message),
      });
      try {
        const [kb, filler] = [join(place, "kb"), join(place, "filler")];
        const fillUp = async (): Promise<void> => {
          await writeFile(filler, Buffer.alloc(2 << 20)).catch(() => {});
          await buildRelations(manyEntities(2000), join(place, "relations.bin"), { version: "v" });
        };
        const whileFull = (await driverFor(kb)).import(kb, manyEntities(50), { finish: fillUp });
        await expect(whileFull).rejects.toMatchObject(
          refused(
            /^the relations file cannot be written: not enough disk space \(ENOSPC\), .*relations\.bin/,
          ),
        );
        await rm(filler);
        await importKb(kb, manyEntities(50));
        const locked = join(folder, "locked");
        await mkdir(locked);
        disk!.mountReadOnly(place, locked);
        try {
          for (const to of [join(locked, "kb"), join(locked, "new"), join(locked, "new", "kb")])
            await expect(importKb(to, manyEntities(5))).rejects.toMatchObject(
              refused(/^the folder cannot be written: the file system is read-only \(EROFS\), /),
            );
          await (await openStore(join(locked, "kb"))).close();
        } finally {
          disk!.unmount(locked);
        }
      } finally {
        disk!.unmount(place);
      }
    },
  );
});
