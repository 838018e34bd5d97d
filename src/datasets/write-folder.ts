import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { MmelError } from "../core/index.js";

/**
 * Fills a folder so that nobody ever sees a part of it: beside its place first, then moved there. When `fill` fails or is
 * interrupted nothing is left. `FILE_UNWRITABLE` when the folder holds something already.
 */
export async function writeFolder<T>(folder: string, fill: (draft: string) => Promise<T>): Promise<T> {
  const target = resolve(folder);
  await assertEmpty(target);
  const draft = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await mkdir(draft, { recursive: true });
    const result = await fill(draft);
    await rmdir(target).catch(() => {});
    await rename(draft, target);
    return result;
  } catch (cause) {
    if (cause instanceof MmelError) throw cause;
    const what = `cannot be written (${(cause as Error).message})`;
    throw new MmelError("FILE_UNWRITABLE", { what, where: folder, cause });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function assertEmpty(folder: string): Promise<void> {
  const present = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw new MmelError("FILE_UNWRITABLE", {
      what: "this is no folder that can be filled",
      where: folder,
      cause,
    });
  });
  if (present.length > 0)
    throw new MmelError("FILE_UNWRITABLE", {
      what: "the folder holds something already",
      where: folder,
      expected: "an empty folder, or none",
      hint: "another --output",
    });
}
