import { createHash } from "node:crypto";
import { open, readdir, rename, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { BLOCK, createBlockSums, differingBlocks, placeOfBlock } from "../../core/blocks.js";
import { MmelError, throwIfAborted } from "../../core/index.js";
import type { Manifest } from "../store.js";
import { damaged, readFailure } from "./errors.js";
import { DATABASE, type FileChecksum, formatManifest, MANIFEST, type PublishedManifest } from "./manifest.js";

/**
 * Maximum total size, in bytes, of a version whose files are checked completely when it is opened, which takes about
 * 0.03 s. In a larger version, the first block of each file is checked when it is opened, index files when they are read,
 * entities by the checksums of their rows, and the complete database as `DatabaseChecks` describes.
 */
const MAX_CHECKED = 64 << 20;
/** Maximum size of a database that is checked completely before the first name search, which takes about half a second. */
const MAX_CHECKED_FOR_SEARCH = 1 << 30;

/** Makes `folder` the current version of the knowledge base in its parent folder. Atomic, even if the power fails. */
export async function publishVersion(folder: string, manifest: Manifest): Promise<void> {
  const files: Record<string, FileChecksum> = {};
  for (const name of await filesBelow(folder)) {
    await flush(join(folder, name));
    files[name] = await sumsOf(join(folder, name));
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
 * Checks of a complete database. Each throws `KB_DAMAGED` if the database differs from the manifest, and reads the database
 * at most once.
 */
export interface DatabaseChecks {
  /** Must run before an id counts as unknown: damage in the index of ids could hide its entity. */
  beforeUnknown(): Promise<void>;
  /** Must run before a name search: damage in the index of names could hide results. Does nothing in a huge database. */
  beforeSearch(): Promise<void>;
}

/**
 * Compares a version's files with the manifest: by the checksums of all blocks if their total size is at most
 * `MAX_CHECKED`, otherwise by size and the first block. Returns the checks of the rest of the database. Throws
 * `KB_DAMAGED` if a file is missing or differs, and `FILE_UNREADABLE` if a file cannot be read.
 */
export async function checkVersion(folder: string, { files }: PublishedManifest): Promise<DatabaseChecks> {
  const total = Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
  const database = files[DATABASE];
  if (database === undefined) throw damaged(folder, "the manifest lists no database");
  const complete = total <= MAX_CHECKED;
  for (const [name, expected] of Object.entries(files))
    await assertIntact(join(folder, name), expected, complete ? {} : { blocks: 1 });
  let checked = complete ? Promise.resolve() : undefined;
  const check = async (): Promise<void> => {
    checked ??= assertIntact(join(folder, DATABASE), database);
    await checked;
  };
  return {
    beforeUnknown: check,
    beforeSearch: async () => {
      if (database.bytes <= MAX_CHECKED_FOR_SEARCH) await check();
    },
  };
}

async function assertIntact(path: string, expected: FileChecksum, options?: CheckOptions): Promise<void> {
  const [found] = await damageOf(path, expected, options);
  if (found !== undefined) throw found;
}

interface CheckOptions {
  /** Number of blocks to check; default: all blocks. */
  readonly blocks?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each block. */
  readonly onBlock?: () => void;
}

/**
 * Compares a file with its checksum. Returns an error for each damaged block, or for the file. Throws `FILE_UNREADABLE` if
 * the file cannot be read, and `ABORTED` if the signal fires.
 */
export async function damageOf(
  path: string,
  expected: FileChecksum,
  options: CheckOptions = {},
): Promise<readonly MmelError[]> {
  try {
    const { size } = await stat(path);
    if (size !== expected.bytes) return [damaged(path, `it has ${size} bytes instead of ${expected.bytes}`)];
    if ("sha256" in expected) {
      if (options.blocks !== undefined) return [];
      return (await hashOf(path, options)) === expected.sha256 ? [] : [damaged(path, CHANGED)];
    }
    const blocks = options.blocks ?? Number.POSITIVE_INFINITY;
    const found = await sumsOf(path, options);
    return differingBlocks(found.blocks, expected.blocks)
      .filter((block) => block < blocks)
      .map((block) => damaged(placeOfBlock(path, block), CHANGED));
  } catch (error) {
    const failure = readFailure(error, path, damaged(path, "the file is missing", error));
    if (failure instanceof MmelError && failure.code === "KB_DAMAGED") return [failure];
    throw failure;
  }
}

const CHANGED = "its contents have changed";

/** Returns the sorted paths of all files in a folder and its subfolders, with `/` as the separator. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .sort();
}

async function sumsOf(path: string, options: CheckOptions = {}): Promise<{ bytes: number; blocks: string }> {
  const sums = createBlockSums();
  let bytes = 0;
  for await (const block of blocksOf(path, options)) {
    sums.add(block);
    bytes += block.length;
  }
  return { bytes, blocks: sums.finish() };
}

/** Returns the SHA-256 of a file of layout 1. */
async function hashOf(path: string, options: CheckOptions): Promise<string> {
  const hash = createHash("sha256");
  for await (const block of blocksOf(path, options)) hash.update(block);
  return hash.digest("hex");
}

/** Yields the blocks of a file in one buffer, which is filled again for each block. */
async function* blocksOf(path: string, { blocks, signal, onBlock }: CheckOptions): AsyncGenerator<Buffer> {
  await using file = await open(path);
  const end = blocks === undefined ? Number.POSITIVE_INFINITY : blocks * BLOCK;
  const buffer = Buffer.allocUnsafe(BLOCK);
  for (let at = 0; at < end; ) {
    throwIfAborted(signal);
    const { bytesRead } = await file.read(buffer, 0, BLOCK, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
    onBlock?.();
  }
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
