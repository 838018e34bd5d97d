import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entity } from "../../src/core/index.js";
import { changedFields, createMemoryStore, diffEntities, type EntityChange } from "../../src/kb/index.js";
import { anyEntity } from "./any-entity.js";
import { entity } from "./entities.js";

const sets = fc.uniqueArray(anyEntity, { selector: ({ id }) => id, maxLength: 8 });

async function diff(before: readonly Entity[], after: readonly Entity[]): Promise<EntityChange[]> {
  const changes: EntityChange[] = [];
  const [a, b] = [createMemoryStore(before), createMemoryStore(after)];
  for await (const change of diffEntities(a.all(), b.all())) changes.push(change);
  return changes;
}

describe("diffEntities", () => {
  it("yields changes that turn one set into the other, and none exactly if the versions are equal", async () => {
    await fc.assert(
      fc.asyncProperty(sets, sets, fc.boolean(), async (before, other, mixed) => {
        const after = mixed
          ? other.map((item, index) => (index < before.length ? { ...item, id: before[index]!.id } : item))
          : before;
        fc.pre(new Set(after.map(({ id }) => id)).size === after.length);
        const changes = await diff(before, after);
        const patched = new Map(before.map((item) => [item.id, item]));
        for (const change of changes) {
          if (change.kind === "removed") patched.delete(change.before.id);
          else patched.set(change.after.id, change.after);
        }
        const [from, to] = [createMemoryStore(before), createMemoryStore(after)].map(
          ({ manifest }) => manifest.version,
        );
        expect(createMemoryStore(patched.values()).manifest.version).toBe(to);
        expect(changes.length === 0).toBe(from === to);
      }),
    );
  });

  it("names the changed fields", () => {
    const before = entity("a", {
      aliases: ["A"],
      properties: { birth: ["1900"], job: ["actor"] },
      popularity: 1,
    });
    const after = entity("a", {
      aliases: ["B"],
      properties: { job: ["actor"], death: ["1980"] },
      url: "u",
      popularity: 1,
    });
    expect(changedFields(before, after).sort()).toEqual([
      "aliases",
      "properties.birth",
      "properties.death",
      "url",
    ]);
    expect(changedFields(before, { ...before })).toEqual([]);
  });

  it("closes both streams when the consumer stops", async () => {
    let stopped = 0;
    function* endless(prefix: string): Generator<Entity> {
      try {
        for (let index = 0; ; index++) yield entity(`${prefix}${String(index).padStart(9, "0")}`);
      } finally {
        stopped++;
      }
    }
    for await (const _ of diffEntities(endless("a"), endless("b"))) break;
    expect(stopped).toBe(2);
  });
});
