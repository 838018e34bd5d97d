import { FIELDS } from "./clues.js";
import { wordsOf } from "./name-parts.js";
import type { Profile } from "./profile.js";

/** What two entities may have in common; each relation of a pair is a scalar product, so it is linear in either side. */
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
  "same",
] as const;
export type Relation = (typeof RELATIONS)[number];

/** One thing that an entity asks of the other, or offers it: equal keys meet. */
interface Tie {
  readonly relation: number;
  readonly key: string;
  readonly value: number;
}

/** An entity's ties; only kinship asks for something else (the name) than it offers. */
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

function readTies(profile: Profile): Ties {
  const { values, label, entity } = profile;
  const shared = [
    ...unit("last name", [label.core.at(-1) ?? ""]),
    ...unit("occupation", values.occupation),
    ...unit(
      "field",
      profile.fields.map((field) => FIELDS[field] ?? ""),
    ),
    ...unit("era", decades(profile)),
    ...unit("school", values.school),
    ...unit("language", values.language),
    ...unit("place", values.place.map(withoutYear)),
    ...unit("religion", values.religion),
    ...unit("same", [entity.id]),
  ];
  const kin = RELATIONS.indexOf("kin");
  const names = [...label.core, ...label.suffix].map((word) => ({ relation: kin, word, value: 1 }));
  const relatives = values.kin.flatMap((value) => {
    const parts = wordsOf(value);
    return parts.map((word) => ({ relation: kin, word, value: 1 / parts.length }));
  });
  return {
    asks: [...shared, ...names.map(keyed("relative")), ...relatives.map(keyed("name"))],
    offers: [...shared, ...names.map(keyed("name")), ...relatives.map(keyed("relative"))],
  };
}

const keyed =
  (role: string) =>
  ({ relation, word, value }: { relation: number; word: string; value: number }): Tie => ({
    relation,
    value,
    key: `${role}:${word}`,
  });

/** Ties of equal weight and length 1 together, so that their product is a cosine. */
function unit(relation: Relation, keys: readonly string[]): Tie[] {
  const distinct = [...new Set(keys)].filter((key) => key !== "");
  const value = 1 / Math.sqrt(distinct.length);
  return distinct.map((key) => ({ relation: RELATIONS.indexOf(relation), key: `${relation}:${key}`, value }));
}

/** The decades of a grown-up life; an open end is taken as 80 years. */
function decades({ birth, death }: Profile): string[] {
  const from = birth ?? (death === undefined ? undefined : death - 60);
  if (from === undefined) return [];
  const first = Math.floor((from + 15) / 10);
  const last = Math.max(first, Math.floor((death ?? from + 80) / 10));
  return Array.from({ length: Math.min(12, last - first + 1) }, (_, at) => String(first + at));
}

const withoutYear = (place: string): string => place.replace(/^(?:bc|\d| )+/, "");
