import { existsSync } from "node:fs";
import { copyFile, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { MmelError } from "../core/index.js";
import { makeFolder } from "../core/make-folder.js";
import { writingError } from "../formats/index.js";
import { isRunning } from "../formats/temporary.js";
import { MODEL_FILES } from "./model-files.js";

/**
 * Writes a model folder atomically: `fill` writes into a temporary folder, which is then renamed to `folder`. Replaces an
 * existing model folder or an empty folder, but no other folder. Returns the result of `fill`. Throws FILE_UNWRITABLE if
 * `folder` cannot be written or contains files that are not part of a model, and the errors of `fill`.
 */
export async function replaceModelFolder<T>(folder: string, fill: (draft: string) => Promise<T>): Promise<T> {
  const target = resolve(folder);
  await clearLeftovers(target);
  await assertReplaceable(target);
  const draft = draftOf(target);
  try {
    await makeFolder(draft);
    const result = await fill(draft);
    for (const name of await readdir(draft)) await flush(join(draft, name));
    await moveInPlace(draft, target);
    return result;
  } catch (error) {
    throw writingError(error, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Checks that `replaceModelFolder` can write a folder, before the work that the model takes. Changes nothing. Throws
 * FILE_UNWRITABLE.
 */
export async function assertModelFolder(folder: string): Promise<void> {
  const target = resolve(folder);
  await assertReplaceable(target);
  try {
    const draft = draftOf(target);
    await rm((await makeFolder(draft)) ?? draft, { recursive: true });
  } catch (error) {
    throw writingError(error, folder);
  }
}

const draftOf = (target: string): string => join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);

/** Copies the files of a model to another folder. */
export async function copyModel(from: string, to: string): Promise<void> {
  for (const name of Object.values(MODEL_FILES))
    if (existsSync(join(from, name))) await copyFile(join(from, name), join(to, name));
}

/**
 * Cleans up after a process that was killed while it replaced a model folder. Removes temporary folders, and restores
 * the old model if it was moved but not replaced.
 */
export async function clearLeftovers(folder: string): Promise<void> {
  const [parent, name] = [dirname(folder), basename(folder)];
  const names = await readdir(parent).catch((): string[] => []);
  const drafts = names.filter((each) => {
    const rest = each.startsWith(`.${name}.`) ? each.slice(name.length + 2) : "";
    const [, pid] = /^(\d+)\.tmp(?:\.old)?$/.exec(rest) ?? [];
    return pid !== undefined && (Number(pid) === process.pid || !isRunning(Number(pid)));
  });
  const old = drafts.find((each) => each.endsWith(".old"));
  if (old !== undefined && !names.includes(name)) await rename(join(parent, old), folder);
  for (const each of drafts) await rm(join(parent, each), { recursive: true, force: true });
}

async function assertReplaceable(folder: string): Promise<void> {
  const ours: readonly string[] = Object.values(MODEL_FILES);
  const present = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw new MmelError("FILE_UNWRITABLE", {
      what: "the path is not a folder, or the folder cannot be read",
      where: folder,
      hint: "Choose another folder.",
      cause,
    });
  });
  const foreign = present.find((name) => !ours.includes(name));
  if (foreign !== undefined)
    throw new MmelError("FILE_UNWRITABLE", {
      what: `the folder contains ${foreign}, which is not part of a model`,
      where: folder,
      hint: "Choose an empty folder, a new folder or a model folder.",
    });
}

/**
 * Renames `draft` to `folder`. Because `rename` cannot replace a folder that contains files, an existing `folder` is
 * renamed first. If the draft then cannot be renamed, the existing folder is renamed back.
 */
async function moveInPlace(draft: string, folder: string): Promise<void> {
  const previous = `${draft}.old`;
  const replaced = await rename(folder, previous).then(
    () => true,
    () => false,
  );
  try {
    await rename(draft, folder);
  } catch (cause) {
    if (replaced) await rename(previous, folder);
    throw new MmelError("FILE_UNWRITABLE", {
      what: `the model cannot be saved: its temporary folder cannot be renamed (${(cause as Error).message})`,
      where: folder,
      cause,
    });
  }
  await rm(previous, { recursive: true, force: true });
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
