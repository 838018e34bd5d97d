import type { Entity } from "../../core/index.js";
import { Recent } from "../../core/recent.js";
import {
  type EntityKind,
  fold,
  hanPairs,
  isSexProperty,
  kindOfEntity,
  type Life,
  lifeIn,
  lifeProperty,
  type ParsedName,
  parseKnown,
  remembered,
  rolesIn,
  sexOfValue,
  withoutLegalForm,
  wordsOf,
  yearsOf,
} from "../../names/index.js";
import { cutName, type NameParts } from "./name-parts.js";
import { FIELDS, fieldsOf } from "./word-lists.js";

/**
 * Kinds of properties. The kind is derived from the property's name, which differs between knowledge bases (see
 * `KIND_PARTS`).
 */
export const KINDS = [
  "place",
  "school",
  "kin",
  "occupation",
  "language",
  "religion",
  "nickname",
  "other",
] as const;
type Kind = (typeof KINDS)[number];
/** Folded property values by kind, in the order of the entity's properties. */
type Values = Readonly<Record<Kind, readonly string[]>>;

/** For each period of birth, the first year after it. */
const PERIOD_ENDS = [1400, 1600, 1700, 1800, 1850, 1880, 1910, 1940, 1960, 1975, 1990, Infinity];
export const PERIODS: readonly string[] = PERIOD_ENDS.map((end, index) => {
  if (index === 0) return `before ${end}`;
  return end === Infinity ? `from ${PERIOD_ENDS[index - 1]}` : `${PERIOD_ENDS[index - 1]} to ${end - 1}`;
});

/** Coarse classes of entities that can match a caption's topics: field of activity, period of birth, sex. */
export const TRAITS: readonly string[] = [
  ...FIELDS,
  ...PERIODS.map((period) => `born ${period}`),
  "female",
  "male",
];

/** Numbers that show how much the knowledge base contains about an entity. Those named "… known" are 0 or 1. */
export const AMOUNTS = [
  "popularity",
  "values",
  "properties",
  "occupations",
  "languages",
  "schools",
  "aliases",
  "description words",
  "kin known",
  "school known",
  "language known",
  "religion known",
  "work start known",
  "death known",
  "nickname known",
] as const;

/** Facts from an entity's properties that the features use. */
interface PropertyFacts {
  readonly values: Values;
  readonly sex: "female" | "male" | undefined;
  readonly birth: number | undefined;
  readonly death: number | undefined;
  readonly workStart: number | undefined;
  /** The first and last possible years of birth and death. */
  readonly life: Life;
}

/** All facts about an entity that the features use. `createProfileReader` caches the profiles of recent entities. */
export interface EntityProfile extends PropertyFacts {
  readonly entity: Entity;
  readonly label: NameParts;
  readonly parsedLabel: ParsedName;
  /** The folded core of the label, without brackets and suffix. */
  readonly labelCore: string;
  /** `labelCore` without a legal form at the end, such as "Corp.". */
  readonly labelBare: string;
  /** The folded cores of the aliases. */
  readonly aliasCores: ReadonlySet<string>;
  /**
   * The folded cores of the label and of the aliases, and the folded names with suffixes and brackets, if they have
   * several words. Each has a space on both sides.
   */
  readonly fullNames: readonly string[];
  /** Returns the words of the label and of the aliases. */
  readonly nameWords: () => ReadonlySet<string>;
  /** The parts of each alias. The keys are the aliases. */
  readonly aliases: ReadonlyMap<string, NameParts>;
  /** Returns the roles in the occupations and the description, as indices into ROLES. */
  readonly roles: () => ReadonlySet<number>;
  /** Returns the kind of the entity; undefined if the knowledge base does not reveal it. */
  readonly kind: () => EntityKind | undefined;
  /** The entity's fields of activity, as indices into FIELDS. */
  readonly fields: readonly number[];
  /** The period of birth, as an index into PERIODS; −1 if both the year of birth and the year of death are unknown. */
  readonly period: number;
  /** The entity's traits, as indices into TRAITS. */
  readonly traits: readonly number[];
  /**
   * Every folded word in the property values and the description, with the kinds of properties that contain the word.
   * Bit i is set if a property of kind KINDS[i] contains it. Words of the description have the kind `other`. Includes
   * all pairs of Han characters and kana (see `hanPairs`).
   */
  readonly words: ReadonlyMap<string, number>;
  /** The amounts in the order of `AMOUNTS`, scaled for the features. */
  readonly amounts: readonly number[];
}

/**
 * Builds the profile of an entity. Requires no particular properties. A property whose name matches none of the kinds
 * gets the kind `other`.
 */
