import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Creates a folder and its missing parent folders. Returns the topmost folder that was created, or undefined if the folder
 * existed. Throws the error of the file system.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  try {
    return await mkdir(path, { recursive: true });
  } catch (error) {
    throw codeOf(error) === "ENOENT" ? await realReason(path, error) : error;
  }
}

/**
 * On a read-only file system, Node reports that a folder does not exist (ENOENT). Creates the missing folders one by one,
 * and returns the error of the first that cannot be created.
 */
async function realReason(path: string, reported: unknown): Promise<unknown> {
  const missing: string[] = [];
  for (let folder = resolve(path); folder !== dirname(folder); folder = dirname(folder))
    missing.unshift(folder);
  for (const folder of missing) {
    const error: unknown = await mkdir(folder).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error !== undefined && codeOf(error) !== "EEXIST") return error;
  }
  return reported;
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
