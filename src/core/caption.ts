/** The annotation of a mention: the correct entity, or NIL if the correct entity is not in the knowledge base. */
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
  /**
   * What the mention names: "person", "organisation", "place", "work", a tag such as PER or GPE, or a type of the knowledge
   * base. Case does not matter.
   */
  readonly type?: string;
  readonly gold?: Gold;
  /**
   * Other mentions of the same person, such as "Ferris" for the mention "Clara Ferris". Before a model scores the
   * caption, the linker moves these mentions from the caption's list of mentions to this field.
   */
  readonly repeats?: readonly Mention[];
}

/** Maximum length of a mention's type, in UTF-16 code units. */
export const MAX_TYPE_LENGTH = 100;

/** A text with its mentions and, optionally, a picture. The mentions of a caption are linked together. */
export interface Caption {
  readonly id: string;
  readonly text: string;
  readonly mentions: readonly Mention[];
  /** Path relative to the images folder. */
  readonly image?: string;
  /** BCP 47 language tag. */
  readonly language?: string;
}

/**
 * A mention in the format of captions files. `start` and `end` are offsets in UTF-16 code units; both are present or
 * both are absent. `gold` is an entity id, or null for NIL.
 */
interface FileMention {
  readonly text: string;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly type?: string | undefined;
  readonly gold?: string | null | undefined;
}

/**
 * A caption that a linker accepts: a `Caption`, or a parsed JSON line from a captions file. `mentions` may be missing
 * if the linker detects mentions. Linking ignores gold annotations.
 */
export interface CaptionInput {
  readonly id: string;
  readonly text: string;
  readonly mentions?: readonly (FileMention | Mention)[] | undefined;
  readonly image?: string | undefined;
  readonly language?: string | undefined;
}

/** Returns the id of the annotated entity; undefined if the annotation is NIL or missing. */
export const goldId = ({ gold }: Pick<Mention, "gold">): string | undefined =>
  gold?.kind === "entity" ? gold.id : undefined;

/** Maximum number of mentions per caption. */
export const MAX_MENTIONS = 1_000;

/** Returns a copy of the caption without gold annotations. */
export function withoutGold(caption: Caption): Caption {
  return { ...caption, mentions: caption.mentions.map(({ gold: _, ...mention }) => mention) };
}
