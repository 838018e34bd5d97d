import { createHash } from "node:crypto";
import { type FileHandle, open, readdir, rename, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import type { Manifest } from "../store.js";
import { damaged, readFailure } from "./errors.js";
import { DATABASE, type FileChecksum, formatManifest, MANIFEST, type PublishedManifest } from "./manifest.js";

/** Versions up to this total size are hashed completely when opened, which takes about 0.1 s. */
const MAX_HASHED = 64 << 20;
const CHUNK = 1 << 20;

/** Makes `folder` the current version of the knowledge base in its parent folder: atomic, also on power loss. */
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

/** Compares a version's files with the manifest, by hash up to `MAX_HASHED` bytes in total, else by size. Throws `KB_DAMAGED`. */
export async function verifyVersion(folder: string, { files }: PublishedManifest): Promise<void> {
  const total = Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
  if (files[DATABASE] === undefined) throw damaged(folder, "the manifest names no database");
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

/** Sorted paths of the files below `folder`, with `/` as the separator. */
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

/** Flushes a file's contents, or a folder's entries, to the disk. */
async function flush(path: string): Promise<void> {
  await using file = await open(path);
  await file.sync();
}

/** Windows cannot flush folders. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform !== "win32") await flush(folder);
}
