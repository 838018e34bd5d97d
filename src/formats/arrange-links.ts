import { type FileHandle, open } from "node:fs/promises";
import { type Place, placesOf, textAt } from "./links-index.js";
import { writeAtomically } from "./output.js";

/**
 * Rewrites a links file atomically in the order of its captions. `captions` maps the id of each caption to its hash (see
 * `captionHash`), in order. Drops lines that belong to an earlier text of a caption. Lines of captions that are not in
 * `captions` come first, in their order. Keeps one position per line in memory.
 */
export async function arrangeLinks(path: string, captions: ReadonlyMap<string, string>): Promise<void> {
  await using file = await open(path);
  const others: Place[] = [];
  const places = new Map<string, Place>();
  for await (const { id, hash, place } of placesOf(file, path)) {
    const current = captions.get(id);
    if (current === undefined) others.push(place);
    else if (hash === undefined || hash === current) places.set(id, place);
  }
  const ordered = [...captions.keys()].flatMap((id) => places.get(id) ?? []);
  await writeAtomically(path, linesAt(file, [...others, ...ordered]));
}

async function* linesAt(file: FileHandle, places: readonly Place[]): AsyncGenerator<string> {
  for (const place of places) yield await textAt(file, place);
}
