import type { Entity } from "../../core/index.js";
import { cutName, type NameParts, wordsOf } from "./name-parts.js";
import { type Facts, KINDS, readProperties, type Values } from "./properties.js";
import { FIELDS, fieldsOf } from "./word-lists.js";

/** Years of birth are put in these classes; each ends before its number. */
const PERIOD_ENDS = [1400, 1600, 1700, 1800, 1850, 1880, 1910, 1940, 1960, 1975, 1990, Infinity];
export const PERIODS: readonly string[] = PERIOD_ENDS.map((end, at) => {
  if (at === 0) return `before ${end}`;
  return end === Infinity ? `from ${PERIOD_ENDS[at - 1]}` : `${PERIOD_ENDS[at - 1]} to ${end - 1}`;
});

/** Coarse classes that the topics of a caption suit or not: fields of life, period of birth, sex. */
export const TRAITS: readonly string[] = [
  ...FIELDS,
  ...PERIODS.map((period) => `born ${period}`),
  "female",
  "male",
];

/** What the features need of an entity, read once. */
export interface Profile extends Facts {
  readonly entity: Entity;
  readonly label: NameParts;
  /** The folded core of the label, and those of the aliases. */
  readonly labelCore: string;
  readonly aliasCores: ReadonlySet<string>;
  /** Label and aliases, and the label with what stands behind its comma, folded. */
  readonly fullNames: readonly string[];
  /** Parts of the aliases. */
  readonly aliases: ReadonlyMap<string, NameParts>;
  /** Indices into FIELDS. */
  readonly fields: readonly number[];
  /** Index into PERIODS; −1 when no year is known. */
  readonly period: number;
  /** Indices into TRAITS. */
  readonly traits: readonly number[];
  /** Every folded word of the values and the description, with the kinds (indices into KINDS) it stands in. */
  readonly words: ReadonlyMap<string, readonly number[]>;
  readonly valueCount: number;
  readonly propertyCount: number;
  readonly descriptionWords: number;
}

/** Reads an entity of any knowledge base; what is missing or unknown adds nothing. */
export function readProfile(entity: Entity): Profile {
  const facts = readProperties(entity.properties);
  const label = cutName(entity.label);
  const aliases = new Map(entity.aliases.map((alias) => [alias, cutName(alias)]));
  const description = wordsOf(entity.description ?? "");
  const occupation = facts.values.occupation.flatMap((value) => value.split(" "));
  const fields = fieldsIn([...occupation, ...description, ...label.bracket]);
  const period = periodOf(facts.birth ?? (facts.death === undefined ? undefined : facts.death - 60));
  const lists = Object.values(entity.properties);
  const labelCore = label.core.join(" ");
  const aliasCores = new Set([...aliases.values()].map(({ core }) => core.join(" ")));
  return {
    ...facts,
    entity,
    label,
    labelCore,
    aliases,
    aliasCores,
    fullNames: [...new Set([labelCore, label.words.join(" "), ...aliasCores])],
    fields,
    period,
    traits: [
      ...fields,
      ...(period < 0 ? [] : [FIELDS.length + period]),
      ...(facts.sex === undefined ? [] : [TRAITS.indexOf(facts.sex)]),
    ],
    words: wordKinds(facts.values, description),
    valueCount: lists.reduce((sum, list) => sum + list.length, 0),
    propertyCount: lists.length,
    descriptionWords: description.length,
  };
}

function fieldsIn(words: readonly string[]): readonly number[] {
  const found = new Set(words.flatMap(fieldsOf));
  return FIELDS.flatMap((field, at) => (found.has(field) ? [at] : []));
}

const periodOf = (year: number | undefined): number =>
  year === undefined ? -1 : PERIOD_ENDS.findIndex((end) => year < end);

function wordKinds(values: Values, description: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  const note = (word: string, kind: number): void => {
    const kinds = found.get(word);
    if (kinds === undefined) found.set(word, [kind]);
    else if (!kinds.includes(kind)) kinds.push(kind);
  };
  KINDS.forEach((kind, at) => {
    for (const value of values[kind]) for (const word of value.split(" ")) note(word, at);
  });
  for (const word of description) note(word, KINDS.indexOf("other"));
  return found;
}
