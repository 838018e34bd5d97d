import type { Entity } from "../core/index.js";
import { decodeEntity } from "./content.js";

/**
 * Maximum total length of the encoded entities in each of the cache's two generations (see `createEntityCache`), in
 * characters. Two full generations occupy about 100 MB of memory.
 */
const GENERATION_SIZE = 16_000_000;

/** A cache of recently read entities. */
export interface EntityCache {
  get(id: string): Entity | undefined;
  /** Decodes an entity and adds it to the cache. */
  decode(line: string): Entity;
}

/**
 * Creates a cache with two generations. When the young generation is full, it replaces the old generation. A hit in the
 * old generation copies the entity to the young generation. Linking reads about a hundred entities per mention, so hits
 * must be fast: a hit in the young generation writes nothing and takes 0.15 µs, compared with 0.31 µs in lru-cache.
 */
export function createEntityCache(generationSize = GENERATION_SIZE): EntityCache {
  type Entry = { readonly entity: Entity; readonly size: number };
  let young = new Map<string, Entry>();
  let old = new Map<string, Entry>();
  let size = 0;
  const store = (entry: Entry): Entity => {
    if (size + entry.size > generationSize) {
      old = young;
      young = new Map();
      size = 0;
    }
    young.set(entry.entity.id, entry);
    size += entry.size;
    return entry.entity;
  };
  return {
    get(id) {
      const recent = young.get(id);
      if (recent !== undefined) return recent.entity;
      const aged = old.get(id);
      return aged === undefined ? undefined : store(aged);
    },
    decode(line) {
      return store({ entity: decodeEntity(line), size: line.length });
    },
  };
}
