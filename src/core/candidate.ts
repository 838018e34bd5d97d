import type { Caption } from "./caption.js";
import type { Entity } from "./entity.js";

/** The three parts of a name score, each in [0, 1], of the entity's best-fitting name. */
export interface NameScores {
  /** Length of the longest common subsequence over the length of the longer name. */
  readonly subsequence: number;
  /** Length of the common prefix over the length of the shorter name. */
  readonly prefix: number;
  /** 1 − edit distance over the length of the longer name. */
  readonly edit: number;
}

/** An entity that a mention's text may name. */
export interface Candidate {
  readonly entity: Entity;
  /** The order of candidates: how well the name fits, in [0, 1]. */
  readonly nameScore: number;
  readonly names: NameScores;
  /** The label or alias that fitted best, as the knowledge base writes it. */
  readonly matchedName: string;
}

/** A caption with the candidates of each of its mentions, best first; what every model scores. */
export interface CaptionCandidates {
  readonly caption: Caption;
  /** `candidates[i]` belongs to `caption.mentions[i]`. */
  readonly candidates: readonly (readonly Candidate[])[];
}
