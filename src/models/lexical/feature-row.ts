import type { Candidate } from "../../core/index.js";
import type { Agreement } from "../../names/index.js";
import type { CaptionFacts, MentionFacts } from "./caption-facts.js";
import type { EntityProfile } from "./entity-profile.js";
import type { NameParts } from "./name-parts.js";

/** Facts about a mention and its caption that apply to all of the mention's candidates. */
export interface MentionContext {
  readonly caption: CaptionFacts;
  readonly mention: MentionFacts;
  readonly candidateCount: number;
  readonly bestNameScore: number;
  /** Number of candidates with the best name score. */
  readonly bestNames: number;
  /** The best fit of a candidate's name, as `fitOf` computes it, and the number of candidates with this fit. */
  readonly bestFit: number;
  readonly bestFits: number;
  /** For each word of `mention.content`, the number of candidates whose property values or description contain it. */
  readonly frequencies: readonly number[];
}

/** A word of a mention's context that occurs in the property values or the description of a candidate. */
export interface SharedWord {
  /** Position of the word in `mention.content`. */
  readonly at: number;
  /** The kinds of properties that contain the word, as in `EntityProfile.words`. */
  readonly kinds: number;
}

/** Facts about one candidate of a mention. */
export interface CandidateFacts {
  readonly candidate: Candidate;
  readonly profile: EntityProfile;
  /** The parts of the candidate's name that best matches the mention. */
  readonly name: NameParts;
  /** How the mention agrees with this name. Undefined if they have no word in common. */
  readonly agreement: Agreement | undefined;
  /** How well the mention fits the name, as `fitOf` computes it; 0 if they have no word in common. */
  readonly fit: number;
  /**
   * The words of the mention in the spelling of this name (`agreement.words`); without an agreement, the folded words
   * of the mention.
   */
  readonly tokens: readonly string[];
  readonly sharedWords: readonly SharedWord[];
}

/** A group of related features. Ablations leave out one group at a time. */
export interface FeatureGroup {
  readonly features: readonly string[];
  /** Adds the candidate's features to the row. A feature's index is its position in `features`. */
  readonly fill: (context: MentionContext, facts: CandidateFacts, row: FeatureRow) => void;
}

/** Returns the position of each name in a list. */
export function positions<N extends string>(names: readonly N[]): Readonly<Record<N, number>> {
  return Object.fromEntries(names.map((name, index) => [name, index])) as Record<N, number>;
}

/**
 * Sparse features of one candidate, as pairs of index and value. If an index occurs several times, its values are
 * summed.
 */
export class FeatureRow {
  indices = new Uint16Array(64);
  values = new Float64Array(64);
  length = 0;
  /** Position of the current group's first feature. `put` adds it to every index. */
  base = 0;

  put(feature: number, value: number): void {
    if (value === 0) return;
    if (this.length === this.indices.length) this.grow();
    this.indices[this.length] = this.base + feature;
    this.values[this.length++] = value;
  }

  clear(): void {
    this.length = 0;
  }

  /** Returns the sum of weight × value over all features. */
  dot(weights: Float64Array): number {
    let sum = 0;
    for (let at = 0; at < this.length; at++) sum += weights[this.indices[at]!]! * this.values[at]!;
    return sum;
  }

  private grow(): void {
    const { indices, values } = this;
    this.indices = new Uint16Array(2 * indices.length);
    this.values = new Float64Array(2 * values.length);
    this.indices.set(indices);
    this.values.set(values);
  }
}
