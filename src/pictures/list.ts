import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { MmelError } from "../core/index.js";

/** How pictures' names end. */
const ENDINGS: ReadonlySet<string> = new Set(
  "jpg jpeg jpe jfif png gif webp tif tiff avif heic heif svg bmp".split(" ").map((ending) => `.${ending}`),
);

/**
 * The paths of all pictures below a folder, by the ends of their names, in order; hidden files and folders are left out,
 * and linked folders are not entered. `FILE_NOT_FOUND`.
 */
export async function listImages(folder: string): Promise<string[]> {
  const paths: string[] = [];
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((cause: unknown) => {
      throw new MmelError("FILE_NOT_FOUND", { what: "no such folder", where: join(folder, below), cause });
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith(".")) continue;
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else if (ENDINGS.has(extname(entry.name).toLowerCase())) paths.push(path);
    }
  };
  await walk("");
  return paths;
}
