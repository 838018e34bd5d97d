import type { Entity } from "./entity.js";

/** A candidate after ranking. */
export interface RankedCandidate {
  /** The entity's, as is `label`. */
  readonly id: string;
  readonly label: string;
  /** All that the knowledge base says of it. */
  readonly entity: Entity;
  /** Independent score m in (0, 1); null when a cascade did not pass the candidate to the network. */
  readonly match: number | null;
  /** What the caption's other mentions added; 0 when there are none. */
  readonly collaborative: number;
  /** What the order comes from. */
  readonly score: number;
  /** Calibrated probability that the mention means this entity; null when the model has no calibration. */
  readonly probability: number | null;
  /** Place, from 1, in the order that `match` alone gives. */
  readonly independentRank?: number;
  /** Named parts of `match`, when asked for. */
  readonly explain?: Readonly<Record<string, number>>;
}

/** What a mention is linked to: an entity, or none of the knowledge base (NIL). */
export type Outcome =
  | { readonly outcome: "linked"; readonly entity: Entity }
  | { readonly outcome: "nil"; readonly entity: null };

/** A mention, what it was linked to, and its best candidates, best first: as files have it, with whole entities. */
export type MentionLink = Outcome & {
  readonly text: string;
  /** `start` and `end`, in UTF-16 code units, of a mention that has a place in the caption's text. */
  readonly start?: number;
  readonly end?: number;
  /** Calibrated probability of the outcome; null when the model has no calibration. */
  readonly probability: number | null;
  readonly candidates: readonly RankedCandidate[];
  /** What the mention would have been linked to on its own, when the other mentions changed that. */
  readonly independent?: Entity;
};

/** All links of one caption, in the order of its mentions. */
export interface CaptionLinks {
  readonly id: string;
  readonly mentions: readonly MentionLink[];
  /** `NAME@HASH` of the model that decided. */
  readonly model: string;
  /** `NAME@VERSION` of the knowledge base. */
  readonly kb: string;
}