function readProfile(entity: Entity): EntityProfile {
  const facts = readProperties(entity.properties);
  const { values, sex, workStart } = facts;
  const life = { ...lifeIn(entity.description ?? ""), ...lifeIn(entity.label), ...facts.life };
  const [birth, death] = [facts.birth ?? middleOf(life.birth), facts.death ?? middleOf(life.death)];
  const label = cutName(entity.label);
  const aliases = new Map(entity.aliases.map((alias) => [alias, cutName(alias)]));
  const description = wordsOf(entity.description ?? "");
  const occupation = values.occupation.flatMap((value) => value.split(" "));
  const fields = fieldsIn([...occupation, ...description, ...label.bracket]);
  const labelCore = label.core.join(" ");
  const aliasCores = new Set([...aliases.values()].map(({ core }) => core.join(" ")));
  const period = periodOf(birth ?? (death === undefined ? undefined : death - 60));
  // Naming every field makes the profile faster to create and to read than spreading an object.
  return {
    values,
    sex,
    birth,
    death,
    workStart,
    life,
    entity,
    label,
    parsedLabel: parseKnown(entity.label),
    labelCore,
    labelBare: withoutLegalForm(label.core).join(" "),
    aliases,
    aliasCores,
    fullNames: [
      ...new Set([labelCore, ...aliasCores, ...[label, ...aliases.values()].map(({ all }) => all.join(" "))]),
    ].flatMap((name) => (name.includes(" ") ? [` ${name} `] : [])),
    nameWords: once(() => new Set([label, ...aliases.values()].flatMap(({ all }) => all))),
    roles: once(() => new Set(rolesIn([...occupation, ...description]).map(({ role }) => role))),
    kind: once(() => kindOfEntity(entity)),
    fields,
    period,
    traits: [
      ...fields,
      ...(period < 0 ? [] : [FIELDS.length + period]),
      ...(sex === undefined ? [] : [TRAITS.indexOf(sex)]),
    ],
    words: wordKinds(values, description),
    amounts: amountsOf(entity, facts, description.length),
  };
}

const middleOf = (years: Life["birth"]): number | undefined => years && Math.round((years[0] + years[1]) / 2);

function amountsOf(
  { properties, aliases, popularity }: Entity,
  { values, workStart, death }: PropertyFacts,
  descriptionWords: number,
): readonly number[] {
  const lists = Object.values(properties);
  const amounts: Readonly<Record<(typeof AMOUNTS)[number], number>> = {
    popularity: Math.log1p(popularity ?? 0),
    values: Math.log1p(lists.reduce((sum, list) => sum + list.length, 0)),
    properties: lists.length / 8,
    occupations: Math.log1p(values.occupation.length),
    languages: Math.log1p(values.language.length),
    schools: Math.log1p(values.school.length),
    aliases: Math.log1p(aliases.length),
    "description words": Math.log1p(descriptionWords),
    "kin known": Math.sign(values.kin.length),
    "school known": Math.sign(values.school.length),
    "language known": Math.sign(values.language.length),
    "religion known": Math.sign(values.religion.length),
    "work start known": Number(workStart !== undefined),
    "death known": Number(death !== undefined),
    "nickname known": Math.sign(values.nickname.length),
  };
  return AMOUNTS.map((name) => amounts[name]);
}

/** Returns a function that computes a value when it is first called, and returns the same value afterwards. */
function once<T>(compute: () => T): () => T {
  let computed: { readonly value: T } | undefined;
  return () => {
    computed ??= { value: compute() };
    return computed.value;
  };
}

function fieldsIn(words: readonly string[]): readonly number[] {
  return [...new Set(words.flatMap(fieldsOf))].sort((a, b) => a - b);
}

const periodOf = (year: number | undefined): number =>
  year === undefined ? -1 : PERIOD_ENDS.findIndex((end) => year < end);

function wordKinds(values: Values, description: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const addAll = (words: readonly string[], kind: number): void => {
    for (const word of words) found.set(word, (found.get(word) ?? 0) | (1 << kind));
  };
  KINDS.forEach((kind, index) => {
    for (const value of values[kind]) {
      addAll(value.split(" "), index);
      addAll(hanPairs(value), index);
    }
  });
  const other = KINDS.indexOf("other");
  addAll(description, other);
  for (const word of description) addAll(hanPairs(word), other);
  return found;
}

const list = (text: string): readonly string[] => text.split(" ");

/**
 * Parts of property names by kind. A property belongs to the first kind with a part that occurs in the property's name.
 * Only the letters a to z of the name are compared.
 */
const KIND_PARTS: Readonly<Record<Exclude<Kind, "other">, readonly string[]>> = {
  school: list("alma school university educat"),
  kin: list("spouse husband wife father mother child sibling partner relative family parent"),
  occupation: list("occupation profession position office genre industry sport instanceof fieldof type"),
  language: list("language"),
  religion: list("religion faith"),
  nickname: list("nickname pseudonym"),
  place: list("birth death born died place city country citizen national location located"),
};

/** Names of properties that state a year, apart from those that `lifeProperty` knows. */
const YEARS: Readonly<Record<"birth" | "death" | "workStart", readonly string[]>> = {
  birth: list("inception founded foundedin"),
  death: list("dissolved abolished"),
  workStart: list("workstart workstarts workperiodstart activesince yearsactive"),
};

/**
 * What a property states: `fact` is set if it states a year or a lifetime, and `isSex` is true if it states the sex of an entity.
 * `kind` is the kind of its values; it is not used for the sex.
 */
