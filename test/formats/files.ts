import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Read } from "../../src/formats/index.js";

/** A temporary folder for the files of a test. */
export const folder = mkdtempSync(join(tmpdir(), "mmel-formats-"));

let count = 0;

/** Writes a new file and returns its path. */
export function file(content: string | Uint8Array, name = "test.jsonl"): string {
  const path = join(folder, `${++count}-${name}`);
  writeFileSync(path, content);
  return path;
}

/** Bytes in chunks of `size`, as from a pipe. */
export async function* chunks(text: string | Uint8Array, size = 3): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const value of values) gathered.push(value);
  return gathered;
}

/** The values of all records; throws at a rejected one. */
export async function values<T>(reads: AsyncIterable<Read<T>>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const read of reads) {
    if (read.kind === "rejected") throw read.error;
    gathered.push(read.value);
  }
  return gathered;
}

/** For each record its value as `show` returns it, or the line and code of its rejection. */
export async function outcomes<T>(
  reads: AsyncIterable<Read<T>>,
  show: (value: T) => unknown,
): Promise<unknown[]> {
  return (await all(reads)).map((read) =>
    read.kind === "record" ? show(read.value) : [read.line, read.error.code],
  );
}
