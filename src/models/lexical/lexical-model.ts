import type { CaptionCandidates } from "../../core/index.js";
import { companyOf } from "./company.js";
import type { Profile } from "./entity-profile.js";
import { FEATURE_NAMES, fillRow } from "./features.js";
import { ProfileCache } from "./profiles.js";
import { RELATIONS, type Ties, tieReader } from "./relations.js";
import { Row } from "./row.js";
import { type MentionScene, readScenes } from "./scene.js";
import type { LexicalWeights } from "./weights.js";

/** What a mention's candidates get, in their order. */
export interface ScoredMention {
  readonly profiles: readonly Profile[];
  /** l: the weighted sum of all features. */
  readonly scores: Float64Array;
  /** The relations of each candidate with the other mentions' likely entities; empty when there are none. */
  readonly relations: readonly Float64Array[];
  /** The parts of l of one candidate that are not 0, by feature name. */
  readonly explain: (candidate: number) => Readonly<Record<string, number>>;
}

export interface Scorer {
  readonly ties: (profile: Profile) => Ties;
  score(caption: CaptionCandidates): readonly ScoredMention[];
}

/** Entities read are kept, about twice so many at most. */
const PROFILES = 10_000;

/** l of every candidate of every mention (linear in named features; equation 10 gives it to the network instead). */
export function createScorer(weights: Pick<LexicalWeights, "candidate" | "company">): Scorer {
  const candidate = Float64Array.from(FEATURE_NAMES, (name) => weights.candidate[name] ?? 0);
  const company = Float64Array.from(RELATIONS, (name) => weights.company[name] ?? 0);
  const profiles = new ProfileCache(PROFILES);
  const ties = tieReader();
  const row = new Row();

  const alone = ({ scene, subjects }: MentionScene): Float64Array =>
    Float64Array.from(subjects, (subject) => {
      fillRow(scene, subject, row);
      return row.dot(candidate);
    });

  const parts = ({ scene, subjects }: MentionScene, at: number, relations: Float64Array | undefined) => {
    const named: Record<string, number> = {};
    fillRow(scene, subjects[at]!, row);
    for (let entry = 0; entry < row.length; entry++) {
      const feature = row.indices[entry]!;
      const name = FEATURE_NAMES[feature]!;
      named[name] = (named[name] ?? 0) + candidate[feature]! * row.values[entry]!;
    }
    relations?.forEach((value, relation) => {
      if (value !== 0) named[`company/${RELATIONS[relation]}`] = company[relation]! * value;
    });
    return named;
  };

  return {
    ties,
    score(caption) {
      const mentions = readScenes(caption, profiles);
      const scores = mentions.map(alone);
      const relations = companyOf(mentions, scores, ties);
      return mentions.map((mention, at) => ({
        profiles: mention.subjects.map(({ profile }) => profile),
        scores: scores[at]!.map((score, index) => score + dot(company, relations[at]![index])),
        relations: relations[at]!,
        explain: (index) => parts(mention, index, relations[at]![index]),
      }));
    },
  };
}

function dot(weights: Float64Array, values: Float64Array | undefined): number {
  return values === undefined ? 0 : values.reduce((sum, value, at) => sum + value * weights[at]!, 0);
}
