import { randomUUID } from "node:crypto";
import { mkdir, realpath, rm, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MmelError } from "../../core/index.js";
import { createTemporaryFolder } from "../../core/temporary-folder.js";
import { decodeImage, IMAGE_LIMITS } from "../../encoders/image/index.js";
import { fileBelow } from "../../pictures/index.js";

/** A picture that was sent with a request. Disposing the upload deletes its file. */
export interface Upload extends AsyncDisposable {
  /** Value for the caption's `image`. `Uploads.locate` maps it to the file. */
  readonly path: string;
}

/**
 * Store for pictures sent with requests. Each picture is kept in a private temporary folder until its upload is
 * disposed.
 */
export interface Uploads extends AsyncDisposable {
  readonly folder: string;
  /**
   * Checks that a picture can be decoded, and stores it. Throws `IMAGE_TOO_LARGE` if the picture is too large,
   * `IMAGE_UNREADABLE` or `IMAGE_UNSUPPORTED` if it cannot be decoded, and `BUSY` if the total size of all uploads
   * would exceed the limit, and `ABORTED` if the signal fires.
   */
  add(bytes: Uint8Array, signal: AbortSignal): Promise<Upload>;
  /**
   * Returns the file of the upload with this `path`. If no upload has this path, resolves the path relative to
   * `folder`, as `fileBelow` does.
   */
  locate(folder: string, path: string): Promise<string>;
  /** Returns whether `path` is the path of an upload. Vectors of uploads must not be stored. */
  readonly isUpload: (path: string) => boolean;
}

/** Maximum total bytes of all uploads. */
const MAX_TOTAL_BYTES = 256 * 2 ** 20;

export async function createUploads(maxBytes: number): Promise<Uploads> {
  const folder = createTemporaryFolder("mmel-uploads-");
  const files = new Map<string, string>();
  let totalBytes = 0;
  return {
    folder: await realpath(folder),
    async add(bytes, signal) {
      if (totalBytes + bytes.length > MAX_TOTAL_BYTES)
        throw new MmelError("BUSY", {
          what: "too many uploaded pictures are being processed",
          hint: "Retry later.",
        });
      totalBytes += bytes.length;
      const path = `upload:${randomUUID()}`;
      const file = join(folder, randomUUID());
      const remove = async (): Promise<void> => {
        if (!files.delete(path)) return;
        totalBytes -= bytes.length;
        await unlink(file).catch(() => {}); // the file may not exist yet
      };
      files.set(path, file);
      try {
        await decodeImage(bytes, { ...IMAGE_LIMITS, bytes: maxBytes }, signal);
        await mkdir(folder, { recursive: true, mode: 0o700 }); // the system may have deleted the temporary folder
        await writeFile(file, bytes, { mode: 0o600, flag: "wx" });
      } catch (error) {
        await remove();
        throw error;
      }
      return { path, [Symbol.asyncDispose]: remove };
    },
    locate: async (root, path) => files.get(path) ?? (await fileBelow(root, path)),
    isUpload: (path) => files.has(path),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
