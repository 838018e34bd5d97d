import type { PairSimilarity } from "../model.js";
import { clampProbability, MOST_LEXICAL } from "../softmax.js";
import type { EntityProfile } from "./entity-profile.js";

/**
 * Relations between two entities, such as `occupation` if they share an occupation. In `kin`, a relative's name matches the
 * other entity's name. In `names`, a property value is the other entity's name. `other` compares the values of all
 * properties without a relation of their own. A relation's value is a dot product, so it is linear in each entity.
 */
export const RELATIONS = [
  "kin",
  "last name",
  "occupation",
  "field",
  "era",
  "school",
  "language",
  "place",
  "religion",
  "other",
  "names",
  "same",
] as const;
type Relation = (typeof RELATIONS)[number];

/** One coordinate of an entity's vector for a relation: `key` names the coordinate and `value` is its value. */
interface RelationTerm {
  /** Index into RELATIONS. */
  readonly relation: number;
  readonly key: string;
  readonly value: number;
}

/**
 * An entity's vectors for all relations. The value of a relation between entities a and b is the dot product of two
 * vectors for this relation: the left vector of a and the right vector of b. The left and right vectors of an entity
 * are equal except in three relations. In `kin` and `names`, the values of one entity are compared with the name of the
 * other entity. In `era`, the term `dated` of the left vector is multiplied by −`NEUTRAL_ERA`.
 */
export interface RelationVectors {
  readonly left: readonly RelationTerm[];
  readonly right: readonly RelationTerm[];
}

/** A function that returns the relation vectors of a profile. */
export type RelationReader = (profile: EntityProfile) => RelationVectors;

/** Returns a function that computes the relation vectors of a profile and caches them. */
export function createRelationReader(): RelationReader {
  const cache = new WeakMap<EntityProfile, RelationVectors>();
  return (profile) => {
    const vectors = cache.get(profile) ?? readVectors(profile);
    cache.set(profile, vectors);
    return vectors;
  };
}

function readVectors({
  values,
  label,
  entity,
  fields,
  fullNames,
  birth,
  death,
}: EntityProfile): RelationVectors {
  const shared = [
    ...unit("last name", [label.core.at(-1) ?? ""]),
    ...unit("occupation", values.occupation),
    ...unit("field", fields.map(String)),
    ...unit("school", values.school),
    ...unit("language", values.language),
    ...unit("place", values.place),
    ...unit("religion", values.religion),
    ...unit("other", values.other),
    ...unit("same", [entity.id]),
  ];
  const era = unit("era", decades(birth, death));
  const dated = era.length > 0 ? 1 : 0;
  const relatives = values.kin.flatMap((value) => {
    const words = value.split(" ");
    return words.map((word) => term("kin", word, 1 / words.length));
  });
  const nameWords = label.words.map((word) => term("kin", word, 1));
  const distinctValues = new Set([...values.place, ...values.kin, ...values.school, ...values.other]);
  const named = [...distinctValues].map((value) => term("names", value, 1));
  const names = fullNames.map((name) => term("names", name, 1));
  return {
    left: [
      ...shared,
      ...era,
      term("era", "dated", -NEUTRAL_ERA * dated),
      ...crossed([...relatives, ...named], [...nameWords, ...names]),
    ],
    right: [
      ...shared,
      ...era,
      term("era", "dated", dated),
      ...crossed([...nameWords, ...names], [...relatives, ...named]),
    ],
  };
}

/** The cosine of two eras that counts as neutral evidence. Subtracting it makes 0 the neutral value, as for missing dates. */
const NEUTRAL_ERA = 0.6;

const term = (relation: Relation, key: string, value: number): RelationTerm => ({
  relation: RELATIONS.indexOf(relation),
  key: `${relation}:${key}`,
  value,
});

/**
 * Marks keys with a direction, so that the values of the left entity match only the names of the right entity, and the names
 * of the left entity match only the values of the right entity.
 */
function crossed(first: readonly RelationTerm[], second: readonly RelationTerm[]): RelationTerm[] {
  return [
    ...first.map((entry) => ({ ...entry, key: `>${entry.key}` })),
    ...second.map((entry) => ({ ...entry, key: `<${entry.key}` })),
  ];
}

/** Returns a vector of length 1 with equal coordinates for the given keys, so that dot products are cosines. */
function unit(relation: Relation, keys: readonly string[]): RelationTerm[] {
  const distinct = [...new Set(keys)].filter((key) => key !== "");
  return distinct.map((key) => term(relation, key, 1 / Math.sqrt(distinct.length)));
}

/**
 * Returns the decades of a person's adult life. If the year of death is unknown, a lifetime of 80 years is assumed. If the
 * year of birth is unknown, a lifetime of 60 years is assumed. If both are unknown, the list is empty.
 */
function decades(birth: number | undefined, death: number | undefined): string[] {
  const from = birth ?? (death === undefined ? undefined : death - 60);
  if (from === undefined) return [];
  const first = Math.floor((from + 15) / 10);
  const last = Math.max(first, Math.floor((death ?? from + 80) / 10));
  return Array.from({ length: Math.min(12, last - first + 1) }, (_, index) => String(first + index));
}

/** A right vector, or a weighted sum of right vectors, as a map from keys to coordinates. */
type RightVector = ReadonlyMap<string, number>;

