import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildCandidateIndex } from "../../src/candidates/index.js";
import type { Entity } from "../../src/core/index.js";
import { createMemoryStore, driverFor, openStore } from "../../src/kb/index.js";
import { packKb } from "../../src/kb/pack/index.js";
import { createLinker, importKb, openParts, unpackKb, updateKb } from "../../src/linker/index.js";
import { openStoreRelations } from "../../src/linker/relations.js";
import {
  buildRelations,
  createRelations,
  openRelations,
  relationsFileOf,
} from "../../src/relations/index.js";
import { expectDamageFound } from "../core/damaged-files.js";
import { anyEntity } from "../kb/any-entity.js";
import { toyModel } from "../linker/fixtures.js";
import { bases, contentOf, named } from "./bases.js";

const idsOf = (entities: readonly Entity[]): string[] => entities.map(({ id }) => id);
const anyBase = fc.uniqueArray(anyEntity, { selector: ({ id }) => id, maxLength: 6 });
const manifest = createMemoryStore([]).manifest;
const store = { manifest: { ...manifest, version: "v1" } };

const kb = [
  named("mill", "Old Mill", { properties: { place: ["Ostwick"] } }),
  named("town", "Ostwick", { properties: { type: ["town"] } }),
];

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "relations-"));
  path = join(folder, "relations.bin");
});
afterEach(() => rm(folder, { recursive: true }));

describe("the relations file", () => {
  it("has the same content as the relations in memory", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(bases, anyBase), async (all) => {
        await buildRelations(all, path, { version: "v1" });
        const ids = idsOf(all);
        expect(contentOf(await openRelations(path, store), ids)).toEqual(
          contentOf(createRelations(all), ids),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("has the same bytes for any order of the entities", async () => {
    await fc.assert(
      fc.asyncProperty(bases, async (all) => {
        await buildRelations(all, path, { version: "v1" });
        const bytes = await readFile(path);
        await buildRelations(all.toReversed(), path, { version: "v1" });
        expect((await readFile(path)).equals(bytes)).toBe(true);
      }),
      { numRuns: 30 },
    );
    expect(await readdir(folder)).toEqual(["relations.bin"]);
  });

  it("is rejected as damaged if it is truncated, altered or from another version of the knowledge base", async () => {
    await buildRelations(kb, path, { version: "v1" });
    await expectDamageFound(path, () => openRelations(path, store));
    const other = { manifest: { ...manifest, version: "v2" } };
    await expect(openRelations(path, other)).rejects.toMatchObject({
      code: "KB_DAMAGED",
      message: expect.stringContaining("the relations file belongs to version v1 of the knowledge base"),
    });
  });

  it("reports a missing or unwritable file and an abort", async () => {
    await expect(openRelations(path, store)).rejects.toMatchObject({ code: "KB_NOT_FOUND" });
    await expect(buildRelations(kb, join(path, "no"), { version: "v1" })).rejects.toMatchObject({
      code: "FILE_UNWRITABLE",
    });
    const stopped = { version: "v1", signal: AbortSignal.abort() };
    await expect(buildRelations(kb, path, stopped)).rejects.toMatchObject({ code: "ABORTED" });
  });
});

/** The bytes of the relations file of a knowledge base in a folder. */
async function bytesIn(target: string): Promise<Buffer> {
  await using opened = await openStore(target);
  return await readFile(join(opened.folder!, "relations.bin"));
}

describe("the relations of a knowledge base in a folder", () => {
  it("are the same after an update as after an import of the result", async () => {
    const target = join(folder, "kb");
    await fc.assert(
      fc.asyncProperty(bases, bases, async (before, changes) => {
        const gone = before.slice(changes.length, changes.length + 1).map(({ id }) => id);
        const after = new Map([...before, ...changes].map((one) => [one.id, one]));
        for (const id of gone) after.delete(id);
        await importKb(target, before);
        const { manifest } = await updateKb(target, { entities: changes, remove: new Set(gone) });
        const expected = Buffer.concat(await relationsFileOf(after.values(), manifest));
        expect((await bytesIn(target)).equals(expected)).toBe(true);
      }),
      { numRuns: 5 },
    );
  });

  it("are the same after packing and unpacking", async () => {
    await importKb(join(folder, "kb"), kb);
    await using packed = await openStore(join(folder, "kb"));
    await packKb(packed, join(folder, "kb.tar.gz"));
    await unpackKb(join(folder, "kb.tar.gz"), join(folder, "unpacked"));
    expect((await bytesIn(join(folder, "unpacked"))).equals(await bytesIn(join(folder, "kb")))).toBe(true);
  });

  it("are part of the opened parts, as for a list of entities", async () => {
    await importKb(join(folder, "kb"), kb);
    await using parts = await openParts({ kb: join(folder, "kb"), model: toyModel() });
    await using inMemory = await openParts({ kb, model: toyModel() });
    const expected = contentOf(createRelations(kb), idsOf(kb));
    expect(contentOf(parts.relations, idsOf(kb))).toEqual(expected);
    expect(contentOf(inMemory.relations, idsOf(kb))).toEqual(expected);
    await using memory = createMemoryStore(kb);
    expect(await openStoreRelations(memory)).toBeUndefined();
  });

  it("are empty if an older version of mmel imported it, and a damaged file is an error", async () => {
    const target = join(folder, "kb");
    const importWith = async (relations: boolean): Promise<void> => {
      await (await driverFor(target)).import(target, kb, {
        async finish(store, place) {
          if (place.kind !== "folder") return;
          const build = { version: store.manifest.version };
          await buildCandidateIndex(store.all(), join(place.folder, "candidates.bin"), build);
          if (relations) await writeFile(join(place.folder, "relations.bin"), "damaged");
        },
      });
    };
    await importWith(true);
    await expect(createLinker({ kb: target, model: toyModel() })).rejects.toMatchObject({
      code: "KB_DAMAGED",
    });
    await importWith(false);
    await using parts = await openParts({ kb: target, model: toyModel() });
    expect(contentOf(parts.relations, ["mill"])).toEqual({
      size: 0,
      properties: [],
      of: [[]],
      related: [[]],
      naming: [{ first: [], count: 0 }],
    });
  });
});
