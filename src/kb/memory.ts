import { type Entity, MmelError, throwIfAborted } from "../core/index.js";
import { createVersionHash, decodeEntity, encodeEntity, namesOf, SCHEMA } from "./content.js";
import { type NamedEntity, rankNames } from "./names.js";
import type { EntityStore, Manifest } from "./store.js";

interface MemoryStoreOptions {
  /** Name of the knowledge base; default "memory". */
  readonly name?: string;
  /** Called with the id of each duplicate. Of several entities with the same id, only the first is kept. */
  readonly onDuplicate?: (id: string) => void;
}

/**
 * Creates an in-memory store for a small knowledge base. Copies the entities, so later changes to the objects have no
 * effect. Throws `ENTITY_INVALID` if an entity is invalid.
 */
export function createMemoryStore(entities: Iterable<Entity>, options: MemoryStoreOptions = {}): EntityStore {
  const { byId, version } = collect(entities, options);
  const names = [...byId.values()].flatMap((entity): NamedEntity[] =>
    namesOf(entity).map((name) => ({ entity, name })),
  );
  const manifest: Manifest = {
    name: options.name ?? "memory",
    version,
    schema: SCHEMA,
    entities: byId.size,
    names: names.length,
  };
  let open = true;
  const assertOpen = (): void => {
    if (!open) throw new MmelError("INTERNAL", { what: "the knowledge base is already closed" });
  };
  const close = async (): Promise<void> => {
    open = false;
  };
  return {
    manifest,
    async getMany(ids) {
      assertOpen();
      const found = new Map<string, Entity>();
      for (const id of ids) {
        const entity = byId.get(id);
        if (entity !== undefined) found.set(id, entity);
      }
      return found;
    },
    async searchNames(name, { limit = 10 } = {}) {
      assertOpen();
      return rankNames(name, names, limit);
    },
    async *all({ signal } = {}) {
      for (const entity of byId.values()) {
        assertOpen();
        throwIfAborted(signal);
        yield entity;
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Copies the entities, sorts them by id and computes their version. */
function collect(entities: Iterable<Entity>, { onDuplicate }: MemoryStoreOptions) {
  const lines = new Map<string, string>();
  for (const entity of entities) {
    if (lines.has(entity.id)) onDuplicate?.(entity.id);
    else lines.set(entity.id, encodeEntity(entity));
  }
  const hash = createVersionHash();
  const byId = new Map<string, Entity>();
  for (const id of [...lines.keys()].sort()) {
    const line = lines.get(id)!;
    hash.add(line);
    byId.set(id, decodeEntity(line));
  }
  return { byId, version: hash.version() };
}
