import { type Entity, throwIfAborted } from "../core/index.js";
import { encodeTables, writePieces } from "./index-file.js";
import { createTablesBuilder } from "./tables.js";

export interface BuildOptions {
  /** Version of the knowledge base, which `openCandidateIndex` compares with that of the store. */
  readonly version: string;
  readonly signal?: AbortSignal;
}

/**
 * Builds the candidate index of entities with distinct ids and writes it, atomically, to `path`. Keeps the tables in memory
 * (some 200 bytes a name), not the entities. `ABORTED`, `FILE_UNWRITABLE`.
 */
export async function buildCandidateIndex(
  entities: AsyncIterable<Entity> | Iterable<Entity>,
  path: string,
  options: BuildOptions,
): Promise<void> {
  await writePieces(path, await candidateIndexOf(entities, options));
}

/** The same as the bytes of the file, in pieces. `ABORTED`. */
export async function candidateIndexOf(
  entities: AsyncIterable<Entity> | Iterable<Entity>,
  { version, signal }: BuildOptions,
): Promise<readonly Buffer[]> {
  const builder = createTablesBuilder();
  for await (const entity of entities) {
    throwIfAborted(signal);
    builder.add(entity);
  }
  return encodeTables(builder.finish(), version);
}
