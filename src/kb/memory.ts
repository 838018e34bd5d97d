import { type Entity, MmelError, throwIfAborted } from "../core/index.js";
import { createVersionHash, decodeEntity, encodeEntity, namesOf, SCHEMA } from "./content.js";
import { type NamedEntity, rankNames } from "./names.js";
import type { EntityStore, Manifest } from "./store.js";

interface MemoryStoreOptions {
  /** "memory" unless given. */
  readonly name?: string;
  /** Called with each entity left out because its id came before; the first one stays. */
  readonly onDuplicate?: (id: string) => void;
}

/** A small knowledge base given in code. It keeps copies: changing an entity afterwards changes nothing here. */
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
    if (!open) throw new MmelError("INTERNAL", { what: "a closed knowledge base was read" });
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

/** The entities in order of id, and the version they make. */
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
