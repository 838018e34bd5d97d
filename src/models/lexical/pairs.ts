import type { PairSimilarity } from "../model.js";
import type { Profile } from "./entity-profile.js";
import { RELATIONS, type Ties } from "./relations.js";
import type { LexicalWeights } from "./weights.js";

/** One entity, or several with weights that sum to 1 but for what is too small to count. */
export type EntityMix = readonly { readonly profile: Profile; readonly weight: number }[];

/**
 * S = sigmoid(constant + Σ weight × relation), each relation bilinear in the two mixes: linear in a combination of
 * several entities, and the same in both orders.
 */
export function createPairs(
  weights: LexicalWeights["pair"],
  ties: (profile: Profile) => Ties,
): PairSimilarity<EntityMix> {
  const constant = weights.constant ?? 0;
  const byRelation = Float64Array.from(RELATIONS, (relation) => weights[relation] ?? 0);
  return {
    combine: (partial, candidate) => [...halved(partial), ...halved(candidate)],
    async similarities(left, right) {
      const offered = offersOf(right, ties);
      const result = new Float64Array(left.length * right.length).fill(constant);
      left.forEach((mix, row) => {
        for (const [key, asked] of asksOf(mix, byRelation, ties))
          for (const [column, value] of offered.get(key) ?? [])
            result[row * right.length + column]! += asked * value;
      });
      return result.map(sigmoid);
    },
  };
}

/** What has been halved so often adds nothing any more; so a mix stays short however many mentions join. */
const NOTHING = 2 ** -40;

const halved = (mix: EntityMix): EntityMix =>
  mix.flatMap(({ profile, weight }) => (weight < NOTHING ? [] : [{ profile, weight: weight / 2 }]));

/** Who on the right offers a key, and how much. */
function offersOf(
  mixes: readonly EntityMix[],
  ties: (profile: Profile) => Ties,
): ReadonlyMap<string, [number, number][]> {
  const offered = new Map<string, [number, number][]>();
  mixes.forEach((mix, column) => {
    for (const { profile, weight } of mix)
      for (const { key, value } of ties(profile).offers) {
        const entry: [number, number] = [column, weight * value];
        const entries = offered.get(key);
        if (entries === undefined) offered.set(key, [entry]);
        else entries.push(entry);
      }
  });
  return offered;
}

function asksOf(
  mix: EntityMix,
  weights: Float64Array,
  ties: (profile: Profile) => Ties,
): ReadonlyMap<string, number> {
  const asked = new Map<string, number>();
  for (const { profile, weight } of mix)
    for (const { relation, key, value } of ties(profile).asks)
      asked.set(key, (asked.get(key) ?? 0) + weight * value * weights[relation]!);
  return asked;
}

/** Kept inside (0, 1), whatever the rounding. */
function sigmoid(logit: number): number {
  return Math.min(Math.max(1 / (1 + Math.exp(-logit)), Number.MIN_VALUE), 1 - Number.EPSILON);
}
