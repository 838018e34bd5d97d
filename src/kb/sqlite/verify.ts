import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { damaged, readFailure } from "./failures.js";
import { sealFile } from "./files.js";
import { DATABASE } from "./layout.js";
import type { FileSeal, PublishedManifest } from "./manifest.js";

/** Up to this size together every byte of every file is checked; that takes about a tenth of a second. */
const HASHED = 64 << 20;

/** Compares a version's files with the manifest: their hashes when they are small, else sizes and SQLite's own header. */
export async function verifyFiles(folder: string, { files }: PublishedManifest): Promise<void> {
  const total = Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
  if (files[DATABASE] === undefined) throw damaged(folder, "the manifest names no database");
  for (const [name, seal] of Object.entries(files)) {
    const path = join(folder, name);
    try {
      await verifySize(path, seal);
      if (total <= HASHED) await verifyHash(path, seal);
      else if (name === DATABASE) await verifyHeader(path, seal);
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

/** SQLite file format 1.3: magic text, page size at byte 16 (1 means 65,536), number of pages at byte 28. */
async function verifyHeader(path: string, { bytes }: FileSeal): Promise<void> {
  await using file = await open(path);
  const header = Buffer.alloc(100);
  await file.read(header, 0, header.length, 0);
  const pageSize = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16);
  if (
    header.toString("latin1", 0, 16) !== "SQLite format 3\0" ||
    pageSize * header.readUInt32BE(28) !== bytes
  )
    throw damaged(path, "its header is not that of the database");
}