/** Computes the weighted sum of several entities' right vectors. */
export function sumRight(parts: Iterable<readonly [RelationVectors, weight: number]>): RightVector {
  const sum = new Map<string, number>();
  for (const [{ right }, weight] of parts)
    for (const { key, value } of right) sum.set(key, (sum.get(key) ?? 0) + weight * value);
  return sum;
}

/** Computes the value of each relation between an entity and a right vector, in the order of RELATIONS. */
export function relate({ left }: RelationVectors, right: RightVector): Float64Array {
  const values = new Float64Array(RELATIONS.length);
  for (const { relation, key, value } of left) {
    const other = right.get(key);
    if (other !== undefined) values[relation]! += value * other;
  }
  return values;
}

/** For each other mention, this many of the best candidates count as likely. */
const LIKELY = 8;

/** The candidates of one mention with their scores l before relations are added. */
interface ScoredCandidates {
  readonly profiles: readonly EntityProfile[];
  readonly scores: Float64Array;
}

/**
 * Computes the relations of each candidate to the likely entities of the other mentions: `result[i][j]` belongs to
 * candidate j of mention i. The relations to the best candidates of another mention are averaged, weighted by the softmax
 * of these candidates' scores l. The results for all other mentions are then averaged. `result[0]` is empty if there is
 * only one mention.
 */
export function expectedRelations(
  mentions: readonly ScoredCandidates[],
  vectorsOf: RelationReader,
): readonly (readonly Float64Array[])[] {
  if (mentions.length < 2) return mentions.map(() => []);
  const expected = mentions.map((mention) => expectedRight(mention, vectorsOf));
  const all = new Map<string, number>();
  for (const right of expected) for (const [key, value] of right) all.set(key, (all.get(key) ?? 0) + value);
  return mentions.map(({ profiles }, index) =>
    profiles.map((profile) => {
      const withAll = relate(vectorsOf(profile), all);
      const withOwn = relate(vectorsOf(profile), expected[index]!);
      return withAll.map((value, relation) => (value - withOwn[relation]!) / (mentions.length - 1));
    }),
  );
}

/**
 * Computes the expected right vector of a mention's entity. Sums candidates by descending score, then by id, so that the
 * result does not depend on the order of candidates.
 */
function expectedRight({ profiles, scores }: ScoredCandidates, vectorsOf: RelationReader): RightVector {
  const best = profiles
    .map((profile, index) => ({ profile, score: scores[index]! }))
    .sort((a, b) => b.score - a.score || (a.profile.entity.id < b.profile.entity.id ? -1 : 1))
    .slice(0, LIKELY);
  const weights = best.map(({ score }) => Math.exp(score - best[0]!.score));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return sumRight(best.map(({ profile }, index) => [vectorsOf(profile), weights[index]! / total] as const));
}

/** A weighted combination of entities. The weights sum to 1, or slightly less if negligible entities were dropped. */
export type EntityMix = readonly { readonly profile: EntityProfile; readonly weight: number }[];

/**
 * Creates the pair similarity S = sigmoid(constant + Σ weight × relation). `weights` contains `constant` and a weight for
 * each relation. S is symmetric. Each relation is bilinear in the two mixes, so the logit of S is linear in each mix.
 */
export function createRelationSimilarity(
  weights: Readonly<Record<string, number>>,
  vectorsOf: RelationReader,
): PairSimilarity<EntityMix> {
  const constant = weights.constant ?? 0;
  const byRelation = Float64Array.from(RELATIONS, (relation) => weights[relation] ?? 0);
  return {
    combine: (partial, candidate) => [...halved(partial), ...halved(candidate)],
    async similarities(left, right) {
      const index = rightIndex(right, vectorsOf);
      const result = new Float64Array(left.length * right.length).fill(constant);
      left.forEach((mix, row) => {
        for (const [key, weighted] of weightedLeft(mix, byRelation, vectorsOf))
          for (const [column, value] of index.get(key) ?? [])
            result[row * right.length + column]! += weighted * value;
      });
      return result.map(sigmoid);
    },
  };
}

/** Entities with a smaller weight are dropped, so that a mix stays short even if a caption has many mentions. */
const NEGLIGIBLE = 2 ** -40;

const halved = (mix: EntityMix): EntityMix =>
  mix.flatMap(({ profile, weight }) => (weight < NEGLIGIBLE ? [] : [{ profile, weight: weight / 2 }]));

/** Builds an index of the mixes' right vectors: for each key, the columns (mixes) that contain the key, with its value. */
function rightIndex(
  mixes: readonly EntityMix[],
  vectorsOf: RelationReader,
): ReadonlyMap<string, [column: number, value: number][]> {
  const index = new Map<string, [number, number][]>();
  mixes.forEach((mix, column) => {
    for (const { profile, weight } of mix)
      for (const { key, value } of vectorsOf(profile).right) {
        const entry: [number, number] = [column, weight * value];
        const entries = index.get(key);
        if (entries === undefined) index.set(key, [entry]);
        else entries.push(entry);
      }
  });
  return index;
}

/** Computes the left vector of a mix, with each term multiplied by the weight of its relation. */
function weightedLeft(
  mix: EntityMix,
  weights: Float64Array,
  vectorsOf: RelationReader,
): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const { profile, weight } of mix)
    for (const { relation, key, value } of vectorsOf(profile).left)
      sum.set(key, (sum.get(key) ?? 0) + weight * value * weights[relation]!);
  return sum;
}

const sigmoid = (logit: number): number => clampProbability(1 / (1 + Math.exp(-logit)), MOST_LEXICAL);
