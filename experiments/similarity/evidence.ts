import type { EntityProfile } from "../../src/models/lexical/entity-profile.js";
import {
  createLexicalEvidence,
  PAIR_FEATURES,
  type PairWeights,
  type RelatedEntity,
  readPairs,
} from "../../src/models/lexical/pair-evidence.js";
import type { PairEvidence } from "../../src/models/model.js";
import {
  fitRows,
  NAMED,
  SHARED,
  type WeightedRow,
  weightedRow,
} from "../../src/training/lexical/fit-pairs.js";
import type { RankedCaption } from "./captions.js";
import type { Logits } from "./pairs.js";

/** Computes logit S of two entities. */
export type Similar = (a: EntityProfile, b: EntityProfile) => number;

/** Number of each mention's best candidates for which S is computed, as for the features that need no relations. */
const COMPARED = 24;
const TRAINED = "trained";
const FEATURES = [...PAIR_FEATURES, TRAINED];

/** Weights of the pair evidence, and the weight of the trained S, which is added to it. */
export interface Weights extends PairWeights {
  readonly trained: number;
}

/**
 * Fits the weights of the pair evidence as `fitPairs` does, with S as one more feature. `similarOf` returns the S that is used
 * for a caption. It was not trained on this caption. If it is undefined, the weight of S is 0. `from` is the start.
 */
export function fitEvidence(
  captions: readonly RankedCaption[],
  similarOf?: (caption: RankedCaption) => Similar,
  from?: Weights,
): Weights {
  const numbers = new Map<string, number>(FEATURES.map((feature, index) => [feature, index]));
  const data = captions.map((ranked) => {
    const similar = similarOf?.(ranked);
    const links = ranked.mentions.flatMap((right, j) =>
      ranked.mentions.slice(0, j).map((left, i) => {
        const rows = readPairs(left.entities, right.entities).flatMap((row) => {
          const [a, b] = [left.entities[row.left]!.profile, right.entities[row.right]!.profile];
          if (a.entity.id === b.entity.id) return [];
          const isCompared = row.left < COMPARED && row.right < COMPARED;
          return [
            withSimilarity(
              weightedRow(row, numbers),
              similar !== undefined && isCompared ? similar(a, b) : 0,
            ),
          ];
        });
        return { i, j, rows };
      }),
    );
    const mentions = ranked.mentions.map(({ match, gold }) => ({ match, gold }));
    return { weight: ranked.caption.weight ?? 1, mentions, links };
  });
  const start = Float64Array.from(numbers.keys(), (name) => weightOf(name, from));
  const { features, named, shared } = fitRows(data, numbers, FEATURES, start, 1e-6);
  const { [TRAINED]: trained = 0, ...others } = features;
  return { features: others, named, shared, trained };
}

/** Returns the weight with this name in `weights`; 0 if there is none. */
function weightOf(name: string, weights: Weights | undefined): number {
  if (weights === undefined) return 0;
  if (name.startsWith(NAMED)) return weights.named[name.slice(NAMED.length)] ?? 0;
  if (name.startsWith(SHARED)) return weights.shared[name.slice(SHARED.length)] ?? 0;
  return weights.features[name] ?? 0;
}

/** Adds S to the row of a pair, after the features of the pair evidence. */
function withSimilarity(row: WeightedRow, logit: number): WeightedRow {
  if (logit === 0) return row;
  return {
    ...row,
    indices: [...row.indices, FEATURES.indexOf(TRAINED)],
    values: [...row.values, logit],
  };
}

/** Creates the pair evidence with `weights.trained` · S added. */
export function withTrained(weights: Weights, similar: Similar): PairEvidence<RelatedEntity> {
  const plain = createLexicalEvidence(weights);
  return {
    pairs: (left, right) =>
      plain.pairs(left, right).map((pair) => {
        if (pair.left >= COMPARED || pair.right >= COMPARED) return pair;
        const logit = similar(left[pair.left]!.profile, right[pair.right]!.profile);
        return { ...pair, logit: pair.logit + weights.trained * logit };
      }),
  };
}

/** Returns logit S of the pair evidence, with all of its features for every pair. */
export function evidenceLogits(evidence: PairEvidence<RelatedEntity>): Logits {
  return (a, list) => {
    const logits = new Array<number>(list.length).fill(0);
    for (let from = 0; from < list.length; from += COMPARED)
      for (const { right, logit } of evidence.pairs([a], list.slice(from, from + COMPARED)))
        logits[from + right] = logit;
    return logits;
  };
}
