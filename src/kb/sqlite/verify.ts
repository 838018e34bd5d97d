import { stat } from "node:fs/promises";
import { join } from "node:path";
import { damaged, readFailure } from "./errors.js";
import { sealFile } from "./files.js";
import { DATABASE } from "./folder.js";
import type { FileSeal, PublishedManifest } from "./manifest.js";

/** Up to this size together every byte of every file is checked; that takes about a tenth of a second. */
const HASHED = 64 << 20;

/** Compares a version's files with the manifest: their hashes when they are small, else their sizes. */
export async function verifyFiles(folder: string, { files }: PublishedManifest): Promise<void> {
  const total = Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
  if (files[DATABASE] === undefined) throw damaged(folder, "the manifest names no database");
  for (const [name, seal] of Object.entries(files)) {
    const path = join(folder, name);
    try {
      await verifySize(path, seal);
      if (total <= HASHED) await verifyHash(path, seal);
    } catch (error) {
      throw readFailure(error, path, damaged(path, "the file is missing", error));
    }
  }
}

async function verifySize(path: string, { bytes }: FileSeal): Promise<void> {
  const { size } = await stat(path);
  if (size !== bytes) throw damaged(path, `it has ${size} bytes instead of ${bytes}`);
}

async function verifyHash(path: string, { sha256 }: FileSeal): Promise<void> {
  if ((await sealFile(path)).sha256 !== sha256) throw damaged(path, "its contents were altered");
}
