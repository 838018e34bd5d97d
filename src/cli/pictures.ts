import type { Command } from "commander";
import { counted } from "../core/index.js";
import type { Embedder, Pictures } from "../pictures/index.js";
import { type Context, note } from "./context.js";
import type { InputOptions } from "./input.js";

export interface PictureOptions {
  readonly images?: string;
  readonly features?: string;
  readonly imageEncoder?: string;
}

/** Adds the options `--images`, `--features` and `--image-encoder`. */
export function withPictureOptions(command: Command): Command {
  return command
    .option("--images <dir>", "folder with the pictures of captions and entities")
    .option("--features <dir>", "folder for cached image vectors (default: ~/.cache/mmel/features)")
    .option("--image-encoder <name|dir>", "image encoder for a model whose encoder is not bundled");
}

/**
 * Opens the pictures in the folder `--images`, or returns undefined without this option. An unreadable picture is
 * skipped with a note on stderr or, with `--on-error fail`, its error is thrown. Pass `signal: null` if the work must be
 * finished even after an interruption.
 */
export async function openCommandPictures(
  context: Context,
  { images, features, imageEncoder: encoder, onError }: PictureOptions & Partial<InputOptions>,
  signal: AbortSignal | null = context.signal,
): Promise<Pictures | undefined> {
  if (images === undefined) return undefined;
  const { openPictures } = await import("../pictures/index.js");
  return openPictures({
    images,
    features,
    encoder,
    signal: signal ?? undefined,
    onBad: (error, caption) => {
      if (onError === "fail") throw error;
      const user = caption === undefined ? "an entity" : "a caption";
      note(context, `ignoring the picture of ${user}: ${error.code}: ${error.message}`);
    },
  });
}

/**
 * Prints a note if pictures were given but the model did not use them, and returns a sentence about this for an HTML
 * page. Returns undefined otherwise.
 */
export function notePicturesUnused(
  context: Context,
  pictures: Pictures | undefined,
  model: string,
): string | undefined {
  if (pictures === undefined || pictures.used()) return undefined;
  note(context, `${model} does not use pictures; --images has no effect`);
  return PICTURES_UNUSED;
}

export const PICTURES_UNUSED = "This model does not use the pictures.";

/** Opens the pictures in `--images` for an HTML page. Without this option, returns undefined. */
export async function openEmbedder(
  { signal }: Context,
  { images }: PictureOptions,
): Promise<Embedder | undefined> {
  if (images === undefined) return undefined;
  const { createEmbedder } = await import("../pictures/index.js");
  return createEmbedder({ images, signal });
}

/** Prints a note if a page does not contain all pictures. */
export function notePicturesLeftOut(context: Context, embedder: Embedder | undefined): void {
  const leftOut = embedder?.leftOut() ?? 0;
  if (leftOut > 0)
    note(context, `the page does not show ${counted(leftOut, "picture")}, because it would become too large`);
}
