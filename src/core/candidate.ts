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

/** A value of an entity's property that other entities share or that names other entities. */
export interface CandidateRelation {
  readonly property: string;
  /** A number that identifies the value: two relations have the same key if their folded values are equal. */
  readonly key: number;
  /**
   * How rare the value is, in [0, 1]: log(N / n) / log 1000, at most 1, where n of the knowledge base's N entities have
   * the value. 1 if at most one in a thousand entities has the value, 0 if all entities have it.
   */
  readonly rarity: number;
  /**
   * The other entities that the value names, most likely first. `share` is the probability that the value means this
   * entity; the shares sum to 1. Empty if the value names no other entity, or too many.
   */
  readonly targets: readonly { readonly id: string; readonly share: number }[];
}

/** An entity that a mention may refer to. */
export interface Candidate {
  readonly entity: Entity;
  /** Similarity of the mention to the entity's best-matching name, in [0, 1]. Candidates are sorted by this score. */
  readonly nameScore: number;
  readonly names: NameScores;
  /** The entity's label or alias that matches the mention best, as written in the knowledge base. */
  readonly matchedName: string;
  /**
   * The entity's relations in the knowledge base. Absent if they are unknown, or if they are not needed because the
   * caption has only one mention.
   */
  readonly relations?: readonly CandidateRelation[];
}

/** A caption with the candidates of each mention, best first. This is the input of every model. */
export interface CaptionCandidates {
  readonly caption: Caption;
  /** `candidates[i]` belongs to `caption.mentions[i]`. */
  readonly candidates: readonly (readonly Candidate[])[];
}
