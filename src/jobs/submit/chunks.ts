import type { Caption } from "../../core/index.js";
import { markParsed } from "../../core/parsed-caption.js";
import { captionFromWire, captionSchema, captionToWire, parseWire } from "../../formats/index.js";

/** A caption with the line of the submitted file that it began on. */
export interface Placed {
  readonly line: number;
  readonly caption: Caption;
}

/** Consecutive captions of a submission. */
export interface Chunk {
  /** Place of its first caption in the submission, from 0. */
  readonly first: number;
  readonly captions: readonly Placed[];
  /** As `chunk.captions` keeps them: one JSON text a line. */
  readonly text: string;
}

/** A chunk of long captions closes before it gets heavier than this, in UTF-16 code units. */
const HEAVIEST = 4 << 20;

/** Captions in chunks of `size`, in order. */
export async function* inChunks(placed: AsyncIterable<Placed>, size: number): AsyncGenerator<Chunk> {
  let first = 0;
  let captions: Placed[] = [];
  let lines: string[] = [];
  let weight = 0;
  const take = (): Chunk => {
    const chunk = { first, captions, text: lines.join("\n") };
    first += captions.length;
    captions = [];
    lines = [];
    weight = 0;
    return chunk;
  };
  for await (const one of placed) {
    const text = JSON.stringify({ line: one.line, caption: captionToWire(one.caption) });
    if (captions.length > 0 && weight + text.length > HEAVIEST) yield take();
    captions.push(one);
    lines.push(text);
    weight += text.length;
    if (captions.length >= size) yield take();
  }
  if (captions.length > 0) yield take();
}

/** The captions of a chunk's text from the `from`th on, `size` of them. */
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
