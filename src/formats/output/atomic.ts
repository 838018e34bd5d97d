import { randomBytes } from "node:crypto";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { writingError } from "./errors.js";

type Lines = Iterable<string> | AsyncIterable<string>;

/**
 * Writes a whole file so that nobody ever sees a part of it: into a file beside it, synced, then renamed. On any
 * failure the old file stays as it was and nothing else is left. A name that ends in `.gz` is packed. Pipes and devices
 * are written to directly. `FILE_UNWRITABLE`, `FILE_IS_DIRECTORY`; errors of `lines` pass unchanged.
 */
export async function writeAtomically(path: string, lines: Lines): Promise<void> {
  const chunks = guarded(batched(lines));
  await write(path, path.endsWith(".gz") ? gzipped(chunks.values) : chunks.values, chunks.failure);
}

/** The same for bytes, which are written as they are. */
export async function writeBytesAtomically(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const chunks = guarded(bytes);
  await write(path, chunks.values, chunks.failure);
}

async function write(
  path: string,
  data: AsyncIterable<string | Uint8Array>,
  failure: () => unknown,
): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    const found = await stat(target).catch(() => undefined);
    if (found === undefined || found.isFile()) await replace(target, data);
    else await filled(await open(target, "w"), data);
  } catch (error) {
    throw failure() === undefined ? writingError(error, path) : failure();
  }
}

async function replace(target: string, data: AsyncIterable<string | Uint8Array>): Promise<void> {
  const beside = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
  const handle = await open(beside, "wx");
  try {
    await filled(handle, data);
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function filled(handle: FileHandle, data: AsyncIterable<string | Uint8Array>): Promise<void> {
  try {
    for await (const chunk of data) await handle.writeFile(chunk);
    await handle.sync().catch(ignoreUnsyncable);
  } finally {
    await handle.close();
  }
}

/** Pipes and terminals have nothing to sync. */
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

/** The same values, and afterwards the error that broke them off, if one did. */
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
