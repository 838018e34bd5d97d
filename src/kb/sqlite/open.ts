import { join } from "node:path";
import type { EntityStore } from "../store.js";
import { openDatabase } from "./database.js";
import { type PublishedManifest, readManifest } from "./manifest.js";
import { verifyFiles } from "./verify.js";

/** Opens the current version of the knowledge base in the folder `target`, after a check of its files. */
export async function openFolder(target: string): Promise<EntityStore> {
  let published = await readManifest(target);
  for (;;) {
    try {
      return await openVersion(target, published);
    } catch (error) {
      const newer = await readManifest(target);
      if (newer.folder === published.folder) throw error;
      published = newer; // imports replaced and removed the version while it was being opened
    }
  }
}

async function openVersion(target: string, published: PublishedManifest): Promise<EntityStore> {
  const { name, version, schema, entities, names } = published;
  const folder = join(target, published.folder);
  await verifyFiles(folder, published);
  return openDatabase(folder, { name, version, schema, entities, names });
}
