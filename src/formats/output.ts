import { once } from "node:events";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { pipeline, Readable, type Writable } from "node:stream";
import { pipeline as pipelineAsync } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { MmelError } from "../core/index.js";
import { removeAbandoned, temporaryPath } from "./temporary.js";

type Lines = Iterable<string> | AsyncIterable<string>;

/**
 * Writes a file atomically: writes a temporary file in the same folder, syncs it and renames it. If anything fails, the
 * old file stays unchanged and the temporary file is removed. Compresses if `path` ends in `.gz`. Writes directly to
 * pipes and devices. Throws `FILE_IS_DIRECTORY` if `path` is a folder, and `FILE_UNWRITABLE` if writing fails for
 * another reason. Errors that `lines` throws are rethrown unchanged.
 */
export async function writeAtomically(path: string, lines: Lines): Promise<void> {
  const chunks = guarded(batched(lines));
  await writeFile(path, path.endsWith(".gz") ? gzipped(chunks.values) : chunks.values, chunks.failure);
}

/** Writes bytes atomically, as `writeAtomically` does, but never compresses. */
export async function writeBytesAtomically(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const chunks = guarded(bytes);
  await writeFile(path, chunks.values, chunks.failure);
}

async function writeFile(
  path: string,
  data: AsyncIterable<string | Uint8Array>,
  failure: () => unknown,
): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    const found = await stat(target).catch(() => undefined);
    if (found === undefined || found.isFile()) await replaceFile(target, data);
    else await fillFile(await open(target, "w"), data);
  } catch (error) {
    throw failure() === undefined ? writingError(error, path) : failure();
  }
}

async function replaceFile(target: string, data: AsyncIterable<string | Uint8Array>): Promise<void> {
  await removeAbandoned(target);
  const temporary = temporaryPath(target);
  const handle = await open(temporary, "wx");
  try {
    await fillFile(handle, data);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function fillFile(handle: FileHandle, data: AsyncIterable<string | Uint8Array>): Promise<void> {
  try {
    for await (const chunk of data) await handle.writeFile(chunk);
    await handle.sync().catch(ignoreUnsyncable);
  } finally {
    await handle.close();
  }
}

/** Ignores the error that syncing a pipe or a terminal causes. Throws any other error. */
function ignoreUnsyncable(error: NodeJS.ErrnoException): void {
  if (error.code !== "EINVAL" && error.code !== "ENOTSUP") throw error;
}

async function* batched(lines: Lines): AsyncGenerator<string> {
  let batch = "";
  for await (const line of lines) {
    batch += line;
    if (batch.length < 1 << 16) continue;
    yield batch;
    batch = "";
  }
  if (batch !== "") yield batch;
}

function gzipped(chunks: AsyncIterable<string>): AsyncIterable<Uint8Array> {
  const gzip = createGzip();
  pipeline(Readable.from(chunks), gzip, () => {});
  return gzip;
}

/** Wraps `source` so that `failure()` returns the error that `source` threw, or undefined if it did not throw. */
function guarded<T>(source: AsyncIterable<T>): { values: AsyncIterable<T>; failure: () => unknown } {
  let failure: unknown;
  async function* values(): AsyncGenerator<T> {
    try {
      yield* source;
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return { values: values(), failure: () => failure };
}

/**
 * A file that is written line by line. Once `append` has resolved, its line is kept even if the process is killed,
 * unless the file is compressed.
 */
export interface LineFile extends AsyncDisposable {
  /** Appends `line`, which must end with a line feed. Await each call before the next. */
  append(line: string): Promise<void>;
  /** Closes the file. Syncs it first, unless it is compressed. Closing the file again has no effect. */
  close(): Promise<void>;
}

/**
 * Creates or truncates a file. Compresses if `path` ends in `.gz`; buffered lines are then lost if the process is
 * killed. Throws `FILE_IS_DIRECTORY` if `path` is a folder, and `FILE_UNWRITABLE` if the file cannot be opened for
 * another reason.
 */
export async function createLineFile(path: string): Promise<LineFile> {
  try {
    const handle = await open(path, "w");
    return path.endsWith(".gz") ? gzipLineFile(handle, path) : lineFile(handle, path);
  } catch (error) {
    throw writingError(error, path);
  }
}

/** Returns a `LineFile` that appends lines at the current position of an open file. */
export function lineFile(handle: FileHandle, path: string): LineFile {
  let open = true;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await handle.datasync().catch(() => {});
    await handle.close();
  };
  return {
    append: async (line) => {
      try {
        await handle.writeFile(line);
      } catch (error) {
        throw writingError(error, path);
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function gzipLineFile(handle: FileHandle, path: string): LineFile {
  const gzip = createGzip();
  const written = pipelineAsync(gzip, handle.createWriteStream()).catch((error) => {
    throw writingError(error, path);
  });
  written.catch(() => {}); // the next append or close reports it
  const close = async (): Promise<void> => {
    gzip.end();
    await written;
  };
  return {
    append: async (line) => {
      if (gzip.destroyed) await written;
      await new Promise<void>((resolve) => gzip.write(line, () => resolve()));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Writes lines to a stream with backpressure and leaves the stream open. If `lines` throws, the lines before the error
 * are still written. Throws `FILE_UNWRITABLE` if the stream fails. The cause of this error is an `EPIPE` error if the
 * reader closed the pipe.
 */
export async function writeLines(
  stream: Writable,
  lines: Iterable<string> | AsyncIterable<string>,
  name = "standard output",
): Promise<void> {
  let broken: unknown;
  const onError = (error: unknown): void => {
    broken ??= error;
  };
  stream.on("error", onError);
  try {
    for await (const line of lines) {
      const free = stream.write(line);
      if (!free && broken === undefined) await once(stream, "drain").catch(onError);
      if (broken !== undefined) break;
    }
  } finally {
    if (broken === undefined) await flushed(stream).catch(onError);
    stream.off("error", onError);
  }
  if (broken !== undefined) throw writingError(broken, name);
}

function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write("", (error) => (error ? reject(error) : resolve()));
  });
}

/**
 * Converts the error of a failed write to `FILE_IS_DIRECTORY` or `FILE_UNWRITABLE`. Returns an `MmelError` unchanged.
 */
export function writingError(error: unknown, where: string): MmelError {
  if (error instanceof MmelError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EISDIR")
    return new MmelError("FILE_IS_DIRECTORY", { what: "the path is a folder", where, expected: "a file" });
  if (code === "ENOENT")
    return new MmelError("FILE_UNWRITABLE", {
      what: "the folder for the file does not exist",
      where,
      hint: "Create the folder first.",
      cause: error,
    });
  const what = code === "ENOSPC" ? "the disk is full" : `the file cannot be written (${message})`;
  return new MmelError("FILE_UNWRITABLE", { what, where, cause: error });
}
