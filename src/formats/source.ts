import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { addAbortSignal, pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { MmelError, throwIfAborted } from "../core/index.js";

/** A file by its path, or bytes from elsewhere, such as standard input. */
export type Source = string | AsyncIterable<Uint8Array>;

/** What errors call a source. */
export function nameOfSource(source: Source): string {
  if (typeof source === "string") return basename(source);
  return "path" in source && typeof source.path === "string" ? basename(source.path) : "standard input";
}

/**
 * The bytes of a source, unpacked when they begin like a gzip file, whatever its name.
 * `FILE_NOT_FOUND`, `FILE_IS_DIRECTORY`, `FILE_UNREADABLE`; `FORMAT` after the last good byte of a damaged gzip file;
 * `ABORTED` at once when the signal fires, also while a stream has nothing to give.
 */
export async function* bytesOf(source: Source, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const name = nameOfSource(source);
  try {
    if (typeof source === "string" && (await stat(source)).isDirectory()) throw directory(source);
    const input = typeof source === "string" ? createReadStream(source, { highWaterMark: 1 << 18 }) : source;
    if (signal !== undefined && input instanceof Readable) addAbortSignal(signal, input);
    for await (const chunk of unpacked(input)) {
      throwIfAborted(signal);
      yield chunk;
    }
  } catch (error) {
    throwIfAborted(signal);
    throw error instanceof MmelError
      ? error
      : readingError(error, typeof source === "string" ? source : name);
  }
}

async function* unpacked(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = input[Symbol.asyncIterator]();
  try {
    const head: Uint8Array[] = [];
    let size = 0;
    while (size < 2) {
      const { done, value } = await chunks.next();
      if (done) break;
      head.push(value);
      size += value.length;
    }
    const start = Buffer.concat(head);
    const all = chain(start, chunks);
    yield* start[0] === 0x1f && start[1] === 0x8b ? gunzipped(all) : all;
  } finally {
    await chunks.return?.();
  }
}

async function* chain(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* gunzipped(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  pipeline(Readable.from(packed), gunzip, () => {});
  try {
    yield* gunzip;
  } catch (error) {
    for (let rest = gunzip.read(); rest !== null; rest = gunzip.read()) yield rest;
    throw error;
  } finally {
    gunzip.destroy();
  }
}

const directory = (path: string): MmelError =>
  new MmelError("FILE_IS_DIRECTORY", { what: "this is a folder", where: path, expected: "a file" });

function readingError(error: unknown, where: string): MmelError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT")
    return new MmelError("FILE_NOT_FOUND", { what: "no such file", where, cause: error });
  if (code === "EISDIR") return directory(where);
  if (code.startsWith("Z_"))
    return new MmelError("FORMAT", {
      what: `the gzip data are damaged or end too early (${message})`,
      where,
      hint: "fetching the file again",
      cause: error,
    });
  return new MmelError("FILE_UNREADABLE", { what: `cannot be read (${message})`, where, cause: error });
}
