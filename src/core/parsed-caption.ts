import type { Caption, CaptionInput, Mention } from "./caption.js";

/** For each validated caption, maps its list of mentions to its id and text at the time of validation. */
const parsed = new WeakMap<readonly unknown[], Pick<Caption, "id" | "text">>();

/**
 * Freezes the mentions of a validated caption and marks the caption, so that it is not validated again. The caller
 * must have checked the caption against the schema and the mentions against the text.
 */
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
 * Returns whether `markParsed` marked the caption. A copy also counts as marked if it has the same id, text and list
 * of mentions. A caller may therefore add other fields, but after any other edit the caption must be validated again.
 */
export function isParsed<Given extends CaptionInput>(
  caption: Given,
): caption is Given & { readonly mentions: readonly Mention[] } {
  const original = caption.mentions && parsed.get(caption.mentions);
  return original !== undefined && original.id === caption.id && original.text === caption.text;
}
