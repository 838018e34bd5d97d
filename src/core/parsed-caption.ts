import type { Caption, CaptionInput, Mention } from "./caption.js";

/** The mentions of parsed captions, with the id and the text that they were checked against. */
const parsed = new WeakMap<readonly unknown[], Pick<Caption, "id" | "text">>();

/** Freezes and marks a caption that passed the schema and whose mentions fit its text, so that it is checked only once. */
export function markParsed(caption: Caption): Caption {
  const { id, text, mentions } = caption;
  for (const mention of mentions) {
    Object.freeze(mention);
    Object.freeze(mention.span);
  }
  parsed.set(Object.freeze(mentions), { id, text });
  return caption;
}

/**
 * Whether a caption was marked by `markParsed`. A copy counts while it has the same id, text and list of mentions: a
 * caller may add fields to it, but after any other edit it must be checked again.
 */
export function isParsed<Given extends CaptionInput>(
  caption: Given,
): caption is Given & { readonly mentions: readonly Mention[] } {
  const original = caption.mentions && parsed.get(caption.mentions);
  return original !== undefined && original.id === caption.id && original.text === caption.text;
}
