import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, sep, win32 } from "node:path";
import { localImage, MmelError } from "../core/index.js";

/**
 * The real path of a file that a path from outside names below a folder (itself a real path); a file of Wikimedia Commons
 * may be named by its address. `PATH_OUTSIDE` for an absolute path, one with `..`, a NUL or a backslash, and a symbolic
 * link that leads out; `FILE_NOT_FOUND`.
 */
export async function fileBelow(folder: string, image: string): Promise<string> {
  const path = localImage(image);
  if (path === "" || isAbsolute(path) || win32.isAbsolute(path) || /[\0\\]/.test(path)) throw outside(path);
  if (path.split("/").includes("..")) throw outside(path);
  const real = await realpath(join(folder, path)).catch((cause: unknown) => {
    throw new MmelError("FILE_NOT_FOUND", { what: "no such picture", where: JSON.stringify(path), cause });
  });
  if (!real.startsWith(folder.endsWith(sep) ? folder : folder + sep)) throw outside(path);
  return real;
}

function outside(path: string): MmelError {
  return new MmelError("PATH_OUTSIDE", {
    what: "the path leads out of the folder of pictures",
    where: JSON.stringify(path),
    expected: "a path below it, with / between folders",
  });
}

/** The real path of a folder of pictures. `FILE_NOT_FOUND`. */
export async function folderOf(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined && (await stat(real)).isDirectory()) return real;
  throw new MmelError("FILE_NOT_FOUND", {
    what: "no such folder",
    where: path,
    expected: "a folder of pictures",
  });
}
