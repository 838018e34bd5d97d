import type { CandidateRelation } from "../../core/index.js";
import { fold, remembered } from "../../names/index.js";
import type { PairEvidence, PairFact } from "../model.js";
import type { EntityProfile } from "./entity-profile.js";

/** An entity with its relations in the knowledge base. */
export interface RelatedEntity {
  readonly profile: EntityProfile;
  readonly relations: readonly CandidateRelation[];
}

/**
 * Features of a pair of entities:
 * - "named": the rarity of the value by which one entity names the other. If the value names several entities, the
 *   rarity is multiplied by the other entity's share divided by the highest share. It is also multiplied by `BY_ALIAS`
 *   if the value does not contain the other entity's label. If there are several such values, the highest result
 *   counts;
 * - "shared value": the rarity of the rarest value that both have, if it is at least `MIN_RARITY`;
 * - "shared values": the sum of the squared rarities of all such values;
 * - "era": how much their adult lives overlap (see `eraOverlap`);
 * - "field": the number of their common fields of activity, divided by the number of fields of the entity with fewer;
 * - "family name": whether they have the same family name.
 */
export const PAIR_FEATURES = [
  "named",
  "shared value",
  "shared values",
  "era",
  "field",
  "family name",
] as const;
type PairFeature = (typeof PAIR_FEATURES)[number];
const F = Object.fromEntries(PAIR_FEATURES.map((name, index) => [name, index])) as Record<
  PairFeature,
  number
>;

/** A pair of entities, as positions in two lists, with its features. */
export interface PairRow {
  readonly left: number;
  readonly right: number;
  /** The features in the order of `PAIR_FEATURES`. */
  readonly values: Float64Array;
  /** The properties from which "named" and "shared value" were computed. */
  named?: string;
  shared?: string;
}

/** Number of best candidates of each mention for which the features "era", "field" and "family name" are computed. */
const COMPARED = 24;
/** Minimum rarity of a shared value. More common values say too little about two entities that share them. */
const MIN_RARITY = 0.1;
/** Minimum rarity of a shared value if one of the two entities is not among the best `COMPARED` candidates. */
const MIN_RARITY_BEYOND = 0.67;

/**
 * Computes the features of pairs of a left and a right entity. Both lists are ordered by descending m. Pairs whose
 * features are all 0 may be left out.
 */
export function readPairs(
  left: readonly RelatedEntity[],
  right: readonly RelatedEntity[],
): readonly PairRow[] {
  const rows = new Map<number, PairRow>();
  const rowOf = (a: number, b: number): PairRow => {
    const at = a * right.length + b;
    let row = rows.get(at);
    if (row === undefined) {
      row = { left: a, right: b, values: new Float64Array(PAIR_FEATURES.length) };
      rows.set(at, row);
    }
    return row;
  };
  fillNamed(left, right, rowOf);
  fillNamed(right, left, (b, a) => rowOf(a, b));
  fillShared(left, right, rowOf);
  const others = right.slice(0, COMPARED).map(({ profile }) => comparedOf(profile));
  left.slice(0, COMPARED).forEach(({ profile }, a) => {
    const one = comparedOf(profile);
    others.forEach((other, b) => {
      const { values } = rowOf(a, b);
      values[F.era] = eraOverlap(one.life, other.life);
      values[F.field] = fieldOverlap(one.fields, other.fields);
      values[F["family name"]] = Number(one.words > 1 && one.last === other.last);
    });
  });
  return [...rows.values()];
}

/** Factor for the feature "named" if the value names several entities and does not contain this entity's label. */
const BY_ALIAS = 0.5;

/** Returns whether one of the second entity's values of `property` contains the first entity's label. */
const isLabelOf = ({ labelCore }: EntityProfile, { entity }: EntityProfile, property: string): boolean =>
  (entity.properties[property] ?? []).some((value) => fold(value).includes(labelCore));

type RowOf = (left: number, right: number) => PairRow;

/** Computes the feature "named" of the pairs in which a value of the left entity names the right entity. */
function fillNamed(left: readonly RelatedEntity[], right: readonly RelatedEntity[], rowOf: RowOf): void {
  const positions = new Map(right.map(({ profile }, b) => [profile.entity.id, b]));
  left.forEach(({ relations }, a) => {
    for (const { property, rarity, targets } of relations) {
      const likeliest = targets[0]?.share ?? 1;
      for (const { id, share } of targets) {
        const b = positions.get(id);
        if (b === undefined) continue;
        const row = rowOf(a, b);
        const isLabel = targets.length === 1 || isLabelOf(right[b]!.profile, left[a]!.profile, property);
        const value = ((isLabel ? 1 : BY_ALIAS) * rarity * share) / likeliest;
        if (value <= row.values[F.named]!) continue;
        row.values[F.named] = value;
        row.named = property;
      }
    }
  });
}

/** Computes the features "shared value" and "shared values" of the pairs that share values. */
function fillShared(left: readonly RelatedEntity[], right: readonly RelatedEntity[], rowOf: RowOf): void {
  const holders = new Map<number, number[]>();
  right.forEach(({ relations }, b) => {
    for (const key of new Set(relations.map((relation) => relation.key))) {
      const list = holders.get(key);
      if (list === undefined) holders.set(key, [b]);
      else list.push(b);
    }
  });
  left.forEach(({ relations }, a) => {
    const seen = new Set<number>();
    for (const { property, key, rarity } of relations) {
      if (rarity < MIN_RARITY || seen.has(key)) continue;
      seen.add(key);
      for (const b of holders.get(key) ?? []) {
        if (rarity < MIN_RARITY_BEYOND && (a >= COMPARED || b >= COMPARED)) continue;
        const row = rowOf(a, b);
        row.values[F["shared values"]]! += rarity * rarity;
        if (rarity <= row.values[F["shared value"]]!) continue;
        row.values[F["shared value"]] = rarity;
        row.shared = property;
      }
    }
  });
}

