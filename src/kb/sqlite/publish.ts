import { open, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Manifest } from "../store.js";
import { filesBelow, flush, sealFile } from "./files.js";
import { MANIFEST } from "./folder.js";
import { type FileSeal, formatManifest } from "./manifest.js";

/** Makes `folder` the current version of the knowledge base around it: all or nothing, also when the power fails. */
export async function publish(folder: string, manifest: Manifest): Promise<void> {
  const files: Record<string, FileSeal> = {};
  for (const name of await filesBelow(folder)) {
    await flush(join(folder, name));
    files[name] = await sealFile(join(folder, name));
  }
  const target = dirname(folder);
  await flushFolder(folder);
  await writeDurably(
    join(target, `${MANIFEST}.new`),
    formatManifest({ ...manifest, folder: basename(folder), files }),
  );
  await rename(join(target, `${MANIFEST}.new`), join(target, MANIFEST));
  await flushFolder(target);
}

async function writeDurably(path: string, text: string): Promise<void> {
  await using file = await open(path, "w");
  await file.writeFile(text);
  await file.sync();
}

/** Windows has no such thing. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform !== "win32") await flush(folder);
}
