import { readdir } from "node:fs/promises";
import { join, parse } from "node:path";
import { MmelError, throwIfAborted } from "../../core/index.js";

/** An entry of a folder: a regular file, or an entry that is refused (a symbolic link or a device). */
export type Found =
  | {
      readonly kind: "file";
      /** Path inside the folder, with `/` as the separator. */
      readonly path: string;
      /** Paths of the sidecars, in order of precedence: `photo.jpg.xmp`, then `photo.xmp`. */
      readonly sidecars: readonly string[];
    }
  | { readonly kind: "refused"; readonly path: string; readonly error: MmelError };

/**
 * Yields the files in a folder and its subfolders in sorted order. Symbolic links and devices are yielded with the kind
 * `refused`. Skips hidden files and folders, and yields `.xmp` files only as sidecars. Holds in memory only the names
 * in the current folder and its parent folders.
 */
export async function* findPictures(folder: string, signal?: AbortSignal, below = ""): AsyncGenerator<Found> {
  throwIfAborted(signal);
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const inside = (name: string): string => (below === "" ? name : `${below}/${name}`);
  const sidecars = new Map(
    entries.filter(({ name }) => XMP.test(name)).map(({ name }) => [name.replace(XMP, ""), inside(name)]),
  );
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".") || XMP.test(entry.name)) continue;
    const path = inside(entry.name);
    if (entry.isFile()) {
      const found = [sidecars.get(entry.name), sidecars.get(parse(entry.name).name)];
      yield { kind: "file", path, sidecars: [...new Set(found)].filter((one) => one !== undefined) };
    } else if (entry.isDirectory()) yield* findPictures(folder, signal, path);
    else yield { kind: "refused", path, error: notFollowed(path) };
  }
}

const XMP = /\.xmp$/i;

const notFollowed = (path: string): MmelError =>
  new MmelError("PATH_OUTSIDE", {
    what: "symbolic links and devices are not read",
    where: path,
    expected: "a regular file",
  });
