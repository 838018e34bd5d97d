import type { Entity } from "../core/index.js";
import { Recent } from "../core/recent.js";
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

/** Creates a cache of recently read entities. */
export function createEntityCache(generationSize = GENERATION_SIZE): EntityCache {
  type Entry = { readonly entity: Entity; readonly size: number };
  const recent = new Recent<Entry>(generationSize, ({ size }) => size);
  return {
    get: (id) => recent.get(id)?.entity,
    decode(line) {
      const entity = decodeEntity(line);
      recent.set(entity.id, { entity, size: line.length });
      return entity;
    },
  };
}
