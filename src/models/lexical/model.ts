import { throwIfAborted } from "../../core/index.js";
import type { MentionScores, Model } from "../model.js";
import { shares } from "../softmax.js";
import { createScorer, type ScoredMention } from "./lexical-model.js";
import { createPairs, type EntityMix } from "./pairs.js";
import { hashWeights, type LexicalWeights } from "./weights.js";

/**
 * The lexical ranker: a linear score l of named features, m = softmax over the mention's candidates of l / T, S from
 * what two entities have in common. It reads no gold and keeps nothing of a caption.
 */
export function createLexicalModel(weights: LexicalWeights): Model<EntityMix> {
  const scorer = createScorer(weights);
  return {
    name: weights.name,
    hash: hashWeights(weights),
    pairs: createPairs(weights.pair, scorer.ties),
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
  const strength = Array.from(mention.scores);
  return {
    match: shares(strength, temperature),
    strength,
    features: mention.profiles.map((profile) => [{ profile, weight: 1 }]),
    explain: mention.explain,
  };
}
