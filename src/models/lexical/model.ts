import { throwIfAborted } from "../../core/index.js";
import type { MentionScores, Model } from "../model.js";
import { createPairs, type EntityMix } from "./pairs.js";
import { createScorer, type ScoredMention } from "./scorer.js";
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
  return {
    match: softmax(mention, temperature),
    strength: Array.from(mention.scores),
    features: mention.profiles.map((profile) => [{ profile, weight: 1 }]),
    explain: mention.explain,
  };
}

/** Summed from the smallest up, so that the order of candidates cannot matter, and kept inside (0, 1). */
function softmax({ scores }: ScoredMention, temperature: number): number[] {
  const best = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const powers = Array.from(scores, (score) => Math.exp((score - best) / temperature));
  const total = [...powers].sort((a, b) => a - b).reduce((sum, power) => sum + power, 0);
  return powers.map((power) => Math.min(Math.max(power / total, Number.MIN_VALUE), 1 - Number.EPSILON));
}
