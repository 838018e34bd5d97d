import type { WireCaption, WireLinks } from "../../../src/formats/wire.js";

export type WireMentionLink = WireLinks["mentions"][number];
export type WireCandidate = WireMentionLink["candidates"][number];

/** What the reviewer says a name means. The label is only for showing. */
export type Gold =
  | { readonly kind: "nil" }
  | { readonly kind: "entity"; readonly id: string; readonly label?: string };

/** A name in a caption. Offsets are UTF-16 code units; a name given apart from the text has none. */
export interface Mark {
  readonly text: string;
  readonly start?: number;
  readonly end?: number;
  /** Absent until somebody has decided. */
  readonly gold?: Gold;
}

/** One caption under review: everything that is exported, and that undo goes back over. */
export interface Item {
  readonly id: string;
  readonly text: string;
  readonly image?: string;
  readonly language?: string;
  readonly marks: readonly Mark[];
}

/**
 * What the linker said about one caption. Kept apart from the reviewer's work: undo never touches it. The last answer
 * stays visible while a new one is on its way.
 */
export interface Linking {
  readonly status: "waiting" | "running" | "failed" | "done";
  /** The linker is to find the names first. */
  readonly detect?: boolean;
  /** Why it failed, in words for the reviewer. */
  readonly message?: string;
  readonly links?: WireLinks;
  /** For each mention of `links`, what it would be if the caption's other names were left out. */
  readonly alone?: readonly WireMentionLink[];
}

/** Where the reviewer is: a caption, and the position of one of its marks (0 when it has none). */
export interface Cursor {
  readonly item: string;
  readonly mark: number;
}

/** One step of the reviewer: what it changed, and where the cursor stood. `undefined` stands for no such item. */
export interface Change {
  readonly at: number;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly from: Cursor | undefined;
  readonly to: Cursor | undefined;
}

/** By caption id. A map, since an id may be any text, also `__proto__`. */
export type Linkings = ReadonlyMap<string, Linking>;

export interface State {
  /** In the order in which they came. */
  readonly items: readonly Item[];
  readonly linkings: Linkings;
  readonly cursor: Cursor | undefined;
  readonly past: readonly Change[];
  readonly future: readonly Change[];
}

export type { WireCaption, WireLinks };
