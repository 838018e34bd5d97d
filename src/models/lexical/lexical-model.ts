import { type CaptionCandidates, throwIfAborted } from "../../core/index.js";
import type { MentionScores, Model } from "../model.js";
import { shares } from "../softmax.js";
import { createProfileReader, type EntityProfile } from "./entity-profile.js";
import { FeatureRow } from "./feature-row.js";
import { FEATURE_NAMES, fillRow, type MentionInput, readMentions } from "./features.js";
import {
  createRelationReader,
  createRelationSimilarity,
  type EntityMix,
  expectedRelations,
  RELATIONS,
  type RelationReader,
} from "./relations.js";
import { hashWeights, type LexicalWeights, readLexicalWeights } from "./weights.js";

/** Loads the lexical ranker from a folder with `weights.json`. Throws the errors of `readLexicalWeights`. */
export async function loadLexicalModel(folder: string): Promise<Model<EntityMix>> {
  return createLexicalModel(await readLexicalWeights(folder));
}

/**
 * Returns the facts that `mmel models show` prints about the lexical ranker in a folder. Throws the errors of
 * `readLexicalWeights`.
 */
export async function describeLexicalModel(folder: string): Promise<Record<string, string | number>> {
  const weights = await readLexicalWeights(folder);
  return {
    name: weights.name,
    hash: hashWeights(weights),
    kind: "lexical",
    features: FEATURE_NAMES.length,
    temperature: weights.temperature,
    nameFloor: weights.nameFloor,
  };
}

/**
 * Creates the lexical ranker. The score l of a candidate is a weighted sum of named features. Its match score m is the
 * softmax of l / T over the mention's candidates. The similarity S of two entities is computed from their relations. The
 * ranker does not use gold entities and keeps no state between captions except caches of entity profiles and relations.
 */
export function createLexicalModel(weights: LexicalWeights): Model<EntityMix> {
  const scorer = createLexicalScorer(weights);
  return {
    name: weights.name,
    hash: hashWeights(weights),
    pairs: createRelationSimilarity(weights.pair, scorer.vectorsOf),
    calibration: { nameFloor: weights.nameFloor },
    async score(captions, options) {
      return captions.map((caption) => {
        throwIfAborted(options?.signal);
        return scorer.score(caption).map((mention) => scoresOf(mention, weights.temperature));
      });
    },
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

function scoresOf(mention: ScoredMention, temperature: number): MentionScores<EntityMix> {
  return {
    match: shares(Array.from(mention.scores), temperature),
    features: mention.profiles.map((profile) => [{ profile, weight: 1 }]),
    explain: mention.explain,
  };
}

/** Scores for one mention, in the order of its candidates. */
export interface ScoredMention {
  readonly profiles: readonly EntityProfile[];
  /** l: the weighted sum of all features. */
  readonly scores: Float64Array;
  /**
   * For each candidate, its relations (in the order of RELATIONS) to the likely entities of the other mentions. The list
   * is empty if the caption has only one mention.
   */
  readonly relations: readonly Float64Array[];
  /** Returns the contribution of each feature to one candidate's l, by feature name. Features with the value 0 are omitted. */
  readonly explain: (candidate: number) => Readonly<Record<string, number>>;
}

export interface LexicalScorer {
  readonly vectorsOf: RelationReader;
  score(caption: CaptionCandidates): readonly ScoredMention[];
}

/** Maximum number of cached profiles: more than the number of entities in Wikidata-MEL. */
const PROFILES = 20_000;

/** Creates a scorer that computes the score l of each mention's candidates. */
export function createLexicalScorer(weights: Pick<LexicalWeights, "candidate" | "company">): LexicalScorer {
  const featureWeights = Float64Array.from(FEATURE_NAMES, (name) => weights.candidate[name] ?? 0);
  const relationWeights = Float64Array.from(RELATIONS, (name) => weights.company[name] ?? 0);
  const profileOf = createProfileReader(PROFILES);
  const vectorsOf = createRelationReader();
  const row = new FeatureRow();

  const ownScores = ({ context, candidates }: MentionInput): Float64Array =>
    Float64Array.from(candidates, (facts) => {
      fillRow(context, facts, row);
      return row.dot(featureWeights);
    });

  const explain = (
    { context, candidates }: MentionInput,
    candidate: number,
    relations: Float64Array | undefined,
  ) => {
    const parts: Record<string, number> = {};
    fillRow(context, candidates[candidate]!, row);
    for (let entry = 0; entry < row.length; entry++) {
      const feature = row.indices[entry]!;
      const name = FEATURE_NAMES[feature]!;
      parts[name] = (parts[name] ?? 0) + featureWeights[feature]! * row.values[entry]!;
    }
    relations?.forEach((value, relation) => {
      if (value !== 0) parts[`company/${RELATIONS[relation]}`] = relationWeights[relation]! * value;
    });
    return parts;
  };

  return {
    vectorsOf,
    score(caption) {
      const mentions = readMentions(caption, profileOf).map((input) => ({
        input,
        profiles: input.candidates.map(({ profile }) => profile),
        scores: ownScores(input),
      }));
      const relations = expectedRelations(mentions, vectorsOf);
      return mentions.map(({ input, profiles, scores }, mention) => ({
        profiles,
        scores: scores.map((score, index) => score + dot(relationWeights, relations[mention]![index])),
        relations: relations[mention]!,
        explain: (index) => explain(input, index, relations[mention]![index]),
      }));
    },
  };
}

function dot(weights: Float64Array, values: Float64Array | undefined): number {
  return values === undefined ? 0 : values.reduce((sum, value, index) => sum + value * weights[index]!, 0);
}
