import type { Command } from "commander";
import type { Pictures } from "../pictures/index.js";
import { type Context, note } from "./context.js";

export interface PictureOptions {
  readonly images?: string;
  readonly features?: string;
  readonly imageEncoder?: string;
  readonly onError?: "skip" | "fail";
}

/** The options by which a command finds pictures. */
export function withPictureOptions(command: Command): Command {
  return command
    .option("--images <dir>", "folder below which the pictures of captions and entities lie")
    .option("--features <dir>", "where the pictures' vectors are kept (default: ~/.cache/mmel/features)")
    .option("--image-encoder <name|dir>", "where the model's image encoder is, if it did not come with mmel");
}

/**
 * The pictures of `--images`, if it is given; each caption's bad one is noted, or thrown with `--on-error fail`. `signal`
 * stops looking at more of them; null for work that is finished after it.
 */
export async function openCommandPictures(
  context: Context,
  { images, features, imageEncoder: encoder, onError }: PictureOptions,
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
      const without = caption === undefined ? "an entity goes without it" : "linked without it";
      note(context, `${error.code}: ${error.message}; ${without}`);
    },
  });
}

/** Says so when pictures were given to a model that does not look at any; also the sentence that a page has for it. */
export function notePicturesUnused(
  context: Context,
  pictures: Pictures | undefined,
  model: string,
): string | undefined {
  if (pictures === undefined || pictures.used()) return undefined;
  note(context, `${model} does not look at pictures; --images changes nothing`);
  return PICTURES_UNUSED;
}

export const PICTURES_UNUSED = "This model does not look at the pictures.";

/** What puts pictures of `--images` into a page, if it is given. */
export function embedder({ signal }: Context, { images }: PictureOptions) {
  if (images === undefined) return undefined;
  return async (paths: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const { embedPictures } = await import("../pictures/index.js");
    return embedPictures(paths, { images, signal });
  };
}
