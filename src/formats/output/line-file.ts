import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { writingError } from "./errors.js";

/** A file that grows line by line; a line whose `append` has resolved survives a kill of the process. */
export interface LineFile extends AsyncDisposable {
  /** Takes one line with its line feed; wait for it before the next. */
  append(line: string): Promise<void>;
  /** Syncs to disk and closes; may be called twice. */
  close(): Promise<void>;
}

/**
 * A new file, or an emptied one. `FILE_UNWRITABLE`, `FILE_IS_DIRECTORY`. A name that ends in `.gz` is packed; what the
 * packer holds back is lost at a kill, but not at `close`.
 */
export async function createLineFile(path: string): Promise<LineFile> {
  try {
    const handle = await open(path, "w");
    return path.endsWith(".gz") ? packedLineFile(handle, path) : lineFile(handle, path);
  } catch (error) {
    throw writingError(error, path);
  }
}

/** Appends to an open file from where it stands. */
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

function packedLineFile(handle: FileHandle, path: string): LineFile {
  const gzip = createGzip();
  const written = pipeline(gzip, handle.createWriteStream()).catch((error) => {
    throw writingError(error, path);
  });
  written.catch(() => {}); // also told by the next append or by close
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
