import { describe, expect, it } from "vitest";
import { type Entity, MmelError, throwIfAborted } from "../../src/core/index.js";
import { createMemoryStore, type EntityStore, type StoreDriver } from "../../src/kb/index.js";
import { entity } from "./entities.js";
import { storeContract } from "./store-contract.js";

/** The memory store behind the import that the contract asks for. */
function createMemoryDriver(): StoreDriver {
  const held = new Map<string, { entities: Entity[]; name: string }>();
  const create = (target: string): EntityStore => {
    const { entities, name } = held.get(target) ?? missing(target);
    return createMemoryStore(entities, { name });
  };
  return {
    open: async (target) => create(target),
    async import(target, entities, { name = "memory", signal, onProgress, onDuplicate, finish } = {}) {
      const came: Entity[] = [];
      for await (const one of entities) {
        throwIfAborted(signal);
        came.push(one);
        if (came.length % 1000 === 0) {
          onProgress?.(came.length);
          await new Promise(setImmediate);
        }
      }
      throwIfAborted(signal);
      onProgress?.(came.length);
      await using store = createMemoryStore(came, { name, ...(onDuplicate && { onDuplicate }) });
      await finish?.(store, { kind: "server", attach: async () => {} });
      held.set(target, { entities: came, name });
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
  it("keeps copies: changing what was given changes nothing", async () => {
    const aliases = ["one"];
    await using store = createMemoryStore([entity("a", { aliases })]);
    aliases.push("two");
    expect((await store.getMany(["a"])).get("a")?.aliases).toEqual(["one"]);
  });
});
