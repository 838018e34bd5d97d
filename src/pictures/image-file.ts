import { createHash } from "node:crypto";
import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { MmelError } from "../core/index.js";
import { checkBytes, type ImageLimits } from "../encoders/image/index.js";

/** A picture's file, open. */
export interface ImageFile extends AsyncDisposable {
  /** The same as long as nobody has written to the file: its device, inode, size, and times of its content and inode. */
  readonly stamp: string;
  /** The content and its SHA-256 in hexadecimal digits. `IMAGE_TOO_LARGE`, `FILE_UNREADABLE`. */
  read(): Promise<{ readonly bytes: Uint8Array; readonly content: string }>;
}

/** Neither waits for somebody to write into a pipe, nor follows a link put there since its path was resolved. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** Opens a regular file. `FILE_IS_DIRECTORY`, `FILE_UNREADABLE`. */
export async function openImageFile(path: string, limits: ImageLimits): Promise<ImageFile> {
  const handle = await open(path, FLAGS).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  try {
    const stats = await handle.stat({ bigint: true });
    if (stats.isDirectory()) throw new MmelError("FILE_IS_DIRECTORY", { what: "this is a folder" });
    if (!stats.isFile()) throw unreadable(new Error("no regular file"));
    return {
      stamp: stampOf(stats),
      read: () => readWhole(handle, Number(stats.size), limits),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].map((part) => part.toString(36)).join(".");
}

/** No more than was there at first, should the file grow meanwhile. */
async function readWhole(handle: FileHandle, size: number, limits: ImageLimits) {
  checkBytes(size, limits);
  const bytes = new Uint8Array(size);
  const { bytesRead } = await handle.read(bytes, 0, size, 0).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  if (bytesRead < size) throw unreadable(new Error("it became shorter"));
  return { bytes, content: createHash("sha256").update(bytes).digest("hex") };
}

function unreadable(cause: unknown): MmelError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new MmelError("FILE_UNREADABLE", { what: `the file cannot be read (${why})`, cause });
}
