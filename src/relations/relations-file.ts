import type { Entity } from "../core/index.js";
import {
  assertVersion,
  type BuildOptions,
  buildTableFile,
  readTableFile,
  type TableFile,
  type TableFormat,
  writeTableFile,
} from "../core/table-file.js";
import type { EntityStore } from "../kb/store.js";
import { createRelationsBuilder } from "./build-tables.js";
import { type Relations, relationsOver } from "./relations.js";
import type { RelationTables } from "./tables.js";

const FORMAT: TableFormat<RelationTables> = {
  title: "relations file",
  magic: "MMELRELA",
  format: 2,
  sections: {
    idUnit: Uint16Array,
    idStart: Uint32Array,
    kind: Uint32Array,
    propertyUnit: Uint16Array,
    propertyStart: Uint32Array,
    propertyValues: Uint32Array,
    propertyNamed: Uint32Array,
    relationStart: Uint32Array,
    relationProperty: Uint16Array,
    relationKey: Uint32Array,
    holders: Uint32Array,
    targetStart: Uint32Array,
    target: Uint32Array,
    countStart: Uint32Array,
    countKind: Uint32Array,
    countValues: Uint32Array,
  },
};

/**
 * Finds the relations of entities and writes them atomically to `path`. Throws `DUPLICATE_ID` if two entities have the
 * same id, `ABORTED` if the signal aborts, and `FILE_UNWRITABLE` if the file cannot be written.
 */
export async function buildRelations(
  entities: AsyncIterable<Entity> | Iterable<Entity>,
  path: string,
  options: BuildOptions,
): Promise<void> {
  await writeTableFile(FORMAT, path, await relationsFileOf(entities, options));
}

/**
 * Finds the relations of entities. Returns the bytes of their file, in pieces. Throws `DUPLICATE_ID` if two entities
 * have the same id, and `ABORTED` if the signal aborts.
 */
export function relationsFileOf(
  entities: AsyncIterable<Entity> | Iterable<Entity>,
  options: BuildOptions,
): Promise<readonly Buffer[]> {
  return buildTableFile(FORMAT, createRelationsBuilder(), entities, options);
}

/**
 * Opens a file that `buildRelations` wrote for the entities in the store. Throws `KB_NOT_FOUND` if the file cannot be
 * read, `KB_DAMAGED` if it is truncated, altered or built for another version of the store, and `KB_TOO_NEW` if a newer
 * version of mmel wrote it.
 */
export async function openRelations(
  file: TableFile,
  { manifest }: Pick<EntityStore, "manifest">,
): Promise<Relations> {
  const { tables, version } = await readTableFile(FORMAT, file);
  assertVersion(FORMAT, file, version, manifest.version);
  return relationsOver(tables);
}
