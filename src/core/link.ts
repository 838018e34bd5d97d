import type { Mention } from "./caption.js";
import type { Entity } from "./entity.js";

/** A candidate after ranking. */
export interface RankedCandidate {
  readonly entity: Entity;
  /** Independent score m in (0, 1); absent when a cascade did not pass the candidate to the network. */
  readonly match?: number;
  /** What the caption's other mentions added; 0 when there are none. */
  readonly collaborative: number;
  /** What the order comes from. */
  readonly score: number;
  /** Calibrated probability that the mention means this entity; absent when the model has no calibration. */
  readonly probability?: number;
  /** Place, from 1, in the order that `match` alone gives. */
  readonly independentRank?: number;
  /** Named parts of `match`, when asked for. */
  readonly explain?: Readonly<Record<string, number>>;
}

/** The decision for one mention. */
export type Outcome = { readonly kind: "linked"; readonly entity: Entity } | { readonly kind: "nil" };

/** A mention, what it was linked to, and every candidate considered, best first. */
export interface MentionLink {
  readonly mention: Mention;
  readonly outcome: Outcome;
  /** Calibrated probability of the outcome. */
  readonly probability?: number;
  readonly candidates: readonly RankedCandidate[];
  /** What the mention would have been linked to on its own, when the other mentions changed that. */
  readonly independent?: Entity;
}

/** All links of one caption, in the order of its mentions. */
export interface CaptionLinks {
  readonly id: string;
  readonly mentions: readonly MentionLink[];
  /** `NAME@HASH` of the model that decided. */
  readonly model: string;
  /** `NAME@VERSION` of the knowledge base. */
  readonly kb: string;
}
