import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  buildCandidateIndex,
  createCandidateSource,
  openCandidateIndex,
} from "../../src/candidates/index.js";
import type { Entity } from "../../src/core/index.js";
import type { EntityStore } from "../../src/kb/store.js";
import { expectDamageFound } from "../core/damaged-files.js";
import { ask, entities, mentionText, named } from "./names.js";

type Store = Pick<EntityStore, "getMany" | "manifest">;

function storeOf(kb: readonly Entity[], version = "v1"): Store {
  const byId = new Map(kb.map((entity) => [entity.id, entity]));
  return {
    manifest: { name: "test", version, schema: 1, entities: kb.length, names: kb.length },
    getMany: async (ids) =>
      new Map(ids.flatMap((id) => (byId.has(id) ? [[id, byId.get(id)!] as const] : []))),
  };
}

const kb = ["John Kerry", "Bob Kerrey", "محمد المرزوقي", "Soo-young 🐼"].map((label, at) =>
  named(`é${at}`, label),
);

let path: string;
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), "candidates-")), "names.idx");
});

describe("the index file", () => {
  it("gives the same candidates as the index in memory", async () => {
    await fc.assert(
      fc.asyncProperty(entities, mentionText, fc.boolean(), async (all, mention, exact) => {
        await buildCandidateIndex(all, path, { version: "v1" });
        const source = await openCandidateIndex(path, storeOf(all), { exact });
        expect(await ask(source, mention)).toEqual(await ask(createCandidateSource(all, { exact }), mention));
      }),
      { numRuns: 60 },
    );
  });

  it("has the same bytes for any order of the entities", async () => {
    await buildCandidateIndex(kb, path, { version: "v1" });
    const bytes = await readFile(path);
    await buildCandidateIndex(kb.toReversed(), path, { version: "v1" });
    expect((await readFile(path)).equals(bytes)).toBe(true);
    expect(await readdir(join(path, ".."))).toEqual(["names.idx"]);
  });

  it("can be empty", async () => {
    await buildCandidateIndex([], path, { version: "v1" });
    expect(await ask(await openCandidateIndex(path, storeOf([])), "Kerry")).toEqual([]);
  });

  it("reports an entity that is missing from the store as damage, and never leaves it out", async () => {
    await buildCandidateIndex(kb, path, { version: "v1" });
    const source = await openCandidateIndex(path, storeOf(kb.slice(1)));
    const damaged = { code: "KB_DAMAGED", message: expect.stringContaining(JSON.stringify(kb[0]!.id)) };
    await expect(ask(source, "Kerry")).rejects.toMatchObject(damaged);
    await expect(source.namesIn(kb[0]!.label)).rejects.toMatchObject(damaged);
  });

  it("is rejected as damaged if it is truncated or altered anywhere", async () => {
    await buildCandidateIndex(kb, path, { version: "v1" });
    const bytes = await readFile(path);
    const code = await expectDamageFound(path, () => openCandidateIndex(path, storeOf(kb)));
    expect(await code(Buffer.concat([bytes, Buffer.alloc(8)]))).toBe("KB_DAMAGED");
    expect(await code(Uint8Array.from(bytes).fill(1, 40, 41))).toBe("KB_DAMAGED"); // an older format
    expect(await code(bytes)).toBe("opened");
  });

  it("is rejected for another version of the knowledge base", async () => {
    await buildCandidateIndex(kb, path, { version: "v1" });
    await expect(openCandidateIndex(path, storeOf(kb, "v2"))).rejects.toMatchObject({
      code: "KB_DAMAGED",
      message: expect.stringContaining("expected version v2"),
    });
  });

  it("reports a missing or unwritable file, and survives a failed build", async () => {
    await expect(openCandidateIndex(path, storeOf(kb))).rejects.toMatchObject({ code: "KB_NOT_FOUND" });
    await expect(buildCandidateIndex(kb, join(path, "no"), { version: "v1" })).rejects.toMatchObject({
      code: "FILE_UNWRITABLE",
    });
    await buildCandidateIndex(kb, path, { version: "v1" });
    const failing = async function* () {
      yield kb[0]!;
      throw new Error("the source broke");
    };
    await expect(buildCandidateIndex(failing(), path, { version: "v2" })).rejects.toThrow("the source broke");
    await expect(
      buildCandidateIndex(kb, path, { version: "v2", signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: "ABORTED" });
    await openCandidateIndex(path, storeOf(kb));
  });
});
