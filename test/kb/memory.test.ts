import { describe, expect, it } from "vitest";
import { type Entity, MmelError, throwIfAborted } from "../../src/core/index.js";
import { createMemoryStore, type EntityStore, type StoreDriver } from "../../src/kb/index.js";
import { entity } from "./entities.js";
import { storeContract } from "./store-contract.js";

/** Adapts the memory store to the driver interface of the contract. */
function createMemoryDriver(): Omit<StoreDriver, "verify"> {
  const stored = new Map<string, { entities: Entity[]; name: string }>();
  const create = (target: string): EntityStore => {
    const { entities, name } = stored.get(target) ?? missing(target);
    return createMemoryStore(entities, { name });
  };
  return {
    open: async (target) => create(target),
    current: async (target) => create(target).manifest,
    async import(target, entities, { name = "memory", signal, onProgress, onDuplicate, finish } = {}) {
      const received: Entity[] = [];
      for await (const item of entities) {
        throwIfAborted(signal);
        received.push(item);
        if (received.length % 1000 === 0) {
          onProgress?.(received.length);
          await new Promise(setImmediate);
        }
      }
      throwIfAborted(signal);
      onProgress?.(received.length);
      await using store = createMemoryStore(received, { name, ...(onDuplicate && { onDuplicate }) });
      await finish?.(store, { kind: "server", attach: async () => {} });
      stored.set(target, { entities: received, name });
      return store.manifest;
    },
  };
}

function missing(target: string): never {
  throw new MmelError("KB_NOT_FOUND", { what: "nothing was imported", where: target });
}

storeContract("memory", async () => ({
  driver: createMemoryDriver(),
  target: "here",
  async [Symbol.asyncDispose]() {},
}));

describe("createMemoryStore", () => {
  it("copies the entities, so that later changes have no effect", async () => {
    const aliases = ["one"];
    await using store = createMemoryStore([entity("a", { aliases })]);
    aliases.push("two");
    expect((await store.getMany(["a"])).get("a")?.aliases).toEqual(["one"]);
  });
});
