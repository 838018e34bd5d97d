import { open } from "node:fs/promises";
import { throwIfAborted } from "../../core/index.js";
import type { SegmentFile } from "./segments.js";

/** Calls with the number that begins each line, and with what stands behind `separator` if asked for. */
export async function forEachPair(
  { path, length }: SegmentFile,
  separator: number,
  signal: AbortSignal | undefined,
  each: (item: number, rest: () => Buffer) => void,
): Promise<void> {
  await using file = await open(path);
  const chunk = Buffer.allocUnsafe(1 << 20);
  let carried = 0;
  for (let position = 0; position < length; ) {
    throwIfAborted(signal);
    const room = Math.min(chunk.length - carried, length - position);
    const { bytesRead } = await file.read(chunk, carried, room, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    const filled = carried + bytesRead;
    let start = 0;
    for (let feed = chunk.indexOf(0x0a); feed >= 0 && feed < filled; feed = chunk.indexOf(0x0a, start)) {
      const end = feed;
      let item = 0;
      let at = start;
      for (; at < end && chunk[at] !== separator; at++) item = 10 * item + chunk[at]! - 0x30;
      each(item, () => chunk.subarray(at + 1, end));
      start = end + 1;
    }
    chunk.copyWithin(0, start, filled);
    carried = filled - start;
  }
}
