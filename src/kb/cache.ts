import type { Entity } from "../core/index.js";
import { decodeEntity } from "./content.js";

/** Characters of encoded entities in each of the two generations: together about 100 MB of objects when full. */
const GENERATION = 16_000_000;

/** The entities read last, decoded. */
export interface EntityCache {
  get(id: string): Entity | undefined;
  /** Decodes an entity and keeps it. */
  decode(line: string): Entity;
}

/**
 * Two generations instead of an order of use: what is used moves to the young one, and when that is full the old one
 * is forgotten. A hit in the young one writes nothing.
 */
export function createEntityCache(generation = GENERATION): EntityCache {
  type Kept = { readonly entity: Entity; readonly size: number };
  let young = new Map<string, Kept>();
  let old = new Map<string, Kept>();
  let size = 0;
  const keep = (kept: Kept): Entity => {
    if (size + kept.size > generation) {
      old = young;
      young = new Map();
      size = 0;
    }
    young.set(kept.entity.id, kept);
    size += kept.size;
    return kept.entity;
  };
  return {
    get(id) {
      const kept = young.get(id);
      if (kept !== undefined) return kept.entity;
      const aged = old.get(id);
      return aged === undefined ? undefined : keep(aged);
    },
    decode(line) {
      return keep({ entity: decodeEntity(line), size: line.length });
    },
  };
}
