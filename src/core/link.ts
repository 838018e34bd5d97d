import { type Gold, goldId } from "./caption.js";
import type { Entity } from "./entity.js";

/** A ranked candidate with its scores. */
export interface RankedCandidate {
  /** Id of the entity. */
  readonly id: string;
  readonly label: string;
  /** The entity as stored in the knowledge base. */
  readonly entity: Entity;
  /**
   * Score of the candidate (m in the paper) without the influence of other mentions, in (0, 1). In a cascade, null for
   * a candidate that was not selected for the network, unless it has the mention's highest first-stage score.
   */
  readonly match: number | null;
  /** What the caption's other mentions add to `score`: negative if they lower it, 0 if they have no influence. */
  readonly collaborative: number;
  /** Final score, by which candidates are sorted. */
  readonly score: number;
  /** Calibrated probability that the mention refers to this entity; null if the model has no calibration. */
  readonly probability: number | null;
  /** Rank that the candidate would have without the influence of the caption's other mentions, starting at 1. */
  readonly independentRank?: number;
  /**
   * The named terms from which `match` is computed: the contributions of features, the network's logit (`network` in a
   * cascade, otherwise `logit`) and the contribution of the picture (`picture`). They do not add up to `match`, which
   * is a probability. Present only with the option `explain`, and only if the model supports it.
   */
  readonly explain?: Readonly<Record<string, number>>;
}

/** The result for a mention: the entity to which it is linked, or NIL if the entity is not in the knowledge base. */
export type Outcome =
  | { readonly outcome: "linked"; readonly entity: Entity }
  | { readonly outcome: "nil"; readonly entity: null };

/**
 * A mention with its outcome and its best candidates, best first. It corresponds to a mention in a links file, but
 * contains complete entities.
 */
export type MentionLink = Outcome & {
  readonly text: string;
  /** Offsets in UTF-16 code units; absent for a mention without a position. */
  readonly start?: number;
  readonly end?: number;
  /** The type of the mention, as given in the caption. */
  readonly type?: string;
  /** Calibrated probability of the outcome; null if the model has no calibration. */
  readonly probability: number | null;
  /**
   * Calibrated probability that the entity is not in the knowledge base. With the probabilities of all candidates, also
   * those that are not listed, it sums to 1. Absent if the model has no calibration, and in links that an earlier version
   * of mmel wrote.
   */
  readonly nilProbability?: number;
  readonly candidates: readonly RankedCandidate[];
  /**
   * The entity that would rank first without the influence of the caption's other mentions. Absent if this entity ranks
   * first anyway.
   */
  readonly independent?: Entity;
  /**
   * Why the caption's other mentions changed the first candidate, in a short sentence. Present whenever `independent`
   * is present. Links read from a file can have `because`, but never `independent`.
   */
  readonly because?: string;
  /**
   * The full name of the same person elsewhere in the caption ("Clara Ferris" for the mention "Ferris"). The two were
   * linked as one mention. `mention` is the index of the mention with this name; absent if the name is in the text but
   * is not a mention. The whole field is absent if the mention was not merged with a full name.
   */
  readonly with?: { readonly text: string; readonly mention?: number };
};

/**
 * The caption that was linked, as it was given to the linker, so that it can be linked again. Every field is absent in
 * links that an earlier version of mmel wrote, and in links read from CSV.
 */
export interface CaptionSource {
  readonly text?: string;
  readonly language?: string;
  readonly image?: string;
  /** Hash of the caption (see `captionHash`). */
  readonly captionHash?: string;
}

/** The links of one caption, in the order of its mentions. */
export interface CaptionLinks extends CaptionSource {
  readonly id: string;
  readonly mentions: readonly MentionLink[];
  /** `NAME@HASH` of the model. */
  readonly model: string;
  /** `NAME@VERSION` of the knowledge base. */
  readonly kb: string;
}

/**
 * Returns whether the link of a mention agrees with its annotation (a gold entity or NIL), or undefined if `gold` is
 * undefined.
 */
export function isAsAnnotated({ entity }: MentionLink, gold: Gold | undefined): boolean | undefined {
  return gold && entity?.id === goldId({ gold });
}
