import { readdirSync, rmdirSync, rmSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type Entity, MmelError, throwIfAborted } from "../../core/index.js";
import { makeFolder } from "../../core/make-folder.js";
import { SCHEMA } from "../content.js";
import { LOCK_FILE, lockFolder } from "../folder-lock.js";
import type { ImportOptions, Manifest } from "../store.js";
import { openDatabase } from "./database.js";
import { writeFailure } from "./errors.js";
import { fillDatabase } from "./fill.js";
import { publishVersion } from "./folder.js";
import { DATABASE, MANIFEST, readManifest, versionNumber } from "./manifest.js";

/**
 * Imports entities into the folder `target`; see `StoreDriver.import`. Keeps the previous version until the next
 * import. If the first import fails, leaves nothing behind.
 */
export async function importIntoFolder(
  target: string,
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  options: ImportOptions = {},
): Promise<Manifest> {
  const created = await writing(target, () => prepareFolder(target));
  using _lock = lockFolder(target);
  try {
    return await importVersion(target, entities, options);
  } catch (error) {
    removeIfEmpty(target, created);
    throw error;
  }
}

async function importVersion(
  target: string,
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  options: ImportOptions,
): Promise<Manifest> {
  const folder = await writing(target, () => startVersion(target));
  try {
    const content = await fillDatabase(join(folder, DATABASE), entities, options);
    const manifest = { name: options.name ?? basename(resolve(target)), schema: SCHEMA, ...content };
    await writing(target, () => finish(folder, manifest, options));
    throwIfAborted(options.signal);
    await writing(target, () => publishVersion(folder, manifest));
    return manifest;
  } catch (error) {
    if (!(await versionsInUse(target)).includes(basename(folder))) await remove(folder);
    throw error;
  }
}

/**
 * Creates the folder if necessary. Returns the topmost folder that was created, or undefined if the folder existed.
 * Throws `CONFIG` if the folder is not empty and contains no knowledge base.
 */
async function prepareFolder(target: string): Promise<string | undefined> {
  const created = await makeFolder(target);
  const entries = await readdir(target);
  const ours = entries.some((entry) => entry === LOCK_FILE || versionNumber(entry) !== undefined);
  if (entries.length === 0 || ours) return created;
  throw new MmelError("CONFIG", {
    what: "the folder contains files, but no knowledge base",
    where: target,
    expected: "a knowledge base, or an empty or new folder",
    hint: `Choose another folder, such as \`--kb ${join(target, "kb")}\`.`,
  });
}

/**
 * If `target` contains nothing but the lock file, removes the lock file and, if the import created folders, all
 * folders from `target` up to `created`. The caller must hold the lock.
 */
function removeIfEmpty(target: string, created: string | undefined): void {
  try {
    if (readdirSync(target).some((entry) => entry !== LOCK_FILE)) return;
    rmSync(join(target, LOCK_FILE));
    if (created === undefined) return;
    const [first, last] = [resolve(created), resolve(target)];
    for (let folder = last; folder.startsWith(first); folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // the caller throws the error of the import; Windows cannot delete the open lock file
  }
}

/**
 * Removes all versions that `versionsInUse` does not return, such as incomplete versions from killed imports. Creates
 * the folder for the next version and returns its path.
 */
async function startVersion(target: string): Promise<string> {
  const inUse = await versionsInUse(target);
  let last = 0;
  for (const entry of await readdir(target)) {
    const number = versionNumber(entry);
    if (number === undefined) continue;
    last = Math.max(last, number);
    if (!inUse.includes(entry)) await remove(join(target, entry));
  }
  const folder = join(target, `version-${last + 1}`);
  await mkdir(folder);
  return folder;
}

/**
 * Returns the names of the folders to keep: the folder of the current version, or an empty list if there is no
 * knowledge base. If the manifest is damaged, returns all names in `target`, because any folder may contain the
 * current version.
 */
async function versionsInUse(target: string): Promise<readonly string[]> {
  try {
    return [(await readManifest(target)).folder];
  } catch (error) {
    if (error instanceof MmelError && error.code === "KB_NOT_FOUND") return [];
    if (error instanceof MmelError && error.code === "KB_DAMAGED") return readdir(target);
    throw error;
  }
}

/**
 * Removes the incomplete versions that killed imports left in `target`; if they left nothing else, removes the folder
 * itself. Throws `KB_BUSY` if an import is running.
 */
export async function removeUnfinished(target: string): Promise<void> {
  const isOurs = (await readdir(target)).includes(LOCK_FILE);
  if (!isOurs) return; // every import locks the folder
  using _lock = lockFolder(target);
  const inUse = await versionsInUse(target);
  const current = Math.max(0, ...inUse.map((entry) => versionNumber(entry) ?? 0));
  for (const entry of await readdir(target))
    if ((versionNumber(entry) ?? 0) > current || entry === `${MANIFEST}.new`)
      await remove(join(target, entry));
  removeIfEmpty(target, target);
}

/** Removes a file or folder, ignoring failures. On Windows, a version that is still open is removed by a later import. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => {});
}

async function finish(folder: string, manifest: Manifest, options: ImportOptions): Promise<void> {
  if (options.finish === undefined) return;
  await using store = openDatabase(folder, manifest);
  await options.finish(store, { kind: "folder", folder });
}

async function writing<T>(target: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw writeFailure(error, target);
  }
}
