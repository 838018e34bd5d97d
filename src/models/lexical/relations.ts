import type { PairSimilarity } from "../model.js";
import { clampProbability, MOST_LEXICAL } from "../softmax.js";
import type { EntityProfile } from "./entity-profile.js";

/**
 * What two entities may have in common: a relative's name, an occupation and so on; `other` is a value of any other
 * property, `names` a value that is the other entity's name. The value of a relation is a dot product, so it is linear
 * in either entity.
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

/** One coordinate of an entity's vector for a relation: `key` is the coordinate, `value` its value. */
interface RelationTerm {
  /** Index into RELATIONS. */
  readonly relation: number;
  readonly key: string;
  readonly value: number;
}

/**
 * An entity's vectors for all relations. A relation of entities a and b is the dot product of a's left and b's right
 * vector. The two differ in `kin` and `names`, where the values of one entity must match the name of the other, and in the
 * neutral term of `era`.
 */
export interface RelationVectors {
  readonly left: readonly RelationTerm[];
  readonly right: readonly RelationTerm[];
}

/** Returns the relation vectors of a profile. */
export type RelationReader = (profile: EntityProfile) => RelationVectors;

/** Creates a reader that computes the vectors of each profile once. */
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

/** The cosine of two eras that is neutral evidence; subtracted, so that entities without dates get 0. */
const NEUTRAL_ERA = 0.6;

const term = (relation: Relation, key: string, value: number): RelationTerm => ({
  relation: RELATIONS.indexOf(relation),
  key: `${relation}:${key}`,
  value,
});

/** Keeps the two directions apart: statements of the left entity match names of the right one and vice versa. */
function crossed(first: readonly RelationTerm[], second: readonly RelationTerm[]): RelationTerm[] {
  return [
    ...first.map((entry) => ({ ...entry, key: `>${entry.key}` })),
    ...second.map((entry) => ({ ...entry, key: `<${entry.key}` })),
  ];
}

/** A vector of length 1 with equal coordinates at these keys, so that dot products are cosines. */
function unit(relation: Relation, keys: readonly string[]): RelationTerm[] {
  const distinct = [...new Set(keys)].filter((key) => key !== "");
  return distinct.map((key) => term(relation, key, 1 / Math.sqrt(distinct.length)));
}

/** The decades of an adult life; a life without a known end is taken as 80 years. */
function decades(birth: number | undefined, death: number | undefined): string[] {
  const from = birth ?? (death === undefined ? undefined : death - 60);
  if (from === undefined) return [];
  const first = Math.floor((from + 15) / 10);
  const last = Math.max(first, Math.floor((death ?? from + 80) / 10));
  return Array.from({ length: Math.min(12, last - first + 1) }, (_, index) => String(first + index));
}

/** A right vector by key, of one entity or a weighted sum of several. */
type RightVector = ReadonlyMap<string, number>;

/** The weighted sum of several entities' right vectors. */
export function sumRight(parts: Iterable<readonly [RelationVectors, weight: number]>): RightVector {
  const sum = new Map<string, number>();
  for (const [{ right }, weight] of parts)
    for (const { key, value } of right) sum.set(key, (sum.get(key) ?? 0) + weight * value);
  return sum;
}

/** The value of each relation between an entity and a right vector, in the order of RELATIONS. */
export function relate({ left }: RelationVectors, right: RightVector): Float64Array {
  const values = new Float64Array(RELATIONS.length);
  for (const { relation, key, value } of left) {
    const other = right.get(key);
    if (other !== undefined) values[relation]! += value * other;
  }
  return values;
}

/** Number of best candidates of each other mention that are taken into account. */
const LIKELY = 8;

/** The candidates of one mention with their own scores l. */
interface ScoredCandidates {
  readonly profiles: readonly EntityProfile[];
  readonly scores: Float64Array;
}

/**
 * For each mention and candidate, its relations with the likely entities of the other mentions: the mean over the other
 * mentions of the relation expected under the softmax of their best candidates' own scores l. Empty for a caption with
 * one mention.
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

/** The expected right vector of a mention's entity. Sorted by score and id, so the order of candidates cannot matter. */
function expectedRight({ profiles, scores }: ScoredCandidates, vectorsOf: RelationReader): RightVector {
  const best = profiles
    .map((profile, index) => ({ profile, score: scores[index]! }))
    .sort((a, b) => b.score - a.score || (a.profile.entity.id < b.profile.entity.id ? -1 : 1))
    .slice(0, LIKELY);
  const weights = best.map(({ score }) => Math.exp(score - best[0]!.score));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return sumRight(best.map(({ profile }, index) => [vectorsOf(profile), weights[index]! / total] as const));
}

/** One entity, or several with weights that sum to 1 except for negligible ones. */
export type EntityMix = readonly { readonly profile: EntityProfile; readonly weight: number }[];

/**
 * S = sigmoid(constant + Σ weight × relation). Each relation is bilinear in the two mixes, so the logit of S is linear in
 * a combination of several entities; S is symmetric. `weights` holds `constant` and a weight for each relation.
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

/** Entities below this weight are dropped, so a mix stays short however many mentions join. */
const NEGLIGIBLE = 2 ** -40;

const halved = (mix: EntityMix): EntityMix =>
  mix.flatMap(({ profile, weight }) => (weight < NEGLIGIBLE ? [] : [{ profile, weight: weight / 2 }]));

/** For each key, the columns whose right vector has it, with the value. */
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

/** The left vector of a mix, each term multiplied by the weight of its relation. */
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
