import type { Profile } from "./entity-profile.js";

/**
 * What two entities may have in common: a relative's name, the same occupation, …; `other` a value of any other property,
 * `names` a value of the one that is the other's name. Each relation of a pair is a scalar product, so it is linear in
 * either side.
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
export type Relation = (typeof RELATIONS)[number];

/** One thing that an entity asks of the other, or offers it: equal keys meet. */
interface Tie {
  readonly relation: number;
  readonly key: string;
  readonly value: number;
}

/** An entity's ties; `kin` and `names` ask for something else than they offer. */
export interface Ties {
  readonly asks: readonly Tie[];
  readonly offers: readonly Tie[];
}

/** Reads ties once a profile. */
export function tieReader(): (profile: Profile) => Ties {
  const known = new WeakMap<Profile, Ties>();
  return (profile) => {
    const ties = known.get(profile) ?? readTies(profile);
    known.set(profile, ties);
    return ties;
  };
}

/** What one or several entities offer, by key. */
export type Offers = ReadonlyMap<string, number>;

/** Several entities' offers as one: the weighted sum. */
export function mixOffers(parts: Iterable<readonly [Ties, number]>): Offers {
  const mixed = new Map<string, number>();
  for (const [{ offers }, weight] of parts)
    for (const { key, value } of offers) mixed.set(key, (mixed.get(key) ?? 0) + weight * value);
  return mixed;
}

/** Each relation of an entity with such a sum, in the order of RELATIONS. */
export function relate({ asks }: Ties, offers: Offers): Float64Array {
  const found = new Float64Array(RELATIONS.length);
  for (const { relation, key, value } of asks) {
    const offered = offers.get(key);
    if (offered !== undefined) found[relation]! += value * offered;
  }
  return found;
}

function readTies({ values, label, entity, fields, fullNames, birth, death }: Profile): Ties {
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
    return words.map((word) => tie("kin", word, 1 / words.length));
  });
  const words = label.words.map((word) => tie("kin", word, 1));
  const said = new Set([...values.place, ...values.kin, ...values.school, ...values.other]);
  const named = [...said].map((value) => tie("names", value, 1));
  const names = fullNames.map((name) => tie("names", name, 1));
  return {
    asks: [
      ...shared,
      ...era,
      tie("era", "dated", -NEUTRAL_ERA * dated),
      ...crossed([...relatives, ...named], [...words, ...names]),
    ],
    offers: [
      ...shared,
      ...era,
      tie("era", "dated", dated),
      ...crossed([...words, ...names], [...relatives, ...named]),
    ],
  };
}

/** The cosine of two eras that speaks neither for nor against: what entities without dates get. */
const NEUTRAL_ERA = 0.6;

const tie = (relation: Relation, key: string, value: number): Tie => ({
  relation: RELATIONS.indexOf(relation),
  key: `${relation}:${key}`,
  value,
});

/** What the one says meets how the other is called, and the other way round. */
function crossed(first: readonly Tie[], second: readonly Tie[]): Tie[] {
  return [
    ...first.map((of) => ({ ...of, key: `>${of.key}` })),
    ...second.map((of) => ({ ...of, key: `<${of.key}` })),
  ];
}

/** Ties of equal weight and length 1 together, so that their product is a cosine. */
function unit(relation: Relation, keys: readonly string[]): Tie[] {
  const distinct = [...new Set(keys)].filter((key) => key !== "");
  return distinct.map((key) => tie(relation, key, 1 / Math.sqrt(distinct.length)));
}

/** The decades of a grown-up life; an open end is taken as 80 years. */
function decades(birth: number | undefined, death: number | undefined): string[] {
  const from = birth ?? (death === undefined ? undefined : death - 60);
  if (from === undefined) return [];
  const first = Math.floor((from + 15) / 10);
  const last = Math.max(first, Math.floor((death ?? from + 80) / 10));
  return Array.from({ length: Math.min(12, last - first + 1) }, (_, at) => String(first + at));
}
