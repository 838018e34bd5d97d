/** What the annotator said a mention means: an entity of the knowledge base, or none of them (NIL). */
export type Gold = { readonly kind: "entity"; readonly id: string } | { readonly kind: "nil" };

/** A stretch of text in UTF-16 code units, `text.slice(start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A name in a caption. Without `span` it was given apart from the text and may not even occur in it. */
export interface Mention {
  readonly text: string;
  readonly span?: Span;
  readonly gold?: Gold;
}

/** One text, its picture if it has one, and the names in it; all its mentions are linked together. */
export interface Caption {
  readonly id: string;
  readonly text: string;
  readonly mentions: readonly Mention[];
  /** Path below the images folder. */
  readonly image?: string;
  /** BCP 47. */
  readonly language?: string;
}

/** Most mentions in one caption. */
export const MAX_MENTIONS = 1_000;

/** The caption as a linker may see it: gold taken off every mention. */
export function withoutGold(caption: Caption): Caption {
  return { ...caption, mentions: caption.mentions.map(({ gold: _, ...mention }) => mention) };
}
