import { crc32 } from "node:zlib";
import { MmelError } from "../../core/index.js";

/** A position between two lines of a decompressed file. */
export interface Position {
  readonly bytes: number;
  readonly lines: number;
  /** CRC-32 of all bytes before the position. Used to detect a file whose beginning has changed. */
  readonly crc: number;
}

export const BEGINNING: Position = { bytes: 0, lines: 0, crc: 0 };

/** A block of complete lines, or an excerpt of a single line that exceeds the length limit. */
export type Block = {
  /** Number of the first line, counted from 1. */
  readonly line: number;
  readonly end: Position;
  /** Whether the block ends with a line feed. Only the last line of a file may lack one. */
  readonly whole: boolean;
} & ({ readonly kind: "lines"; readonly bytes: Uint8Array } | LongLine);

interface LongLine {
  readonly kind: "long";
  readonly size: number;
  readonly excerpt: string;
}

/**
 * Minimum size of a block in bytes. Blocks may be smaller at the end of the file, before a long line and before a read
 * error.
 */
const MIN_BLOCK = 1 << 20;
const LINE_FEED = 0x0a;

/**
 * Splits the bytes of a file into blocks of complete lines. Starts at `from`, which is the position that an earlier run
 * reached, or the beginning of the file. If `chunks` throws, first yields the complete lines read so far, and then
 * throws the same error. Keeps at most one block and one incomplete line of up to `limit` bytes in memory. Throws
 * `RESUME` if the bytes before `from` differ from the bytes that the earlier run read.
 */
export async function* blocksOf(
  chunks: AsyncIterable<Uint8Array>,
  from: Position,
  limit: number,
): AsyncGenerator<Block> {
  const buffer = createBuffer();
  let position = from;
  let long: (LongLine & { readonly crc: number }) | undefined;
  const take = (count: number, whole = true): Block => {
    const line = position.lines + 1;
    const bytes = buffer.take(count);
    const lines = position.lines + countFeeds(bytes) + (whole ? 0 : 1);
    position = { bytes: position.bytes + count, lines, crc: crc32(bytes, position.crc) };
    return { kind: "lines", bytes, line, end: position, whole };
  };
  const takeLong = (
    { kind, size, excerpt, crc }: LongLine & { readonly crc: number },
    whole = true,
  ): Block => {
    const line = position.lines + 1;
    position = { bytes: position.bytes + size, lines: line, crc };
    return { kind, size, excerpt, line, end: position, whole };
  };
  try {
    for await (const chunk of bytesAfter(chunks, from)) {
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
      if (buffer.complete() >= MIN_BLOCK || (isLong && buffer.complete() > 0)) yield take(buffer.complete());
      if (isLong) long = beginLong(buffer.take(buffer.open()), position.crc);
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

/**
 * Creates a buffer for bytes that are added at the end and taken from the beginning. It contains `complete` bytes of
 * complete lines, and then `open` bytes of an incomplete line.
 */
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
    /** Removes the first `count` bytes. Returns them in a new buffer, which can be transferred to a thread. */
    take(count: number): Uint8Array {
      const taken = new Uint8Array(count);
      let offset = 0;
      const remaining: Uint8Array[] = [];
      for (const piece of pieces) {
        const part = piece.subarray(0, count - offset);
        taken.set(part, offset);
        offset += part.length;
        if (part.length < piece.length) remaining.push(piece.subarray(part.length));
      }
      pieces = remaining;
      size -= count;
      complete = Math.max(0, complete - count);
      return taken;
    },
  };
}

function countFeeds({ buffer, byteOffset, length }: Uint8Array): number {
  const bytes = Buffer.from(buffer, byteOffset, length); // Buffer.indexOf is ten times as fast as Uint8Array.indexOf
  let count = 0;
  for (let feed = bytes.indexOf(LINE_FEED); feed >= 0; feed = bytes.indexOf(LINE_FEED, feed + 1)) count++;
  return count;
}

/**
 * Yields the bytes after a position. Throws `RESUME` if the bytes before the position do not have the expected
 * checksum, or if the file ends before the position.
 */
async function* bytesAfter(
  chunks: AsyncIterable<Uint8Array>,
  { bytes, crc }: Position,
): AsyncGenerator<Uint8Array> {
  let left = bytes;
  let found = 0;
  for await (const chunk of chunks) {
    const part = chunk.subarray(0, left);
    if (part.length > 0) {
      found = crc32(part, found);
      left -= part.length;
      if (left === 0 && found !== crc)
        throw changed("the file differs from the file that the interrupted import read");
    }
    if (part.length < chunk.length) yield chunk.subarray(part.length);
  }
  if (left > 0) throw changed("the file ends before the position that the interrupted import reached");
}

function changed(what: string): MmelError {
  return new MmelError("RESUME", {
    what,
    expected: "the same file, or a longer one with the same beginning",
    hint: "Start over by importing without `--resume`.",
  });
}
