import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Entity } from "../../src/core/index.js";
import { createMemoryStore, diffEntities, openStore } from "../../src/kb/index.js";
import { packKb } from "../../src/kb/pack/index.js";
import { importKb, unpackKb, updateKb } from "../../src/linker/index.js";
import { entityArbitrary } from "../formats/arbitraries.js";
import { entity } from "../kb/entities.js";
import { type Cluster, describePostgres, startCluster } from "../support/postgres.js";

const sets = fc.uniqueArray(entityArbitrary, { selector: ({ id }) => id, maxLength: 5 });

describePostgres("updates, differences and packed files on PostgreSQL", () => {
  let cluster: Cluster;
  let folder: string;
  beforeAll(async () => {
    cluster = (await startCluster())!;
    folder = await mkdtemp(join(tmpdir(), "mmel-update-pg-"));
  });
  afterAll(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true });
  });
  const target = async (): Promise<string> => {
    const url = new URL(await cluster.createDatabase());
    url.searchParams.set("kb", "people");
    return url.href;
  };

  it("have the same content as an import of the result, and survive packing on any driver", async () => {
    const kb = await target();
    await fc.assert(
      fc.asyncProperty(sets, sets, async (before, fresh) => {
        const update = fresh.map((one, at) =>
          at < before.length && at % 2 === 0 ? { ...one, id: before[at]!.id } : one,
        );
        const given = new Map(update.map((one) => [one.id, one]));
        const gone = before.find(({ id }) => !given.has(id))?.id;
        const after = new Map([...before.map((one) => [one.id, one] as const), ...given]);
        if (gone !== undefined) after.delete(gone);
        await importKb(kb, before);
        const { manifest, ...changes } = await updateKb(kb, {
          entities: given.values(),
          remove: new Set(gone === undefined ? [] : [gone]),
        });
        const expected = createMemoryStore(after.values());
        expect(manifest).toMatchObject({
          version: expected.manifest.version,
          entities: after.size,
          name: "people",
        });
        expect(changes.added + changes.changed + changes.unchanged).toBe(after.size);

        await using store = await openStore(kb);
        await packKb(store, join(folder, "kb.tar.gz"));
        const unpacked = await unpackKb(join(folder, "kb.tar.gz"), join(folder, "kb"));
        expect(unpacked.version).toBe(expected.manifest.version);
        await using copy = await openStore(join(folder, "kb"));
        for await (const change of diffEntities(store.all(), copy.all())) expect(change).toBeUndefined();
      }),
      { numRuns: 4 },
    );
  }, 180_000);

  it("keep the old version readable, and throw KB_BUSY rather than undo an import that finished first", async () => {
    const kb = await target();
    await importKb(kb, [entity("a"), entity("b")]);
    await using old = await openStore(kb);
    await updateKb(kb, { entities: [entity("a", { label: "new" })] });
    expect((await old.getMany(["a"])).get("a")?.label).toBe("Entity a");
    async function* overtaken(): AsyncGenerator<Entity> {
      yield entity("c");
      await importKb(kb, [entity("d")]);
    }
    const error = await updateKb(kb, { entities: overtaken() }).catch((caught) => caught);
    expect(error).toMatchObject({ code: "KB_BUSY" });
    await using now = await openStore(kb);
    expect(now.manifest.entities).toBe(1);
  });
});
