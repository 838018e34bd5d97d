import { type Entity, MmelError } from "../core/index.js";
import { isServerUrl } from "../postgres/index.js";
import type { Prepared, PrepareOptions } from "./postgres/schema.js";
import type { SortedEntities, SortOptions } from "./sqlite/scratch.js";
import type { EntityStore, Manifest, OpenOptions, StoreDriver } from "./store.js";

// Drivers are imported dynamically, so that a program loads only the database library that it uses.

/** Opens the knowledge base at `target`, a folder or a `postgres://` URL. Throws the errors of `StoreDriver.open`. */
export async function openStore(target: string, options?: OpenOptions): Promise<EntityStore> {
  return (await driverFor(target)).open(target, options);
}

/**
 * Reads the manifest of the current version of the knowledge base at `target`, without opening it. Throws the errors of
 * `StoreDriver.current`.
 */
export async function currentManifest(target: string, options?: OpenOptions): Promise<Manifest> {
  return (await driverFor(target)).current(target, options);
}

export async function driverFor(target: string): Promise<StoreDriver> {
  if (isServerUrl(target)) return (await import("./postgres/driver.js")).postgresDriver;
  return (await import("./sqlite/driver.js")).sqliteDriver;
}

/**
 * Creates or updates the tables on the server at `target`; see `prepareServer`. Throws `CONFIG` if `target` is a
 * folder, and the errors of `prepareServer`.
 */
export async function prepareStore(target: string, options?: PrepareOptions): Promise<Prepared> {
  if (isServerUrl(target)) return (await import("./postgres/schema.js")).prepareServer(target, options);
  throw new MmelError("CONFIG", {
    what: "a folder has no tables to prepare",
    where: target,
    expected: "the URL of a PostgreSQL server (postgres://…)",
    hint: `Import into the folder directly with \`mmel kb import FILE --kb ${target}\`.`,
  });
}

/**
 * Removes the incomplete versions that killed imports left in the folder `target`; if they left nothing else, removes the
 * folder itself. Throws `KB_BUSY` if an import is running.
 */
export async function removeUnfinished(target: string): Promise<void> {
  await (await import("./sqlite/import.js")).removeUnfinished(target);
}

/**
 * Sorts entities by id on disk, in bounded memory. The caller must dispose of the result. Throws `ENTITY_INVALID` if
 * an entity is invalid, `ABORTED` if the signal fires, and `FILE_UNWRITABLE` if the temporary database cannot be
 * written or its disk is full.
 */
export async function sortEntities(
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  options: SortOptions = {},
): Promise<SortedEntities> {
  return (await import("./sqlite/scratch.js")).sortEntities(entities, options);
}
