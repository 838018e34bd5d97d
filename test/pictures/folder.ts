import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findImageEncoder, type ImageEncoderFiles } from "../../src/encoders/image/index.js";
import { drawn, picture } from "../encoders/image/pictures.js";

/** A tiny, randomly initialised encoder with 16 features. */
export const tinyEncoder = (name = "clip"): Promise<ImageEncoderFiles> =>
  findImageEncoder(fileURLToPath(new URL(`../encoders/image/fixtures/${name}`, import.meta.url)));

export const scratch = (): Promise<string> => mkdtemp(join(tmpdir(), "mmel-features-"));

/** Creates a folder with these files. */
export async function folderOf(files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  const folder = await scratch();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

export const png = (width: number, height: number): Promise<Buffer> =>
  drawn(picture(width, height)).png().toBuffer();
