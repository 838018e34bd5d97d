import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { linesOf } from "./lines.js";
import { writeAtomically } from "./output.js";

/** Maximum length of a line of links, in bytes. */
const MAX_LINE = 1 << 30;

/**
 * Rewrites a links file atomically in the order of its captions. `captions` maps the id of each caption to its hash (see
 * `captionHash`), in order. Drops lines that belong to an earlier text of a caption. Lines of captions that are not in
 * `captions` come first, in their order. Keeps one position per line in memory.
 */
export async function arrangeLinks(path: string, captions: ReadonlyMap<string, string>): Promise<void> {
  await using file = await open(path);
  const others: Place[] = [];
  const places = new Map<string, Place>();
  for await (const { id, hash, place } of placesOf(path, await markLength(file))) {
    const current = captions.get(id);
    if (current === undefined) others.push(place);
    else if (hash === undefined || hash === current) places.set(id, place);
  }
  const ordered = [...captions.keys()].flatMap((id) => places.get(id) ?? []);
  await writeAtomically(path, linesAt(file, [...others, ...ordered]));
}

/** The bytes of a line in a file, with the line feed. */
interface Place {
  readonly start: number;
  readonly length: number;
}

/** Returns the length of the byte-order mark at the start of the file, in bytes. */
async function markLength(file: FileHandle): Promise<number> {
  const { buffer } = await file.read(Buffer.alloc(MARK.length), 0, MARK.length, 0);
  return buffer.equals(MARK) ? MARK.length : 0;
}

const MARK = Buffer.from("\ufeff");

async function* placesOf(path: string, from: number) {
  let start = from;
  for await (const line of linesOf(createReadStream(path), MAX_LINE, path)) {
    if (line.kind === "bad") throw line.error;
    const length = Buffer.byteLength(line.text) + 1;
    const place = { start, length };
    start += length;
    if (line.text.trim() === "") continue;
    const { id, captionHash: hash } = JSON.parse(line.text) as { id: string; captionHash?: string };
    yield { id, hash, place };
  }
}

async function* linesAt(file: FileHandle, places: readonly Place[]): AsyncGenerator<string> {
  for (const { start, length } of places) {
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, start);
    yield buffer.toString();
  }
}
