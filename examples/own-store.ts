// Links to entities in your own catalogue, without importing them. Run: npx tsx examples/own-store.ts
import { createLinker, type Entity, type EntityStore, entityOf } from "mmel";

/**
 * Returns a store that reads entities from a map. A store must be able to find entities by id and to list all entities.
 */
function storeOf(catalogue: ReadonlyMap<string, Entity>): EntityStore {
  const close = async (): Promise<void> => {};
  return {
    manifest: { name: "catalogue", version: "1", schema: 1, entities: catalogue.size, names: catalogue.size },
    getMany: async (ids) =>
      new Map(ids.flatMap((id) => (catalogue.has(id) ? [[id, catalogue.get(id)!]] : []))),
    searchNames: async () => [], // only `mmel kb search` calls this
    async *all() {
      for (const id of [...catalogue.keys()].sort()) yield catalogue.get(id)!;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const rows = [entityOf({ id: "7", label: "Mary Cassatt" }), entityOf({ id: "8", label: "Berthe Morisot" })];
const linker = await createLinker({
  kb: storeOf(new Map(rows.map((row) => [row.id, row]))),
  model: "lexical",
});
const { mentions, kb } = await linker.link({
  id: "1",
  text: "A print by Cassatt",
  mentions: [{ text: "Cassatt" }],
});
console.log(kb, mentions[0]?.entity?.label);
await linker.close();
