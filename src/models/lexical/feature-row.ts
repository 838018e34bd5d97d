import type { Candidate } from "../../core/index.js";
import type { CaptionFacts, MentionFacts } from "./caption-facts.js";
import type { Profile } from "./entity-profile.js";
import type { NameParts } from "./name-parts.js";
import type { Row } from "./row.js";

/** A mention with all that its candidates share. */
export interface Scene {
  readonly caption: CaptionFacts;
  readonly mention: MentionFacts;
  readonly candidates: number;
  readonly bestNameScore: number;
  /** How many candidates have it. */
  readonly bestNames: number;
  /** In how many candidates' values a word of `mention.content` stands. */
  readonly frequency: ReadonlyMap<string, number>;
}

/** One of the mention's candidates. */
export interface Subject {
  readonly candidate: Candidate;
  readonly profile: Profile;
  /** Parts of the name that fitted best. */
  readonly name: NameParts;
}

/** Features that belong together; an ablation leaves a group out. */
export interface Group {
  readonly features: readonly string[];
  /** Puts the candidate's features, by their position in `features`. */
  readonly fill: (scene: Scene, subject: Subject, row: Row) => void;
}

/** Position of each name in a list. */
export function positions<N extends string>(names: readonly N[]): Readonly<Record<N, number>> {
  return Object.fromEntries(names.map((name, at) => [name, at])) as Record<N, number>;
}
