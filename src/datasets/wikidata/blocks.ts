import { crc32 } from "node:zlib";
import { MmelError } from "../../core/index.js";

/** A place between two lines of an unpacked file. */
export interface Place {
  readonly bytes: number;
  readonly lines: number;
  /** CRC-32 of everything before it: tells whether another file begins the same. */
  readonly crc: number;
}

export const BEGINNING: Place = { bytes: 0, lines: 0, crc: 0 };

/** Whole lines, or a line that is too long to be kept. */
export type Block = {
  /** Number of the first line, from 1. */
  readonly line: number;
  readonly end: Place;
  /** Whether a line feed ends it; only the last line of a file may lack one. */
  readonly whole: boolean;
} & ({ readonly kind: "lines"; readonly bytes: Uint8Array } | LongLine);

interface LongLine {
  readonly kind: "long";
  readonly size: number;
  readonly excerpt: string;
}

/** Bytes that a block has at least, but for the last ones. */
const BLOCK = 1 << 20;
const LINE_FEED = 0x0a;

/**
 * Cuts bytes into blocks of whole lines, from a place that an earlier run came to. When `chunks` throws, the whole lines
 * before come out first. Memory: one block, or one line of `limit` bytes. `RESUME` when what lies before the place is not
 * what the earlier run read.
 */
export async function* blocksOf(
  chunks: AsyncIterable<Uint8Array>,
  from: Place,
  limit: number,
): AsyncGenerator<Block> {
  const buffer = createBuffer();
  let place = from;
  let long: (LongLine & { readonly crc: number }) | undefined;
  const take = (count: number, whole = true): Block => {
    const line = place.lines + 1;
    const bytes = buffer.take(count);
    const lines = place.lines + countFeeds(bytes) + (whole ? 0 : 1);
    place = { bytes: place.bytes + count, lines, crc: crc32(bytes, place.crc) };
    return { kind: "lines", bytes, line, end: place, whole };
  };
  const takeLong = (
    { kind, size, excerpt, crc }: LongLine & { readonly crc: number },
    whole = true,
  ): Block => {
    const line = place.lines + 1;
    place = { bytes: place.bytes + size, lines: line, crc };
    return { kind, size, excerpt, line, end: place, whole };
  };
  try {
    for await (const chunk of skipped(chunks, from)) {
      let rest = chunk;
      if (long !== undefined) {
        const feed = rest.indexOf(LINE_FEED) + 1;
        const part = feed === 0 ? rest : rest.subarray(0, feed);
        long = { ...long, size: long.size + part.length, crc: crc32(part, long.crc) };
        if (feed === 0) continue;
        yield takeLong(long);
        long = undefined;
        rest = rest.subarray(feed);
      }
      buffer.add(rest);
      const isLong = buffer.open() > limit;
      if (buffer.complete() >= BLOCK || (isLong && buffer.complete() > 0)) yield take(buffer.complete());
      if (isLong) long = beginLong(buffer.take(buffer.open()), place.crc);
    }
  } catch (error) {
    if (buffer.complete() > 0) yield take(buffer.complete());
    throw error;
  }
  if (buffer.complete() > 0) yield take(buffer.complete());
  if (long !== undefined) yield takeLong(long, false);
  else if (buffer.open() > 0) yield take(buffer.open(), false);
}

function beginLong(bytes: Uint8Array, crc: number): LongLine & { readonly crc: number } {
  const excerpt = `${Buffer.from(bytes.subarray(0, 200)).toString("latin1")}…`;
  return { kind: "long", size: bytes.length, excerpt, crc: crc32(bytes, crc) };
}

/** Bytes not taken yet: first those of whole lines, then those of a line still open. */
function createBuffer() {
  let pieces: Uint8Array[] = [];
  let [size, complete] = [0, 0];
  return {
    complete: () => complete,
    open: () => size - complete,
    add(piece: Uint8Array): void {
      const feed = piece.lastIndexOf(LINE_FEED);
      if (feed >= 0) complete = size + feed + 1;
      pieces.push(piece);
      size += piece.length;
    },
    /** The first bytes, in memory of their own, so that it can be handed to a thread. */
    take(count: number): Uint8Array {
      const taken = new Uint8Array(count);
      let at = 0;
      const left: Uint8Array[] = [];
      for (const piece of pieces) {
        const part = piece.subarray(0, count - at);
        taken.set(part, at);
        at += part.length;
        if (part.length < piece.length) left.push(piece.subarray(part.length));
      }
      pieces = left;
      size -= count;
      complete = Math.max(0, complete - count);
      return taken;
    },
  };
}

function countFeeds({ buffer, byteOffset, length }: Uint8Array): number {
  const bytes = Buffer.from(buffer, byteOffset, length); // searched ten times as fast
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}

async function* skipped(
  chunks: AsyncIterable<Uint8Array>,
  { bytes, crc }: Place,
): AsyncGenerator<Uint8Array> {
  let left = bytes;
  let found = 0;
  for await (const chunk of chunks) {
    const part = chunk.subarray(0, left);
    if (part.length > 0) {
      found = crc32(part, found);
      left -= part.length;
      if (left === 0 && found !== crc)
        throw changed("the file is another one than the interrupted import read");
    }
    if (part.length < chunk.length) yield chunk.subarray(part.length);
  }
  if (left > 0) throw changed("the file ends before the place that the interrupted import came to");
}

function changed(what: string): MmelError {
  return new MmelError("RESUME", {
    what,
    expected: "the same file, or a longer one that begins the same",
    hint: "the import without --resume, which starts over",
  });
}
