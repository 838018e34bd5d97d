import { join } from "node:path";
import type { EntityStore, Manifest, StoreDriver } from "../store.js";
import { openDatabase } from "./database.js";
import { checkVersion } from "./folder.js";
import { importIntoFolder } from "./import.js";
import { type PublishedManifest, readManifest } from "./manifest.js";
import { verifyFolder } from "./verify.js";

/** The driver for knowledge bases in folders. A folder can have any number of readers and one importer at a time. */
export const sqliteDriver: StoreDriver = {
  open: openFolder,
  current: async (target) => manifestOf(await readManifest(target)),
  verify: verifyFolder,
  import: importIntoFolder,
};

const manifestOf = ({ name, version, schema, entities, names }: PublishedManifest): Manifest => ({
  name,
  version,
  schema,
  entities,
  names,
});

/** Verifies and opens the current version of the knowledge base in the folder `target`. */
async function openFolder(target: string): Promise<EntityStore> {
  let published = await readManifest(target);
  for (;;) {
    try {
      return await openVersion(target, published);
    } catch (error) {
      const newer = await readManifest(target);
      if (newer.folder === published.folder) throw error;
      published = newer; // another import removed this version while it was being opened
    }
  }
}

async function openVersion(target: string, published: PublishedManifest): Promise<EntityStore> {
  const folder = join(target, published.folder);
  const checks = await checkVersion(folder, published);
  return openDatabase(folder, manifestOf(published), checks);
}
