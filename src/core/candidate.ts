import type { Caption } from "./caption.js";
import type { Entity } from "./entity.js";

/**
 * Three measures of how similar a mention is to the entity's best-matching name, each in [0, 1]. Titles and qualifiers
 * are left out of both.
 */
export interface NameScores {
  /** Length of the longest common subsequence, divided by the length of the longer text. */
  readonly subsequence: number;
  /** Length of the common prefix, divided by the length of the shorter text. */
  readonly prefix: number;
  /** 1 − (edit distance / length of the longer text). */
  readonly edit: number;
}

/** A value of an entity's property that other entities share or that names other entities. */
export interface CandidateRelation {
  readonly property: string;
  /**
   * A number that identifies the value. Two relations have the same key if their folded values, or the compared parts
   * of them, are equal.
   */
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
  /** Similarity of the mention to the entity's best-matching name, in [0, 1]. */
  readonly nameScore: number;
  readonly names: NameScores;
  /** The entity's label or alias that matches the mention best, as written in the knowledge base. */
  readonly matchedName: string;
  /**
   * The entity's relations in the knowledge base. Absent if they are unknown, or if the caption has only one mention
   * and they are therefore not needed.
   */
  readonly relations?: readonly CandidateRelation[];
}

/**
 * A caption with the candidates of each mention. This is the input of every model. The candidates found by name come
 * first, sorted by name score; candidates added for other reasons follow.
 */
export interface CaptionCandidates {
  readonly caption: Caption;
  /** `candidates[i]` belongs to `caption.mentions[i]`. */
  readonly candidates: readonly (readonly Candidate[])[];
}
