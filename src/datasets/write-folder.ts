import { randomBytes } from "node:crypto";
import { readdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { MmelError } from "../core/index.js";
import { makeFolder } from "../core/make-folder.js";

/**
 * Creates a folder atomically: `fill` writes into a temporary folder next to `folder`, and the temporary folder is then
 * renamed. If `fill` throws, the temporary folder is deleted. Returns the result of `fill`. Throws `FILE_UNWRITABLE` if
 * `folder` exists and is not empty, if it cannot be written, or if `fill` throws an error other than an `MmelError`.
 */
export async function writeFolder<T>(folder: string, fill: (draft: string) => Promise<T>): Promise<T> {
  const target = resolve(folder);
  await assertEmpty(target);
  const draft = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await makeFolder(draft);
    const result = await fill(draft);
    await rmdir(target).catch(() => {});
    await rename(draft, target);
    return result;
  } catch (cause) {
    if (cause instanceof MmelError) throw cause;
    const what = `the folder cannot be written (${(cause as Error).message})`;
    throw new MmelError("FILE_UNWRITABLE", { what, where: folder, cause });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function assertEmpty(folder: string): Promise<void> {
  const present = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw new MmelError("FILE_UNWRITABLE", {
      what: "the path is not a folder, or the folder cannot be read",
      where: folder,
      cause,
    });
  });
  if (present.length > 0)
    throw new MmelError("FILE_UNWRITABLE", {
      what: "the folder is not empty",
      where: folder,
      expected: "an empty or new folder",
      hint: "Choose another folder with `--output`.",
    });
}
