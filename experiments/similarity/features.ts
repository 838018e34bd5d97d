import { type EntityProfile, KINDS } from "../../src/models/lexical/entity-profile.js";

/** A sparse vector of unit length. */
export interface Sparse {
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** The features that occur often enough in a knowledge base, weighted by idf. */
export interface FeatureSpace {
  readonly size: number;
  read(profile: EntityProfile): Sparse;
}

/** Minimum number of entities that have a feature. */
const MIN_ENTITIES = 3;
/** Kinds of properties whose values are names. */
const NAMES: readonly string[] = ["kin", "nickname"];
/** Weight of the decades before and after the decade of birth or death. */
const NEAR = 0.5;

export function createFeatureSpace(profiles: readonly EntityProfile[]): FeatureSpace {
  const entities = new Map<string, number>();
  for (const profile of profiles)
    for (const name of featuresOf(profile).keys()) entities.set(name, (entities.get(name) ?? 0) + 1);
  const names = [...entities.keys()].filter((name) => entities.get(name)! >= MIN_ENTITIES).sort();
  const numbers = new Map(names.map((name, index) => [name, index]));
  const idf = names.map((name) => Math.log(profiles.length / entities.get(name)!));
  const known = new WeakMap<EntityProfile, Sparse>();
  const compute = (profile: EntityProfile): Sparse => {
    const entries = [...featuresOf(profile)].flatMap(([name, value]) => {
      const index = numbers.get(name);
      return index === undefined ? [] : [[index, value * idf[index]!] as const];
    });
    const length = Math.sqrt(entries.reduce((sum, [, value]) => sum + value * value, 0)) || 1;
    return {
      indices: Int32Array.from(entries, ([index]) => index),
      values: Float64Array.from(entries, ([, value]) => value / length),
    };
  };
  const read = (profile: EntityProfile): Sparse => {
    const sparse = known.get(profile) ?? compute(profile);
    known.set(profile, sparse);
    return sparse;
  };
  return { size: names.length, read };
}

/** Returns the features of an entity, without the words of its names: values, their words, decades and the sex. */
function featuresOf(profile: EntityProfile): ReadonlyMap<string, number> {
  const features = new Map<string, number>();
  const add = (name: string, value = 1): void => {
    features.set(name, Math.max(value, features.get(name) ?? 0));
  };
  const ownNames = profile.nameWords();
  for (const kind of KINDS.filter((kind) => !NAMES.includes(kind)))
    for (const value of profile.values[kind]) add(`${kind}: ${value}`);
  for (const [word, kinds] of profile.words)
    if (!ownNames.has(word) && KINDS.some((kind, bit) => (kinds >>> bit) & 1 && !NAMES.includes(kind)))
      add(word);
  for (const event of ["birth", "death"] as const) {
    const year = profile[event];
    if (year === undefined) continue;
    const decade = Math.floor(year / 10);
    add(`${event} ${decade}0s`);
    for (const near of [decade - 1, decade + 1]) add(`${event} ${near}0s`, NEAR);
  }
  if (profile.sex !== undefined) add(`sex: ${profile.sex}`);
  return features;
}
