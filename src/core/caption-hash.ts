import { hash } from "node:crypto";
import type { Caption } from "./caption.js";
import type { CaptionSource } from "./link.js";

/** Returns what links record about the caption that was given to the linker. */
export function sourceOf(caption: Caption): CaptionSource {
  const { text, language, image } = caption;
  return {
    text,
    ...(language !== undefined && { language }),
    ...(image !== undefined && { image }),
    captionHash: captionHash(caption),
  };
}

/**
 * Returns a hash of everything in a caption that linking uses: text, language, path of the picture, and the mentions
 * without their gold annotations. Captions with equal hashes get equal links, except if the picture itself has changed.
 */
export function captionHash({ text, language, image, mentions }: Caption): string {
  const places = mentions.map(({ text, span, type }) => [text, span?.start, span?.end, type]);
  const content = JSON.stringify([text, language, image, places]);
  return hash("sha256", content).slice(0, 16);
}
