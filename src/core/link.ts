import type { Entity } from "./entity.js";

/** A candidate after ranking. */
export interface RankedCandidate {
  /** Id of the entity. */
  readonly id: string;
  readonly label: string;
  /** The entity as the knowledge base has it. */
  readonly entity: Entity;
  /** Independent score m in (0, 1); null if a cascade did not pass the candidate to the network. */
  readonly match: number | null;
  /** What the caption's other mentions add to the score; 0 if there are none. */
  readonly collaborative: number;
  /** Candidates are ordered by this score. */
  readonly score: number;
  /** Calibrated probability that the mention refers to this entity; null if the model has no calibration. */
  readonly probability: number | null;
  /** Rank by `match` alone, from 1. */
  readonly independentRank?: number;
  /** The named parts of `match`, if requested. */
  readonly explain?: Readonly<Record<string, number>>;
}

/** What a mention is linked to: an entity, or none in the knowledge base (NIL). */
export type Outcome =
  | { readonly outcome: "linked"; readonly entity: Entity }
  | { readonly outcome: "nil"; readonly entity: null };

/** A mention, its outcome, and its best candidates, best first: the form of links files, with whole entities. */
export type MentionLink = Outcome & {
  readonly text: string;
  /** Offsets in UTF-16 code units; absent for a mention without a position. */
  readonly start?: number;
  readonly end?: number;
  /** Calibrated probability of the outcome; null if the model has no calibration. */
  readonly probability: number | null;
  readonly candidates: readonly RankedCandidate[];
  /** The entity that ranks first without the other mentions, if they changed it. */
  readonly independent?: Entity;
};

/** The links of one caption, in the order of its mentions. */
export interface CaptionLinks {
  readonly id: string;
  readonly mentions: readonly MentionLink[];
  /** `NAME@HASH` of the model. */
  readonly model: string;
  /** `NAME@VERSION` of the knowledge base. */
  readonly kb: string;
}
