import { readFile, stat } from "node:fs/promises";
import { MmelError } from "../../core/index.js";
import { decodeImage } from "../../encoders/image/index.js";
import { fileBelow } from "../../pictures/index.js";

/** The longer side of what is shown. */
const SIDE = 480;
const PIXELS = 50_000_000;

/**
 * A picture below the images folder, drawn anew as a small JPEG: nothing of a stranger's file reaches a browser.
 * `NOT_FOUND`: no such file, or one outside; `IMAGE_…`: no picture, or one over the limits.
 */
export async function thumbnail(folder: string, path: string, maxBytes: number): Promise<Buffer> {
  const file = await fileBelow(folder, path).catch((cause: unknown) => {
    throw new MmelError("NOT_FOUND", { what: "no such picture", where: JSON.stringify(path), cause });
  });
  const found = await stat(file);
  if (!found.isFile())
    throw new MmelError("NOT_FOUND", { what: "no such picture", where: JSON.stringify(path) });
  if (found.size > maxBytes)
    throw new MmelError("IMAGE_TOO_LARGE", {
      what: `the file has ${found.size} bytes`,
      expected: `at most ${maxBytes}`,
    });
  const { data, width, height } = await decodeImage(await readFile(file), {
    bytes: maxBytes,
    pixels: PIXELS,
  });
  const { default: sharp } = await import("sharp");
  return await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: SIDE, height: SIDE, fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 82 })
    .toBuffer();
}
