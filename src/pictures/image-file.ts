import { createHash } from "node:crypto";
import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type ErrorCode, MmelError } from "../core/index.js";
import { checkBytes, type ImageLimits } from "../encoders/image/index.js";

/** An open picture file. */
export interface ImageFile extends AsyncDisposable {
  /**
   * Identifies the state of the file by its device, inode, size, and modification and change times. It changes whenever
   * the file is written.
   */
  readonly stamp: string;
  /**
   * Reads the file. `content` is the SHA-256 of its bytes in hexadecimal. Throws `IMAGE_TOO_LARGE` if the file exceeds
   * the limits, and `FILE_UNREADABLE` if it cannot be read.
   */
  read(): Promise<{ readonly bytes: Uint8Array; readonly content: string }>;
}

/**
 * Flags for opening a picture: do not block on a named pipe, and do not follow a symbolic link created after the path
 * was resolved.
 */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/**
 * Opens a regular file. Throws `FILE_IS_DIRECTORY` if the path is a folder, and `FILE_UNREADABLE` if the file cannot be
 * opened or is not a regular file.
 */
export async function openImageFile(path: string, limits: ImageLimits): Promise<ImageFile> {
  const handle = await open(path, FLAGS).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  try {
    const stats = await handle.stat({ bigint: true });
    if (stats.isDirectory()) throw new MmelError("FILE_IS_DIRECTORY", { what: "the path is a folder" });
    if (!stats.isFile()) throw unreadable(new Error("not a regular file"));
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

/** Reads `size` bytes, even if the file has grown since it was opened. */
async function readWhole(handle: FileHandle, size: number, limits: ImageLimits) {
  checkBytes(size, limits);
  const bytes = new Uint8Array(size);
  const { bytesRead } = await handle.read(bytes, 0, size, 0).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  if (bytesRead < size) throw unreadable(new Error("it was truncated while being read"));
  return { bytes, content: createHash("sha256").update(bytes).digest("hex") };
}

function unreadable(cause: unknown): MmelError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MmelError("FILE_UNREADABLE", { what: `the file cannot be read (${reason})`, cause });
}

const BAD_PICTURE_CODES: ReadonlySet<ErrorCode> = new Set([
  "IMAGE_UNREADABLE",
  "IMAGE_TOO_LARGE",
  "IMAGE_UNSUPPORTED",
  "PATH_OUTSIDE",
  "FILE_NOT_FOUND",
  "FILE_IS_DIRECTORY",
  "FILE_UNREADABLE",
]);

/** Returns whether an error concerns only a single picture, so that work on other pictures can continue. */
export function isBadPicture(error: unknown): error is MmelError {
  return error instanceof MmelError && BAD_PICTURE_CODES.has(error.code);
}
