import type { WireCaption, WireEntity, WireLinks } from "../../../src/formats/wire.js";

export type WireMentionLink = WireLinks["mentions"][number];
export type WireCandidate = WireMentionLink["candidates"][number];

/** The reviewer's decision about a name: an entity or NIL. `label` is only displayed. */
export type Gold =
  | { readonly kind: "nil" }
  | { readonly kind: "entity"; readonly id: string; readonly label?: string };

/** Who decided, when, and what the linker had proposed. Exported as `review` of the mention. */
export interface DecisionRecord {
  /** The reviewer's name; absent if the reviewer gave none. */
  readonly by?: string;
  /** Time of the decision in ISO 8601. */
  readonly at: string;
  /** The proposed entity; null for NIL; absent if the name was not linked when it was decided. */
  readonly proposed?: { readonly id: string; readonly label: string } | null;
  /** Calibrated probability of the proposal; null if the model is not calibrated. */
  readonly probability?: number | null;
  readonly model?: string;
  readonly kb?: string;
  /** Whether the name was decided together with others, in one step. */
  readonly together?: boolean;
}

/** A remark about a name or a caption. */
export interface Note {
  readonly flagged?: boolean;
  readonly comment?: string;
}

/** A name in a caption, with offsets in UTF-16 code units. A name that does not occur in the text has no offsets. */
export interface Mark {
  readonly text: string;
  readonly start?: number;
  readonly end?: number;
  /** The type of the named entity: "person", for example, or a type from the knowledge base. */
  readonly type?: string;
  /** Whether only the linker marked the name, and no person changed the marks since. */
  readonly detected?: boolean;
  /** The decision; absent while the name is undecided. */
  readonly gold?: Gold;
  /** How the decision was made; absent for decisions from a file that does not tell. */
  readonly decision?: DecisionRecord;
  readonly note?: Note;
  /** Different decisions of reviewers, among which to choose (`mmel agreement`). An id of null is NIL. */
  readonly choices?: readonly { readonly id: string | null; readonly by: string }[];
}

/** A caption to review. An item contains the data that is exported and that undo restores. */
export interface Item {
  readonly id: string;
  readonly text: string;
  readonly image?: string;
  readonly language?: string;
  readonly marks: readonly Mark[];
  readonly note?: Note;
}

/** An entity that the reviewer adds because it is not in the knowledge base, in the format of entity files. */
export type NewEntity = WireEntity;

/**
 * The links of a caption and the status of the request for links. Undo does not change this data. The previous links
 * stay visible until new links arrive.
 */
export interface Linking {
  readonly status: "waiting" | "running" | "failed" | "done";
  /** Whether the names must be detected before they are linked. */
  readonly detect?: boolean;
  /** Text for the reviewer that explains why linking failed. */
  readonly message?: string;
  readonly links?: WireLinks;
  /** For each mention in `links`, the link of the mention without the caption's other names. */
  readonly alone?: readonly WireMentionLink[];
}

/** The reviewer's position: a caption and the index of one of its marks (0 if the caption has no marks). */
export interface Cursor {
  readonly item: string;
  readonly mark: number;
}

/** The item before and after a step. An item that the step adds has no `before`; one that it removes has no `after`. */
export interface Edit {
  /** Index of the item. */
  readonly at: number;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** One step that can be undone: the changed items, an added entity, and the cursor before and after the step. */
export interface Change {
  readonly edits: readonly Edit[];
  readonly added: NewEntity | undefined;
  readonly from: Cursor | undefined;
  readonly to: Cursor | undefined;
}

/**
 * The linkings of all captions. The keys are caption ids. A Map is used because an id may be any string, even
 * `__proto__`.
 */
export type Linkings = ReadonlyMap<string, Linking>;

export interface State {
  /** Captions in the order in which they were opened. */
  readonly items: readonly Item[];
  readonly linkings: Linkings;
  /** Entities to add to the knowledge base. */
  readonly additions: readonly NewEntity[];
  readonly cursor: Cursor | undefined;
  readonly past: readonly Change[];
  readonly future: readonly Change[];
}

export type { WireCaption, WireLinks };
