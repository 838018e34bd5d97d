import type { Candidate } from "../../core/index.js";
import type { CaptionFacts, MentionFacts } from "./caption-facts.js";
import type { EntityProfile } from "./entity-profile.js";
import type { NameParts } from "./name-parts.js";

/** A mention in its caption: everything that its candidates share. */
export interface MentionContext {
  readonly caption: CaptionFacts;
  readonly mention: MentionFacts;
  readonly candidateCount: number;
  readonly bestNameScore: number;
  /** Number of candidates with the best name score. */
  readonly bestNames: number;
  /** For each word of `mention.content`, the number of candidates whose values or description contain it. */
  readonly frequency: ReadonlyMap<string, number>;
}

/** One of the mention's candidates. */
export interface CandidateFacts {
  readonly candidate: Candidate;
  readonly profile: EntityProfile;
  /** Parts of the name that matched best. */
  readonly name: NameParts;
}

/** Features that belong together; an ablation leaves a group out. */
export interface FeatureGroup {
  readonly features: readonly string[];
  /** Adds the candidate's features to the row, each by its position in `features`. */
  readonly fill: (context: MentionContext, facts: CandidateFacts, row: FeatureRow) => void;
}

/** Position of each name in a list. */
export function positions<N extends string>(names: readonly N[]): Readonly<Record<N, number>> {
  return Object.fromEntries(names.map((name, index) => [name, index])) as Record<N, number>;
}

/** Sparse features of one candidate: pairs of index and value. Values of a repeated index add up. */
export class FeatureRow {
  indices = new Uint16Array(64);
  values = new Float64Array(64);
  length = 0;
  /** Added to every index: the position of the current group's first feature. */
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

  /** The sum of weight × value. */
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
