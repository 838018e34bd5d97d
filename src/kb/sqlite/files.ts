import { createHash } from "node:crypto";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { FileSeal } from "./manifest.js";

const CHUNK = 1 << 20;

/** Paths of the files below `folder`, with `/`, sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .sort();
}

export async function sealFile(path: string): Promise<FileSeal> {
  await using file = await open(path);
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK);
  let bytes = 0;
  for (let read = await readInto(file, chunk); read > 0; read = await readInto(file, chunk)) {
    hash.update(chunk.subarray(0, read));
    bytes += read;
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Makes what was written to a file, or a folder's entries, survive a loss of power. */
export async function flush(path: string): Promise<void> {
  await using file = await open(path);
  await file.sync();
}

async function readInto(file: FileHandle, chunk: Buffer): Promise<number> {
  return (await file.read(chunk, 0, chunk.length)).bytesRead;
}
