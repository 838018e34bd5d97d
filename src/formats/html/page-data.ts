/** Number of captions that a page shows at a time. */
export const SHOWN_AT_ONCE = 25;

/**
 * The captions of a page in the form in which the page contains them: JSON with only what is shown. Entities and
 * pictures are numbered across the whole page, and each is contained once.
 */
export interface PageData {
  readonly captions: readonly ShownCaption[];
  /** The entities that no earlier part of the page contains. */
  readonly entities: readonly ShownEntity[];
}

export interface ShownEntity {
  readonly id: string;
  readonly label: string;
  readonly about: string;
  readonly url?: string;
  /** Number of a picture. */
  readonly picture?: number;
}

export interface ShownCaption {
  readonly id: string;
  readonly text: string;
  readonly language?: string;
  /** Number of a picture. */
  readonly picture?: number;
  readonly mentions: readonly ShownMention[];
}

export interface ShownMention {
  readonly text: string;
  readonly start?: number;
  readonly end?: number;
  /** Label of the linked entity, or "NIL". */
  readonly link: string;
  readonly probability: number | null;
  readonly rows: readonly ShownRow[];
  /** Label of the annotated entity, or "NIL"; absent without annotation. */
  readonly gold?: string;
  /** Whether the link is as annotated; absent without annotation. */
  readonly right?: boolean;
  /** Why the caption's other mentions changed the first candidate. */
  readonly because?: string;
  /** Label of the first candidate without the caption's other mentions, if they changed it. */
  readonly alone?: string;
  /** The full name of the same person elsewhere in the caption. */
  readonly full?: string;
  /** Label of the link without the caption's picture, if it is another. */
  readonly blind?: string;
}

/** A possible referent of a mention. */
export interface ShownRow {
  /** Number of the entity; null for NIL. */
  readonly entity: number | null;
  readonly probability: number | null;
  /** Present if the probability is only an upper bound. */
  readonly atMost?: true;
  /** Present if this is the outcome of the mention. */
  readonly proposed?: true;
  /** The score without the caption's other mentions (null: ruled out early), and the final score. Absent for NIL. */
  readonly scores?: readonly [match: number | null, score: number];
  /** Rank without the caption's other mentions, if they changed it. */
  readonly rank?: number;
}
