import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EntityStore } from "../kb/index.js";
import { openRelations, type Relations } from "../relations/index.js";

/** Name of a version's relations file: a file in the version's folder, or an attachment on a server. */
export const RELATIONS = "relations.bin";

/**
 * Opens the relations that `importKb` found. Returns undefined for an in-memory store, and for a store that an older
 * version of mmel imported. Throws the errors of `openRelations`.
 */
export async function openStoreRelations(store: EntityStore): Promise<Relations | undefined> {
  if (store.folder !== undefined) {
    const path = join(store.folder, RELATIONS);
    return existsSync(path) ? openRelations(path, store) : undefined;
  }
  const bytes = await store.attachment?.(RELATIONS);
  if (bytes === undefined) return undefined;
  return openRelations({ bytes, where: `knowledge base ${store.manifest.name}` }, store);
}
