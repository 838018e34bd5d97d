import { createHash } from "node:crypto";
import { type FileHandle, open, readdir, rename, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import type { Manifest } from "../store.js";
import { damaged, readFailure } from "./errors.js";
import { DATABASE, type FileChecksum, formatManifest, MANIFEST, type PublishedManifest } from "./manifest.js";

/**
 * Maximum total size, in bytes, of a version that is verified by hash when it is opened. Hashing this number of bytes
 * takes about 0.1 s.
 */
const MAX_HASHED = 64 << 20;
const CHUNK = 1 << 20;

/** Makes `folder` the current version of the knowledge base in its parent folder. Atomic, even if the power fails. */
export async function publishVersion(folder: string, manifest: Manifest): Promise<void> {
  const files: Record<string, FileChecksum> = {};
  for (const name of await filesBelow(folder)) {
    await flush(join(folder, name));
    files[name] = await checksumOf(join(folder, name));
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

/**
 * Compares a version's files with the manifest: by hash if their total size is at most `MAX_HASHED`, otherwise by
 * size. Throws `KB_DAMAGED` if a file is missing or differs, and `FILE_UNREADABLE` if a file cannot be read.
 */
export async function verifyVersion(folder: string, { files }: PublishedManifest): Promise<void> {
  const total = Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
  if (files[DATABASE] === undefined) throw damaged(folder, "the manifest lists no database");
  for (const [name, expected] of Object.entries(files)) {
    const path = join(folder, name);
    try {
      const { size } = await stat(path);
      if (size !== expected.bytes) throw damaged(path, `it has ${size} bytes instead of ${expected.bytes}`);
      if (total <= MAX_HASHED && (await checksumOf(path)).sha256 !== expected.sha256)
        throw damaged(path, "its contents have changed");
    } catch (error) {
      throw readFailure(error, path, damaged(path, "the file is missing", error));
    }
  }
}

/** Returns the sorted paths of all files in a folder and its subfolders, with `/` as the separator. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .sort();
}

async function checksumOf(path: string): Promise<FileChecksum> {
  await using file = await open(path);
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK);
  let bytes = 0;
  for (let count = await readInto(file, chunk); count > 0; count = await readInto(file, chunk)) {
    hash.update(chunk.subarray(0, count));
    bytes += count;
  }
  return { bytes, sha256: hash.digest("hex") };
}

async function readInto(file: FileHandle, chunk: Buffer): Promise<number> {
  return (await file.read(chunk, 0, chunk.length)).bytesRead;
}

async function writeDurably(path: string, text: string): Promise<void> {
  await using file = await open(path, "w");
  await file.writeFile(text);
  await file.sync();
}

/** Flushes the contents of a file, or the entries of a folder, to disk. */
async function flush(path: string): Promise<void> {
  await using file = await open(path);
  await file.sync();
}

/** Flushes the entries of a folder to disk, except on Windows, which cannot flush folders. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform !== "win32") await flush(folder);
}
