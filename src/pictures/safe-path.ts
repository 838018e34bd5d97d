import { readdir, realpath, stat } from "node:fs/promises";
import { extname, isAbsolute, join, sep, win32 } from "node:path";
import { localImage, MmelError } from "../core/index.js";

/**
 * Resolves an untrusted path inside `folder`, which must be a real path, and returns the real path of the file. The URL
 * of a file on Wikimedia Commons is resolved to its local copy. Throws `FILE_NOT_FOUND` if the file does not exist or
 * cannot be accessed. Throws `PATH_OUTSIDE` for an empty or absolute path, for a path that contains `..`, NUL or a
 * backslash, and for a symbolic link that leads outside the folder.
 */
export async function fileBelow(folder: string, image: string): Promise<string> {
  const path = localImage(image);
  if (path === "" || isAbsolute(path) || win32.isAbsolute(path) || /[\0\\]/.test(path)) throw outside(path);
  if (path.split("/").includes("..")) throw outside(path);
  const real = await realpath(join(folder, path)).catch((cause: unknown) => {
    throw new MmelError("FILE_NOT_FOUND", {
      what: "the picture does not exist",
      where: JSON.stringify(path),
      cause,
    });
  });
  if (!real.startsWith(folder.endsWith(sep) ? folder : folder + sep)) throw outside(path);
  return real;
}

/**
 * Resolves an untrusted path in the first of several folders that contains the file (see `fileBelow`). The folders must
 * be real paths. If no folder contains the file, throws the error for the first folder.
 */
export async function fileInFolders(folders: readonly string[], image: string): Promise<string> {
  let failure: unknown;
  for (const folder of folders) {
    try {
      return await fileBelow(folder, image);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

function outside(path: string): MmelError {
  return new MmelError("PATH_OUTSIDE", {
    what: "the path leads outside the images folder",
    where: JSON.stringify(path),
    expected: 'a relative path inside the images folder, with "/" between folders',
  });
}

/**
 * Returns the real path of a folder of pictures. Throws `FILE_NOT_FOUND` if the path is not a folder that can be read.
 */
export async function realFolder(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined && (await stat(real)).isDirectory()) return real;
  throw new MmelError("FILE_NOT_FOUND", {
    what: "the path is not a folder, or the folder cannot be read",
    where: path,
    expected: "a folder of pictures",
  });
}

/** File extensions of pictures. */
const EXTENSIONS: ReadonlySet<string> = new Set(
  "jpg jpeg jpe jfif png gif webp tif tiff avif heic heif svg bmp".split(" ").map((name) => `.${name}`),
);

/**
 * Returns the sorted paths of all files with a picture extension in a folder and its subfolders. Skips hidden files and
 * folders, and does not follow symbolic links to folders. Throws `FILE_NOT_FOUND` if the path is not a folder that can
 * be read.
 */
export async function listImages(folder: string): Promise<string[]> {
  const paths: string[] = [];
  const walk = async (subfolder: string): Promise<void> => {
    const current = join(folder, subfolder);
    const entries = await readdir(current, { withFileTypes: true }).catch((cause: unknown) => {
      throw new MmelError("FILE_NOT_FOUND", {
        what: "the path is not a folder, or the folder cannot be read",
        where: current,
        cause,
      });
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith(".")) continue;
      const path = subfolder === "" ? entry.name : `${subfolder}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else if (EXTENSIONS.has(extname(entry.name).toLowerCase())) paths.push(path);
    }
  };
  await walk("");
  return paths;
}
