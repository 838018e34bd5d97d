import type { Caption } from "../../core/index.js";
import { markParsed } from "../../core/parsed-caption.js";
import { captionFromWire, captionSchema, captionToWire, parseWire } from "../../formats/index.js";

/** A caption, and the line of the submitted file on which it begins. */
export interface Placed {
  readonly line: number;
  readonly caption: Caption;
}

/** Consecutive captions of a submission. */
export interface Chunk {
  /** Position of the chunk's first caption in the submission, from 0. */
  readonly first: number;
  readonly captions: readonly Placed[];
  /** The captions in the format of the column `chunk.captions`: one JSON text per line. */
  readonly text: string;
}

/** Maximum length of a chunk's text in UTF-16 code units. A chunk with a single caption may be longer. */
const MAX_LENGTH = 4 << 20;

/**
 * Groups captions into chunks of `size` captions, in order. The last chunk and chunks with long captions may contain
 * fewer.
 */
export async function* inChunks(placed: AsyncIterable<Placed>, size: number): AsyncGenerator<Chunk> {
  let first = 0;
  let captions: Placed[] = [];
  let lines: string[] = [];
  let length = 0;
  const take = (): Chunk => {
    const chunk = { first, captions, text: lines.join("\n") };
    first += captions.length;
    captions = [];
    lines = [];
    length = 0;
    return chunk;
  };
  for await (const { line, caption } of placed) {
    const text = JSON.stringify({ line, caption: captionToWire(caption) });
    if (captions.length > 0 && length + text.length > MAX_LENGTH) yield take();
    captions.push({ line, caption });
    lines.push(text);
    length += text.length;
    if (captions.length >= size) yield take();
  }
  if (captions.length > 0) yield take();
}

/** Parses `size` captions from a chunk's text, starting with the caption at index `from`. */
export function readChunk(text: string, from: number, size: number): Placed[] {
  return text
    .split("\n")
    .slice(from, from + size)
    .map((row) => {
      const { line, caption } = JSON.parse(row) as { line: number; caption: unknown };
      const wire = parseWire(captionSchema, caption, "CAPTION_INVALID");
      return { line, caption: markParsed(captionFromWire(wire)) };
    });
}
