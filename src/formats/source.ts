import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { addAbortSignal, pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { MmelError, throwIfAborted } from "../core/index.js";
import { withStart } from "./chained.js";
import { linesOf } from "./lines.js";

/** The path of a file, or a stream of bytes such as standard input. */
export type Source = string | AsyncIterable<Uint8Array>;

/** Returns the name of a source for error messages. */
export function nameOfSource(source: Source): string {
  if (typeof source === "string") return basename(source);
  return "path" in source && typeof source.path === "string" ? basename(source.path) : "standard input";
}

/**
 * Yields the bytes of a source. Decompresses gzip and bzip2, which are recognised by their first bytes, not by the file
 * name. Throws `FILE_NOT_FOUND` if the file does not exist, `FILE_IS_DIRECTORY` if it is a folder, and
 * `FILE_UNREADABLE` if it cannot be read for another reason. Throws `FORMAT` after the last valid byte of a damaged
 * compressed file, and `ABORTED` as soon as the signal fires, even while a stream is idle.
 */
export async function* bytesOf(source: Source, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const name = nameOfSource(source);
  try {
    if (typeof source === "string" && (await stat(source)).isDirectory()) throw directory(source);
    const input = typeof source === "string" ? createReadStream(source, { highWaterMark: 1 << 18 }) : source;
    if (signal !== undefined && input instanceof Readable) addAbortSignal(signal, input);
    for await (const chunk of decompressed(input)) {
      throwIfAborted(signal);
      yield chunk;
    }
  } catch (error) {
    throwIfAborted(signal);
    throw located(error, typeof source === "string" ? source : name);
  }
}

/**
 * Reads a complete JSON file, optionally compressed, into memory. Use it for configurations and small data sets; read
 * large files line by line. Throws `FORMAT` if the file is longer than `maxBytes` or not JSON, `ENCODING` if it is not
 * UTF-8, and the errors of `bytesOf`.
 */
export async function readJson(source: Source, maxBytes = 256 << 20): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  const where = nameOfSource(source);
  let size = 0;
  for await (const chunk of bytesOf(source)) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new MmelError("FORMAT", {
        what: "the JSON file is too large",
        where,
        expected: `at most ${maxBytes} bytes`,
      });
    }
    chunks.push(chunk);
  }
  const text = decodeUtf8(Buffer.concat(chunks), where);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MmelError("FORMAT", {
      what: `the file is not JSON (${(cause as Error).message})`,
      where,
      cause,
    });
  }
}

function decodeUtf8(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MmelError("ENCODING", { what: "the file is not UTF-8", where, cause });
  }
}

const MAX_ID_LINE = 1 << 16;

/**
 * Reads ids from a text file, one per line, and skips blank lines. Throws `ENCODING` if a line is not UTF-8, and
 * `LINE_TOO_LONG` if it exceeds 64 KiB. Invalid lines are not skipped, because the caller would miss their ids.
 */
export async function* readIds(source: Source, signal?: AbortSignal): AsyncGenerator<string> {
  for await (const line of linesOf(bytesOf(source, signal), MAX_ID_LINE, nameOfSource(source))) {
    if (line.kind === "bad") throw line.error;
    const id = line.text.replace(/\r$/, "");
    if (id.trim() !== "") yield id;
  }
}

/** The first bytes of a bzip2 file. */
const BZIP2 = "BZh";

/** Size of the chunks that zlib returns, in bytes. */
const GUNZIP_CHUNK = 1 << 18;

async function* decompressed(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = input[Symbol.asyncIterator]();
  try {
    const { start, all } = await withStart(chunks, BZIP2.length);
    if (start[0] === 0x1f && start[1] === 0x8b) yield* gunzipped(all);
    else if (start.toString("latin1", 0, BZIP2.length) === BZIP2) yield* bunzipped(all);
    else yield* all;
  } finally {
    await chunks.return?.();
  }
}

async function* gunzipped(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: GUNZIP_CHUNK });
  pipeline(Readable.from(compressed), gunzip, () => {});
  try {
    yield* gunzip;
  } catch (error) {
    for (let rest = gunzip.read(); rest !== null; rest = gunzip.read()) yield rest;
    throw error;
  } finally {
    gunzip.destroy();
  }
}

/** Decompresses bzip2 at about 10 MB/s. Supports files with several streams, which parallel compressors write. */
async function* bunzipped(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { default: unbzip2 } = await import("unbzip2-stream");
  const bunzip = unbzip2();
  const blocks: Buffer[] = []; // filled during bunzip.write
  let failure: unknown;
  bunzip.on("data", (block: Buffer) => blocks.push(block));
  bunzip.on("error", (error) => {
    failure ??= error;
  });
  for await (const chunk of compressed) {
    bunzip.write(chunk);
    yield* blocks.splice(0);
    if (failure !== undefined) break;
  }
  if (failure === undefined) bunzip.end();
  yield* blocks;
  if (failure === undefined) return;
  throw new MmelError("FORMAT", {
    what: "the bzip2 data is damaged or truncated",
    hint: "Copy or download the file again.",
    cause: failure,
  });
}

const directory = (path: string): MmelError =>
  new MmelError("FILE_IS_DIRECTORY", { what: "the path is a folder", where: path, expected: "a file" });

function located(error: unknown, where: string): MmelError {
  if (!(error instanceof MmelError)) return readingError(error, where);
  const bare = error.detail.where === undefined && error.code !== "ABORTED";
  return bare ? new MmelError(error.code, { ...error.detail, where }) : error;
}

/** Converts the error of a failed read to `FILE_NOT_FOUND`, `FILE_IS_DIRECTORY`, `FORMAT` or `FILE_UNREADABLE`. */
export function readingError(error: unknown, where: string): MmelError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT")
    return new MmelError("FILE_NOT_FOUND", { what: "the file does not exist", where, cause: error });
  if (code === "EISDIR") return directory(where);
  if (code.startsWith("Z_"))
    return new MmelError("FORMAT", {
      what: `the gzip data is damaged or truncated (${message})`,
      where,
      hint: "Copy or download the file again.",
      cause: error,
    });
  return new MmelError("FILE_UNREADABLE", {
    what: `the file cannot be read (${message})`,
    where,
    cause: error,
  });
}
