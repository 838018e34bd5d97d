import type { Entity } from "../core/index.js";
import type { SortedEntities, SortOptions } from "./sqlite/sort.js";

export type { SortedEntities } from "./sqlite/sort.js";

/**
 * Entities in order of id, whatever order they came in; sorted on disk in bounded memory. Dispose of them.
 * `ENTITY_INVALID`, `ABORTED`, `FILE_UNWRITABLE` when the temporary folder is full.
 */
export async function sortEntities(
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  options: SortOptions = {},
): Promise<SortedEntities> {
  return (await import("./sqlite/sort.js")).sortEntities(entities, options);
}
