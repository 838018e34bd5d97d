import { type FileHandle, open } from "node:fs/promises";
import { writingError } from "./errors.js";

/** A file that grows line by line; a line whose `append` has resolved survives a kill of the process. */
export interface LineFile extends AsyncDisposable {
  /** Takes one line with its line feed; wait for it before the next. */
  append(line: string): Promise<void>;
  /** Syncs to disk and closes; may be called twice. */
  close(): Promise<void>;
}

/** A new file, or an emptied one. `FILE_UNWRITABLE`, `FILE_IS_DIRECTORY`. */
export async function createLineFile(path: string): Promise<LineFile> {
  try {
    return lineFile(await open(path, "w"), path);
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
