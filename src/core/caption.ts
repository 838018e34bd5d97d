/** The annotated meaning of a mention: an entity, or none in the knowledge base (NIL). */
export type Gold = { readonly kind: "entity"; readonly id: string } | { readonly kind: "nil" };

/** A range of UTF-16 code units: `text.slice(start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A name in a caption. A mention without `span` has no known position and need not occur in the text. */
export interface Mention {
  readonly text: string;
  readonly span?: Span;
  readonly gold?: Gold;
}

/** A text with its mentions and, optionally, a picture. The mentions of a caption are linked together. */
export interface Caption {
  readonly id: string;
  readonly text: string;
  readonly mentions: readonly Mention[];
  /** Path below the images folder. */
  readonly image?: string;
  /** BCP 47. */
  readonly language?: string;
}

/** A mention as written in files: `start` and `end` in UTF-16 code units, both or neither; `gold` is an entity id, or null for NIL. */
interface FileMention {
  readonly text: string;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly gold?: string | null | undefined;
}

/**
 * What a linker accepts: a `Caption`, or the parsed JSON of a line of a captions file. `mentions` may be missing if the
 * linker detects them. Linking ignores gold.
 */
export interface CaptionInput {
  readonly id: string;
  readonly text: string;
  readonly mentions?: readonly (FileMention | Mention)[] | undefined;
  readonly image?: string | undefined;
  readonly language?: string | undefined;
}

/** The id of the annotated entity; undefined for NIL and without annotation. */
export const goldId = ({ gold }: Pick<Mention, "gold">): string | undefined =>
  gold?.kind === "entity" ? gold.id : undefined;

/** Maximum number of mentions per caption. */
export const MAX_MENTIONS = 1_000;

/** A copy of the caption without gold. */
export function withoutGold(caption: Caption): Caption {
  return { ...caption, mentions: caption.mentions.map(({ gold: _, ...mention }) => mention) };
}