interface PropertyMeaning {
  readonly fact: keyof typeof YEARS | "life" | undefined;
  readonly isSex: boolean;
  readonly kind: Kind;
}

/** Returns the meaning of a property, given its name. Caches the meanings of up to 1,000 names. */
const meaningOf = remembered(1000, (property: string): PropertyMeaning => {
  const key = property.toLowerCase().replace(/[^a-z]/g, "");
  const fact =
    lifeProperty(property) ??
    (Object.keys(YEARS) as (keyof typeof YEARS)[]).find((name) => YEARS[name].includes(key));
  return { fact, isSex: isSexProperty(property), kind: kindOf(key) };
});

function readProperties(properties: Entity["properties"]): PropertyFacts {
  const values: Record<Kind, string[]> = {
    place: [],
    school: [],
    kin: [],
    occupation: [],
    language: [],
    religion: [],
    nickname: [],
    other: [],
  };
  const years: Record<keyof typeof YEARS, number | undefined> = {
    birth: undefined,
    death: undefined,
    workStart: undefined,
  };
  let sex: PropertyFacts["sex"];
  const life: { -readonly [K in keyof Life]: Life[K] } = {};
  for (const [property, texts] of Object.entries(properties)) {
    const { fact, isSex, kind } = meaningOf(property);
    if (fact === "life") Object.assign(life, { ...lifeIn(texts[0] ?? ""), ...life });
    else if (fact !== undefined) {
      years[fact] = yearOf(texts[0] ?? "") ?? years[fact];
      const span = spanOf(texts);
      if (fact !== "workStart" && span !== undefined) life[fact] = span;
    }
    const stated = isSex ? sexOfValue(texts[0] ?? "") : undefined;
    if (stated !== undefined) sex = stated;
    else
      for (const text of texts) {
        const value = folded(text, fact !== undefined);
        if (value !== "") values[kind].push(value);
      }
  }
  return { values, sex, birth: years.birth, death: years.death, workStart: years.workStart, life };
}

/** Maximum number of dates of one event that are read. */
const MAX_DATES = 8;

/** Returns the first and the last year that several dates of one event state; undefined if they state none. */
function spanOf(texts: readonly string[]): readonly [number, number] | undefined {
  const found = texts.slice(0, MAX_DATES).flatMap((text) => {
    const year = yearOf(text);
    const years = year === undefined ? yearsOf(text) : (yearsOf(text) ?? [year, year]);
    return years === undefined ? [] : [years];
  });
  if (found.length === 0) return undefined;
  return [Math.min(...found.map(([from]) => from)), Math.max(...found.map(([, to]) => to))];
}

/**
 * Folds a value. If `dated` is true, leaves out all words with digits: only the place remains of "1891, Central Falls".
 */
function folded(text: string, dated: boolean): string {
  if (!dated) return fold(text);
  return wordsOf(text)
    .filter((word) => !/\d/.test(word))
    .join(" ");
}

function kindOf(key: string): Kind {
  for (const [kind, parts] of Object.entries(KIND_PARTS) as [Kind, readonly string[]][])
    if (parts.some((part) => key.includes(part))) return kind;
  return "other";
}

/**
 * Returns the year in a value such as "1891, Central Falls", "0900", "2 May 1891" or "-229": a number before "BC", or
 * else the first number of three or four digits. Years BC are negative. Returns undefined if there is no such number.
 */
export function yearOf(value: string): number | undefined {
  const found =
    /(?<![\p{L}\d])(-?)(\d{1,4})\s*(BCE?)\b/u.exec(value) ?? /(?<![\p{L}\d])(-?)(\d{3,4})(?!\d)/u.exec(value);
  if (found === null) return undefined;
  const year = Number(found[2]);
  return found[1] === "-" || found[3] !== undefined ? -year : year;
}

/** A function that returns the profile of an entity. */
export type ProfileReader = (entity: Entity) => EntityProfile;

/**
 * Returns a function that builds the profile of an entity. It caches the most recent profiles by entity id, at least
 * `limit` and at most twice as many, and builds a profile again if the entity's content has changed.
 */
export function createProfileReader(limit: number): ProfileReader {
  const cache = new Recent<EntityProfile>(limit);
  return (entity) => {
    const cached = cache.get(entity.id);
    if (cached !== undefined && sameContent(cached.entity, entity)) return cached;
    const profile = readProfile(entity);
    cache.set(entity.id, profile);
    return profile;
  };
}

/** Returns whether two entities with the same id have equal content. They may come from different knowledge bases. */
function sameContent(a: Entity, b: Entity): boolean {
  if (a === b) return true;
  if (a.label !== b.label || a.description !== b.description || a.popularity !== b.popularity) return false;
  const keys = Object.keys(a.properties);
  return (
    sameList(a.aliases, b.aliases) &&
    keys.length === Object.keys(b.properties).length &&
    keys.every((key) => sameList(a.properties[key] ?? [], b.properties[key]))
  );
}

function sameList(a: readonly string[], b: readonly string[] | undefined): boolean {
  return a === b || (b !== undefined && a.length === b.length && a.every((text, index) => text === b[index]));
}
