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

/** A mention as files have it: `start` and `end` in UTF-16 code units, both or none; `gold` is an entity's id, null for NIL. */
interface FileMention {
  readonly text: string;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly gold?: string | null | undefined;
}

/**
 * A caption as code may give it to a linker: a line of a captions file, parsed, or a `Caption`. `mentions` may be missing
 * where they are detected. Linking never looks at gold.
 */
export interface CaptionInput {
  readonly id: string;
  readonly text: string;
  readonly mentions?: readonly (FileMention | Mention)[] | undefined;
  readonly image?: string | undefined;
  readonly language?: string | undefined;
}

/** The entity that a mention was annotated with; undefined for NIL and for none. */
export const goldId = ({ gold }: Pick<Mention, "gold">): string | undefined =>
  gold?.kind === "entity" ? gold.id : undefined;

/** Most mentions in one caption. */
export const MAX_MENTIONS = 1_000;

/** The caption as a linker may see it: gold taken off every mention. */
export function withoutGold(caption: Caption): Caption {
  return { ...caption, mentions: caption.mentions.map(({ gold: _, ...mention }) => mention) };
}
