import type { EntityProfile } from "../../src/models/lexical/entity-profile.js";
import {
  createLexicalEvidence,
  PAIR_FEATURES,
  type PairRow,
  type PairWeights,
  propertyKey,
  type RelatedEntity,
  readPairs,
} from "../../src/models/lexical/pair-evidence.js";
import type { PairEvidence } from "../../src/models/model.js";
import { lbfgs } from "../../src/training/lbfgs.js";
import { pairObjective } from "../../src/training/lexical/fit-pairs.js";
import type { RankedCaption } from "./captions.js";
import type { Logits } from "./pairs.js";

/** Computes logit S of two entities. */
export type Similar = (a: EntityProfile, b: EntityProfile) => number;

/** Number of each mention's best candidates for which S is computed, as for the features that need no relations. */
const COMPARED = 24;
/** Strength of the L2 penalty on the weights of the features, and on those of single properties, as in `fitPairs`. */
const L2 = { feature: 1, property: 4 } as const;
const FEATURES = [...PAIR_FEATURES, "trained"];
const [NAMED, SHARED] = ["named: ", "shared: "] as const;

/** Weights of the pair evidence, and the weight of the trained S beside it. */
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
          return [weighted(row, similar !== undefined && isCompared ? similar(a, b) : 0, numbers)];
        });
        return { i, j, rows };
      }),
    );
    const mentions = ranked.mentions.map(({ match, gold }) => ({ match, gold }));
    return { weight: ranked.caption.weight ?? 1, mentions, links };
  });
  const penalties = Float64Array.from({ length: numbers.size }, (_, index) =>
    index < FEATURES.length ? L2.feature : L2.property,
  );
  const startWeights = Float64Array.from(numbers.keys(), (name) => weightOf(name, from));
  const weights = lbfgs(pairObjective(data, penalties), startWeights, { tolerance: 1e-6 });
  const table = (prefix: string): Record<string, number> =>
    Object.fromEntries(
      [...numbers].flatMap(([name, at]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), weights[at]!]] : [],
      ),
    );
  return {
    features: Object.fromEntries(PAIR_FEATURES.map((feature, at) => [feature, weights[at]!])),
    named: table(NAMED),
    shared: table(SHARED),
    trained: weights[PAIR_FEATURES.length]!,
  };
}

/** Returns the weight with this name in `weights`; 0 if there is none. */
function weightOf(name: string, weights: Weights | undefined): number {
  if (weights === undefined) return 0;
  if (name.startsWith(NAMED)) return weights.named[name.slice(NAMED.length)] ?? 0;
  if (name.startsWith(SHARED)) return weights.shared[name.slice(SHARED.length)] ?? 0;
  return weights.features[name] ?? 0;
}

function weighted(row: PairRow, logit: number, numbers: Map<string, number>) {
  const entries: [number, number][] = [...row.values, logit].map((value, at) => [at, value]);
  const add = (prefix: string, property: string | undefined, value: number): void => {
    if (property === undefined) return;
    const name = prefix + propertyKey(property);
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    entries.push([numbers.get(name)!, value]);
  };
  add(NAMED, row.named, row.values[PAIR_FEATURES.indexOf("named")]!);
  add(SHARED, row.shared, row.values[PAIR_FEATURES.indexOf("shared value")]!);
  const used = entries.filter(([, value]) => value !== 0);
  const { left, right } = row;
  return { left, right, indices: used.map(([at]) => at), values: used.map(([, value]) => value) };
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
