import type { Entity } from "../core/index.js";
import {
  type BuildOptions,
  buildTableFile,
  readTableFile,
  type TableFile,
  type TableFormat,
  writeTableFile,
} from "../core/table-file.js";
import { type CandidateTables, createTablesBuilder } from "./tables.js";

export const INDEX_FORMAT: TableFormat<CandidateTables> = {
  title: "candidate index",
  magic: "MMELCAND",
  format: 4,
  sections: {
    idBytes: Uint8Array,
    idStart: Uint32Array,
    rowEntity: Uint32Array,
    rowName: Uint16Array,
    rowKind: Uint8Array,
    rowLength: Uint16Array,
    rowStart: Uint32Array,
    rowToken: Uint32Array,
    rowRole: Uint8Array,
    tokenStart: Uint32Array,
    tokenUnit: Uint16Array,
    postStart: Uint32Array,
    postRow: Uint32Array,
    plain: Uint32Array,
  },
};

/**
 * Builds the candidate index of entities and writes it atomically to `path`. The ids of the entities must be distinct.
 * Keeps only the tables in memory (about 200 bytes per name), not the entities. Throws `ABORTED` if the signal fires,
 * and `FILE_UNWRITABLE` if the file cannot be written.
 */
export async function buildCandidateIndex(
  entities: AsyncIterable<Entity> | Iterable<Entity>,
  path: string,
  options: BuildOptions,
): Promise<void> {
  await writeTableFile(INDEX_FORMAT, path, await candidateIndexOf(entities, options));
}

/**
 * Builds the candidate index of entities in memory. Returns the bytes of its index file, in pieces. Throws `ABORTED` if the
 * signal fires.
 */
export function candidateIndexOf(
  entities: AsyncIterable<Entity> | Iterable<Entity>,
  options: BuildOptions,
): Promise<readonly Buffer[]> {
  return buildTableFile(INDEX_FORMAT, createTablesBuilder(), entities, options);
}

/**
 * Reads an index file. Returns its tables and the version of the knowledge base that the index was built from. Throws the
 * errors of `readTableFile`.
 */
export function readTables(file: TableFile): Promise<{ tables: CandidateTables; version: string }> {
  return readTableFile(INDEX_FORMAT, file);
}