/** The facts about an entity from which the features without relations are computed. */
interface Compared {
  readonly life: Years | undefined;
  readonly fields: readonly number[];
  /** The number of words of the label's core, and the last of them: the family name if there are several. */
  readonly words: number;
  readonly last: string | undefined;
}

const comparedOf = (profile: EntityProfile): Compared => ({
  life: adultLife(profile),
  fields: profile.fields,
  words: profile.label.core.length,
  last: profile.label.core.at(-1),
});

interface Years {
  readonly from: number;
  readonly to: number;
}

/** Age at which adult life starts, in years. */
const ADULT = 15;
/** The length in years that a life is assumed to have if only the birth or only the death is known. */
const LIFETIME = { afterBirth: 80, beforeDeath: 60 } as const;
/** The overlap of two lives that, like missing dates, is no evidence for or against a relation. */
const NEUTRAL_ERA = 0.6;

/**
 * Compares the adult lives of two entities: the common years divided by the geometric mean of both lengths, minus
 * `NEUTRAL_ERA`. Returns 0 if the dates of one of them are unknown.
 */
function eraOverlap(a: Years | undefined, b: Years | undefined): number {
  if (a === undefined || b === undefined) return 0;
  const common = Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
  return common / Math.sqrt((a.to - a.from) * (b.to - b.from)) - NEUTRAL_ERA;
}

function adultLife({ birth, death }: EntityProfile): Years | undefined {
  if (birth === undefined && death === undefined) return undefined;
  const born = birth ?? death! - LIFETIME.beforeDeath;
  return { from: born + ADULT, to: Math.max(born + ADULT + 10, death ?? born + LIFETIME.afterBirth) };
}

function fieldOverlap(one: readonly number[], other: readonly number[]): number {
  if (one.length === 0 || other.length === 0) return 0;
  let common = 0;
  for (const field of one) if (other.includes(field)) common += 1;
  return common / Math.min(one.length, other.length);
}

/**
 * Weights of the pair evidence. The weight of "named" is `features.named` plus the property's weight in `named`, which
 * is 0 for a property that did not occur in training. The weight of "shared value" is computed in the same way.
 */
export interface PairWeights {
  readonly features: Readonly<Record<string, number>>;
  readonly named: Readonly<Record<string, number>>;
  readonly shared: Readonly<Record<string, number>>;
}

/** Creates the pair evidence: logit S is the weighted sum of a pair's features. */
export function createLexicalEvidence({ features, named, shared }: PairWeights): PairEvidence<RelatedEntity> {
  const weights = Float64Array.from(PAIR_FEATURES, (feature) => features[feature] ?? 0);
  const own = (table: Readonly<Record<string, number>>, property: string | undefined): number =>
    property === undefined ? 0 : (table[propertyKey(property)] ?? 0);
  const logitOf = (row: PairRow): number =>
    row.values.reduce((sum, value, feature) => sum + value * weights[feature]!, 0) +
    row.values[F.named]! * own(named, row.named) +
    row.values[F["shared value"]]! * own(shared, row.shared);
  return {
    pairs: (left, right) =>
      readPairs(left, right).map((row) => ({ left: row.left, right: row.right, logit: logitOf(row) })),
    fact,
  };
}

/**
 * Implements `PairEvidence.fact`. Returns the rarest value by which the left entity names the right one. If there is
 * none, returns the rarest value by which the right entity names the left one or, if there is none either, the rarest
 * value that both have.
 */
function fact(left: RelatedEntity, right: RelatedEntity): PairFact | undefined {
  const names = (id: string) => (relation: CandidateRelation) =>
    relation.targets.some((target) => target.id === id);
  const named = rarest(left.relations.filter(names(right.profile.entity.id)));
  if (named !== undefined) return { holder: "left", property: inWords(named.property) };
  const naming = rarest(right.relations.filter(names(left.profile.entity.id)));
  if (naming !== undefined) return { holder: "right", property: inWords(naming.property) };
  const keys = new Set(right.relations.map(({ key }) => key));
  const shared = rarest(left.relations.filter(({ key, rarity }) => keys.has(key) && rarity >= MIN_RARITY));
  if (shared === undefined) return undefined;
  const value = sharedValue(shared.property, left, right);
  return { holder: "both", property: inWords(shared.property), ...(value !== undefined && { value }) };
}

/** Returns the left entity's first value of `property` that the right entity also has, in any property. */
function sharedValue(property: string, left: RelatedEntity, right: RelatedEntity): string | undefined {
  const others = new Set(Object.values(right.profile.entity.properties).flat().map(fold));
  return left.profile.entity.properties[property]?.find((value) => others.has(fold(value)));
}

const rarest = (relations: readonly CandidateRelation[]): CandidateRelation | undefined =>
  relations.reduce<CandidateRelation | undefined>(
    (best, relation) => (best === undefined || relation.rarity > best.rarity ? relation : best),
    undefined,
  );

/** Returns the name of a property in words: "memberOf" and "member_of" become "member of". */
function inWords(property: string): string {
  return property
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/[_\s]+/gu, " ")
    .replace(/ \p{Lu}(?=\p{Ll})/gu, (letters) => letters.toLowerCase())
    .trim();
}

/** Returns the key of a property in `PairWeights`. */
export const propertyKey = remembered(1000, (property: string) => inWords(property).toLowerCase());
