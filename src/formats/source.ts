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
 * The bytes of a source, unpacked when they begin like a gzip or bzip2 file, whatever its name.
 * `FILE_NOT_FOUND`, `FILE_IS_DIRECTORY`, `FILE_UNREADABLE`; `FORMAT` after the last good byte of a damaged packed file;
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
    throw located(error, typeof source === "string" ? source : name);
  }
}

/** A bzip2 file begins so; the size of its blocks follows. */
const BZIP2 = "BZh";

/** Unpacked bytes that zlib gives at once. */
const UNPACKED_CHUNK = 1 << 18;

async function* unpacked(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = input[Symbol.asyncIterator]();
  try {
    const head: Uint8Array[] = [];
    let size = 0;
    while (size < BZIP2.length) {
      const { done, value } = await chunks.next();
      if (done) break;
      head.push(value);
      size += value.length;
    }
    const start = Buffer.concat(head);
    const all = chain(start, chunks);
    if (start[0] === 0x1f && start[1] === 0x8b) yield* gunzipped(all);
    else if (start.toString("latin1", 0, BZIP2.length) === BZIP2) yield* bunzipped(all);
    else yield* all;
  } finally {
    await chunks.return?.();
  }
}

async function* chain(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* gunzipped(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: UNPACKED_CHUNK });
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

/** About 10 MB/s; every stream of a file of several, as parallel packers write them. */
async function* bunzipped(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { default: unbzip2 } = await import("unbzip2-stream");
  const bunzip = unbzip2();
  const blocks: Buffer[] = []; // come while it is written to
  let failure: unknown;
  bunzip.on("data", (block: Buffer) => blocks.push(block));
  bunzip.on("error", (error) => {
    failure ??= error;
  });
  for await (const chunk of packed) {
    bunzip.write(chunk);
    yield* blocks.splice(0);
    if (failure !== undefined) break;
  }
  if (failure === undefined) bunzip.end();
  yield* blocks;
  if (failure === undefined) return;
  throw new MmelError("FORMAT", {
    what: "the bzip2 data are damaged or end too early",
    hint: "fetching the file again",
    cause: failure,
  });
}

const directory = (path: string): MmelError =>
  new MmelError("FILE_IS_DIRECTORY", { what: "this is a folder", where: path, expected: "a file" });

function located(error: unknown, where: string): MmelError {
  if (!(error instanceof MmelError)) return readingError(error, where);
  const bare = error.detail.where === undefined && error.code !== "ABORTED";
  return bare ? new MmelError(error.code, { ...error.detail, where }) : error;
}

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
