import { createReadStream } from "node:fs";
import { linesOf } from "../../formats/index.js";
import type { Draft } from "./draft.js";
import { addId } from "./id-set.js";
import type { BadInFile } from "./read-dump.js";

/** The bytes of a file that count. */
export interface SegmentFile {
  readonly path: string;
  readonly length: number;
}

/** The set of the numbers in a segment, of 32 bits each in the byte order of this machine. */
export async function readNumbers(segment: SegmentFile): Promise<Map<number, Uint32Array>> {
  const set = new Map<number, Uint32Array>();
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of bytesOf(segment)) {
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    const whole = bytes.length - (bytes.length % 4);
    for (const number of new Uint32Array(bytes.buffer, 0, whole / 4)) addId(set, number);
    rest = bytes.subarray(whole);
  }
  return set;
}

/** Drafts and the lines that they come from. */
export async function* readDrafts(
  segment: SegmentFile,
): AsyncGenerator<readonly [line: number, draft: Draft]> {
  for await (const line of records(segment)) yield JSON.parse(line);
}

export async function* readBadLines(segment: SegmentFile): AsyncGenerator<BadInFile> {
  for await (const line of records(segment)) yield JSON.parse(line);
}

async function* records(segment: SegmentFile): AsyncGenerator<string> {
  for await (const line of linesOf(bytesOf(segment), Number.POSITIVE_INFINITY, segment.path)) {
    if (line.kind === "bad") throw line.error;
    yield line.text;
  }
}

async function* bytesOf({ path, length }: SegmentFile): AsyncGenerator<Uint8Array> {
  if (length > 0) yield* createReadStream(path, { end: length - 1, highWaterMark: 1 << 18 });
}
