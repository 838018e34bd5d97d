import { type Candidate, type CaptionCandidates, throwIfAborted } from "../../core/index.js";
import type { MentionScores, Model } from "../model.js";
import { shares } from "../softmax.js";
import { createProfileReader, type EntityProfile } from "./entity-profile.js";
import { FeatureRow } from "./feature-row.js";
import { FEATURE_NAMES, fillRow, type MentionInput, readMentions } from "./features.js";
import { createLexicalEvidence, type RelatedEntity } from "./pair-evidence.js";
import { hashWeights, type LexicalWeights, readLexicalWeights } from "./weights.js";

/** Loads the lexical ranker from a folder with `weights.json`. Throws the errors of `readLexicalWeights`. */
export async function loadLexicalModel(folder: string): Promise<Model<RelatedEntity>> {
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
    ...(weights.adaptedFrom !== undefined && { adaptedFrom: `lexical@${weights.adaptedFrom}` }),
  };
}

/**
 * Creates the lexical ranker. The score l of a candidate is a weighted sum of named features. Its match score m is the
 * softmax of l / T over the mention's candidates. The similarity S of two entities is computed from their facts and
 * their relations in the knowledge base. The ranker does not use gold entities and keeps no state between captions
 * except caches of entity profiles.
 */
export function createLexicalModel(weights: LexicalWeights): Model<RelatedEntity> {
  const scorer = createLexicalScorer(weights);
  return {
    name: weights.name,
    hash: hashWeights(weights),
    evidence: createLexicalEvidence(weights.pair),
    calibration: { nameFloor: weights.nameFloor },
    async score(captions, options) {
      return captions.map((caption) => {
        throwIfAborted(options?.signal);
        return scorer
          .score(caption)
          .map((mention, index) => scoresOf(mention, caption.candidates[index]!, weights.temperature));
      });
    },
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

function scoresOf(
  mention: ScoredMention,
  candidates: readonly Candidate[],
  temperature: number,
): MentionScores<RelatedEntity> {
  return {
    match: shares(mention.scores, temperature),
    features: mention.profiles.map((profile, index) => ({
      profile,
      relations: candidates[index]!.relations ?? [],
    })),
    explain: mention.explain,
  };
}

/** Scores for one mention, in the order of its candidates. */
export interface ScoredMention {
  readonly profiles: readonly EntityProfile[];
  /** l: the weighted sum of all features. */
  readonly scores: readonly number[];
  /**
   * Returns the contribution of each feature to one candidate's l, by feature name. Features with the value 0 are
   * omitted.
   */
  readonly explain: (candidate: number) => Readonly<Record<string, number>>;
}

export interface LexicalScorer {
  score(caption: CaptionCandidates): readonly ScoredMention[];
}

/** Minimum number of recent profiles that stay in the cache: more than the number of entities in Wikidata-MEL. */
const PROFILES = 20_000;

/** Creates a scorer that computes the score l of each mention's candidates. */
export function createLexicalScorer(weights: Pick<LexicalWeights, "candidate">): LexicalScorer {
  const featureWeights = Float64Array.from(FEATURE_NAMES, (name) => weights.candidate[name] ?? 0);
  const profileOf = createProfileReader(PROFILES);
  const row = new FeatureRow();

  const ownScores = ({ context, candidates }: MentionInput): readonly number[] =>
    candidates.map((facts) => {
      fillRow(context, facts, row);
      return row.dot(featureWeights);
    });

  const explain = ({ context, candidates }: MentionInput, candidate: number): Record<string, number> => {
    const parts: Record<string, number> = {};
    fillRow(context, candidates[candidate]!, row);
    for (let entry = 0; entry < row.length; entry++) {
      const feature = row.indices[entry]!;
      const name = FEATURE_NAMES[feature]!;
      parts[name] = (parts[name] ?? 0) + featureWeights[feature]! * row.values[entry]!;
    }
    return parts;
  };

  return {
    score: (caption) =>
      readMentions(caption, profileOf).map((input) => ({
        profiles: input.candidates.map(({ profile }) => profile),
        scores: ownScores(input),
        explain: (candidate) => explain(input, candidate),
      })),
  };
}
