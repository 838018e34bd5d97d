import type { Caption } from "./caption.js";
import type { Entity } from "./entity.js";

/** The three parts of a name score, each in [0, 1], for the entity's best-matching name. */
export interface NameScores {
  /** Length of the longest common subsequence, divided by the length of the longer name. */
  readonly subsequence: number;
  /** Length of the common prefix, divided by the length of the shorter name. */
  readonly prefix: number;
  /** 1 − (edit distance / length of the longer name). */
  readonly edit: number;
}

/** An entity that a mention may refer to. */
export interface Candidate {
  readonly entity: Entity;
  /** Similarity of the mention to the entity's best-matching name, in [0, 1]. Candidates are sorted by this score. */
  readonly nameScore: number;
  readonly names: NameScores;
  /** The entity's label or alias that matches the mention best, as written in the knowledge base. */
  readonly matchedName: string;
}

/** A caption with the candidates of each mention, best first. This is the input of every model. */
export interface CaptionCandidates {
  readonly caption: Caption;
  /** `candidates[i]` belongs to `caption.mentions[i]`. */
  readonly candidates: readonly (readonly Candidate[])[];
}
