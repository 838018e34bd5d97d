import { readdirSync, rmdirSync, rmSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type Entity, MmelError, throwIfAborted } from "../../core/index.js";
import { SCHEMA } from "../content.js";
import { lockTarget } from "../folder-lock.js";
import type { ImportOptions, Manifest } from "../store.js";
import { openDatabase } from "./database.js";
import { writeFailure } from "./errors.js";
import { fillDatabase } from "./fill.js";
import { DATABASE, LOCK, versionNumber } from "./folder.js";
import { readManifest } from "./manifest.js";
import { publish } from "./publish.js";

/**
 * Imports into the folder `target` as `StoreDriver.import` says; the previous version stays until the next import. Of an
 * import that fails and had none before it, nothing stays.
 */
export async function importIntoFolder(
  target: string,
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  options: ImportOptions = {},
): Promise<Manifest> {
  const made = await writing(target, () => prepareFolder(target));
  using _lock = lockTarget(target);
  try {
    return await importVersion(target, entities, options);
  } catch (error) {
    leaveNothing(target, made);
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
    await writing(target, () => publish(folder, manifest));
    return manifest;
  } catch (error) {
    if (!(await versionsInUse(target)).includes(basename(folder))) await remove(folder);
    throw error;
  }
}

/** Makes the folder, unless it is there, and says which one of those that lead to it is the first that it made. */
async function prepareFolder(target: string): Promise<string | undefined> {
  const made = await mkdir(target, { recursive: true });
  const entries = await readdir(target);
  const ours = entries.some((entry) => entry === LOCK || versionNumber(entry) !== undefined);
  if (entries.length === 0 || ours) return made;
  throw new MmelError("CONFIG", {
    what: "the folder holds other files",
    where: target,
    expected: "a knowledge base, an empty folder or a new one",
    hint: `--kb ${join(target, "kb")}`,
  });
}

/** Where there is no version, removes the lock, while it is held, and the folders that were made. Windows keeps open files. */
function leaveNothing(target: string, made: string | undefined): void {
  try {
    if (readdirSync(target).some((entry) => entry !== LOCK)) return;
    rmSync(join(target, LOCK));
    if (made === undefined) return;
    const [first, last] = [resolve(made), resolve(target)];
    for (let folder = last; folder.startsWith(first); folder = dirname(folder)) rmdirSync(folder);
  } catch {} // what failed before is told
}

/** Removes what no reader needs any more, the remains of killed imports too, and makes the next version's folder. */
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

/** The version that the manifest names; all versions when it is damaged, for any may be the one it named. */
async function versionsInUse(target: string): Promise<readonly string[]> {
  try {
    return [(await readManifest(target)).folder];
  } catch (error) {
    if (error instanceof MmelError && error.code === "KB_NOT_FOUND") return [];
    if (error instanceof MmelError && error.code === "KB_DAMAGED") return readdir(target);
    throw error;
  }
}

/** What cannot be removed, because somebody on Windows reads it still, a later import removes. */
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
