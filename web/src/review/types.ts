import type { WireCaption, WireLinks } from "../../../src/formats/wire.js";

export type WireMentionLink = WireLinks["mentions"][number];
export type WireCandidate = WireMentionLink["candidates"][number];

/** The reviewer's decision for a name. The label is only for display. */
export type Gold =
  | { readonly kind: "nil" }
  | { readonly kind: "entity"; readonly id: string; readonly label?: string };

/** A name in a caption. Offsets are UTF-16 code units; a name that is not in the text has none. */
export interface Mark {
  readonly text: string;
  readonly start?: number;
  readonly end?: number;
  /** Absent until decided. */
  readonly gold?: Gold;
}

/** One caption under review: everything that is exported and can be undone. */
export interface Item {
  readonly id: string;
  readonly text: string;
  readonly image?: string;
  readonly language?: string;
  readonly marks: readonly Mark[];
}

/**
 * The linker's answer for one caption. It is separate from the reviewer's work: undo never changes it. The last answer
 * stays visible while a new one is requested.
 */
export interface Linking {
  readonly status: "waiting" | "running" | "failed" | "done";
  /** Whether the linker should detect the names first. */
  readonly detect?: boolean;
  /** Why linking failed, for the reviewer. */
  readonly message?: string;
  readonly links?: WireLinks;
  /** The answer for each mention of `links` without the caption's other names. */
  readonly alone?: readonly WireMentionLink[];
}

/** The reviewer's position: a caption and the index of one of its marks (0 if it has none). */
export interface Cursor {
  readonly item: string;
  readonly mark: number;
}

/** One step of the reviewer: the item before and after it (undefined if it does not exist), and the cursor. */
export interface Change {
  readonly at: number;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly from: Cursor | undefined;
  readonly to: Cursor | undefined;
}

/** Linkings by caption id; a Map, since an id may be any text, even `__proto__`. */
export type Linkings = ReadonlyMap<string, Linking>;

export interface State {
  /** In the order in which they were opened. */
  readonly items: readonly Item[];
  readonly linkings: Linkings;
  readonly cursor: Cursor | undefined;
  readonly past: readonly Change[];
  readonly future: readonly Change[];
}

export type { WireCaption, WireLinks };
