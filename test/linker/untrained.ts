import { resolve } from "node:path";
import type { ImageEncoderFiles } from "../../src/encoders/image/index.js";
import { initialCheckpoint, saveCheckpoint } from "../../src/models/checkpoint/index.js";
import { TINY } from "../encoders/model-folders.js";

/** Width of the vectors of `tinyEncoder`. */
export const TINY_WIDTH = 16;

/** Writes an untrained MMEL checkpoint, with or without an image encoder. */
export async function untrained(
  folder: string,
  encoder: Pick<ImageEncoderFiles, "id" | "hash"> | undefined,
  head: object = {},
): Promise<string> {
  const content = await initialCheckpoint(resolve(TINY), {
    name: "untrained",
    seed: 1,
    layers: 1,
    head: { variant: "MMEL", d: 16, heads: 2, imageWidth: TINY_WIDTH, ...head },
    ...(encoder && { imageEncoder: { id: encoder.id, hash: encoder.hash } }),
  });
  await saveCheckpoint(folder, content);
  return folder;
}
