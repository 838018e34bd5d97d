import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, realpath, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MmelError } from "../../core/index.js";
import { decodeImage, IMAGE_LIMITS } from "../../encoders/image/index.js";
import { createGate, fileBelow } from "../../pictures/index.js";

/** A picture that came with a request. */
export interface Upload extends AsyncDisposable {
  /** What the caption calls it while it is there. */
  readonly path: string;
}

/** Pictures that came with requests, in a private folder, as long as their captions are being linked. */
export interface Uploads extends AsyncDisposable {
  readonly folder: string;
  /** Takes a picture on. `IMAGE_…` for what is no picture or too large, `BUSY` when too many bytes are there. */
  add(bytes: Uint8Array): Promise<Upload>;
  /** The file of a path: that of an upload, or one below the folder, as `fileBelow`. */
  locate(folder: string, path: string): Promise<string>;
}

/** Pictures that are decoded at a time. */
const DECODED_AT_ONCE = 2;
/** Bytes of all uploads together. */
const TOGETHER = 256 * 2 ** 20;

export async function createUploads(maxBytes: number): Promise<Uploads> {
  const folder = await mkdtemp(join(tmpdir(), "mmel-uploads-")); // 0700
  const files = new Map<string, string>();
  const gate = createGate(DECODED_AT_ONCE);
  let held = 0;
  return {
    folder: await realpath(folder),
    async add(bytes) {
      if (held + bytes.length > TOGETHER)
        throw new MmelError("BUSY", { what: "too many pictures are under way" });
      held += bytes.length;
      const path = `upload:${randomUUID()}`;
      const file = join(folder, randomUUID());
      const forget = async (): Promise<void> => {
        if (!files.delete(path)) return;
        held -= bytes.length;
        await unlink(file).catch(() => {}); // it may not have been written
      };
      files.set(path, file);
      try {
        await gate(() => decodeImage(bytes, { ...IMAGE_LIMITS, bytes: maxBytes }));
        await mkdir(folder, { recursive: true, mode: 0o700 }); // some machines clear their temporary folder
        await writeFile(file, bytes, { mode: 0o600, flag: "wx" });
      } catch (error) {
        await forget();
        throw error;
      }
      return { path, [Symbol.asyncDispose]: forget };
    },
    locate: async (root, path) => files.get(path) ?? (await fileBelow(root, path)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
