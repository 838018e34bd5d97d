import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Entity } from "../../src/core/index.js";
import { createMemoryStore, openStore } from "../../src/kb/index.js";
import { importKb, updateKb } from "../../src/linker/index.js";
import { anyEntity } from "../kb/any-entity.js";
import { entity, manyEntities } from "../kb/entities.js";

let kb: string;
beforeEach(async () => {
  kb = await mkdtemp(join(tmpdir(), "mmel-update-"));
});
afterEach(() => rm(kb, { recursive: true }));

const held = async (): Promise<Entity[]> => {
  await using store = await openStore(kb);
  const all: Entity[] = [];
  for await (const one of store.all()) all.push(one);
  return all;
};

const unique = (maxLength: number): fc.Arbitrary<Entity[]> =>
  fc.uniqueArray(anyEntity, { selector: ({ id }) => id, maxLength });

describe("updateKb", () => {
  it("has the same content and version as an import of the result, with counts that add up", async () => {
    const cases = fc.tuple(unique(8), unique(5), fc.array(fc.nat(7), { maxLength: 3 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(cases, async ([before, fresh, picks, same]) => {
        // Some of the update replaces existing entities, some repeats them unchanged.
        const update = fresh.map((one, at) =>
          at < before.length ? (same ? before[at]! : { ...one, id: before[at]!.id }) : one,
        );
        const given = new Map(update.map((one) => [one.id, one]));
        const remove = new Set(
          picks.map((at) => before[at]?.id ?? `none ${at}`).filter((id) => !given.has(id)),
        );
        const after = new Map([...before.map((one) => [one.id, one] as const), ...given]);
        for (const id of remove) after.delete(id);

        await importKb(kb, before, { name: "x" });
        const { manifest, ...changes } = await updateKb(kb, { entities: given.values(), remove });
        const expected = createMemoryStore(after.values(), { name: "x" });
        expect(manifest).toEqual(expected.manifest);
        expect((await held()).map(({ id }) => id)).toEqual([...after.keys()].sort());
        expect(changes.added + changes.changed + changes.unchanged).toBe(after.size);
        expect(changes.changed + changes.unchanged + changes.removed).toBe(before.length);
        expect(changes.removed + changes.notFound).toBe(remove.size);
      }),
      { numRuns: 40 },
    );
  });

  it("counts added, changed, unchanged and removed entities", async () => {
    await importKb(kb, [entity("a"), entity("b"), entity("c"), entity("d")]);
    const { manifest: _, ...changes } = await updateKb(kb, {
      entities: [entity("e"), entity("b", { description: "new" }), entity("a")],
      remove: new Set(["d", "nobody"]),
    });
    expect(changes).toEqual({ added: 1, changed: 1, unchanged: 2, removed: 1, notFound: 1 });
    expect((await held()).map(({ id, description }) => [id, description])).toEqual([
      ["a", undefined],
      ["b", "new"],
      ["c", undefined],
      ["e", undefined],
    ]);
  });

  it("keeps the current version if nothing changes, whatever the order of properties", async () => {
    const properties = { birth: ["1900"], death: ["1980"] };
    await importKb(kb, [entity("a", { properties }), entity("b")]);
    const before = await readFile(join(kb, "manifest.json"), "utf8");
    const turned = entity("a", { properties: { death: ["1980"], birth: ["1900"] } });
    await updateKb(kb, { entities: [turned], remove: new Set(["c"]) });
    expect(await readFile(join(kb, "manifest.json"), "utf8")).toBe(before);
    expect((await updateKb(kb, { entities: [] }, { name: "other" })).manifest.name).toBe("other");
  });

  it("keeps the old version readable before, during and after the update", async () => {
    await importKb(kb, manyEntities(50));
    await using old = await openStore(kb);
    async function* slowly(): AsyncGenerator<Entity> {
      yield entity("Q1", { label: "changed" });
      expect((await old.getMany(["Q1"])).get("Q1")?.label).not.toBe("changed");
      await using now = await openStore(kb);
      expect(now.manifest.version).toBe(old.manifest.version);
    }
    await updateKb(kb, { entities: slowly() });
    expect((await old.getMany(["Q1"])).get("Q1")?.label).not.toBe("changed");
    expect((await held()).find(({ id }) => id === "Q1")?.label).toBe("changed");
  });

  it("changes nothing if reading entities fails or an id is both updated and removed", async () => {
    await importKb(kb, [entity("a")]);
    function* failing(): Generator<Entity> {
      yield entity("b");
      throw new Error("cut off");
    }
    await expect(updateKb(kb, { entities: failing() })).rejects.toThrow("cut off");
    const both = { entities: [entity("a", { label: "x" })], remove: new Set(["a"]) };
    await expect(updateKb(kb, both)).rejects.toMatchObject({ code: "FORMAT" });
    expect(await held()).toEqual([entity("a")]);
  });

  it("throws KB_BUSY rather than undo an import that finished first", async () => {
    await importKb(kb, [entity("a")]);
    async function* overtaken(): AsyncGenerator<Entity> {
      yield entity("b");
      await importKb(kb, [entity("c")]);
    }
    await expect(updateKb(kb, { entities: overtaken() })).rejects.toMatchObject({ code: "KB_BUSY" });
    expect(await held()).toEqual([entity("c")]);
  });

  it("throws KB_NOT_FOUND without a knowledge base, and stops when the signal fires", async () => {
    await expect(updateKb(join(kb, "none"), { entities: [] })).rejects.toMatchObject({
      code: "KB_NOT_FOUND",
    });
    await importKb(kb, [entity("a")]);
    const signal = AbortSignal.abort();
    await expect(updateKb(kb, { entities: [entity("b")] }, { signal })).rejects.toMatchObject({
      code: "ABORTED",
    });
  });
});
