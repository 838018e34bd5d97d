import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { MmelError, throwIfAborted } from "../../core/index.js";

/** A file below a folder, or what is no file that may be read. */
export type Found =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "refused"; readonly path: string; readonly error: MmelError };

/**
 * The files below a folder by their paths within it (with `/`), in order. Symbolic links are not followed, hidden files and
 * sidecars (`.xmp`) are passed over. Memory: the names of one folder and of those above it.
 */
export async function* filesBelow(folder: string, signal?: AbortSignal, below = ""): AsyncGenerator<Found> {
  throwIfAborted(signal);
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.name.startsWith(".") || /\.xmp$/i.test(entry.name)) continue;
    if (entry.isFile()) yield { kind: "file", path };
    else if (entry.isDirectory()) yield* filesBelow(folder, signal, path);
    else yield { kind: "refused", path, error: notFollowed(path) };
  }
}

const notFollowed = (path: string): MmelError =>
  new MmelError("PATH_OUTSIDE", {
    what: "a symbolic link or a device is not followed",
    where: path,
    expected: "a file",
  });
