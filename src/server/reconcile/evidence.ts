import type { Entity } from "../../core/index.js";
import {
  compareYears,
  createNameReader,
  fold,
  lifeIn,
  parseName,
  readingsOf,
  rolesIn,
  yearsOf,
} from "../../names/index.js";
import { valuesOf } from "./vocabulary.js";

/** How the values of a table row compare with the values that an entity has for the same property. */
export type Comparison = "agrees" | "contradicts" | "unknown";

/** A date: digits with separators, and perhaps a word such as "c.", "born" or "century", or the name of a month. */
const DATE =
  /^\s*(?:\p{L}{1,10}\.?\s+)?[\d\s./–-]*\d{2,4}(?:s|th|st|nd|rd)?\s*(?:\p{L}{1,11}\.?\s*)?(?:\d{4})?\s*$/u;

/** Fields in which a value that is missing does not contradict the row. */
const OPEN_FIELDS: ReadonlySet<string> = new Set(["description", "alias", "url", "popularity"]);

/**
 * Compares the values of a row with an entity's values of a property: dates by their precision, other values by their folded
 * text, as names, and as occupations in any language. Returns "unknown" if the entity has no value, and "contradicts" if it has
 * values but none agrees. Dates at most two years apart are "unknown". Life dates may come from the entity's description.
 */
export function compareProperty(entity: Entity, property: string, values: readonly string[]): Comparison {
  const known = knownValues(entity, property);
  if (known.length === 0 || values.length === 0) return "unknown";
  const compared = values.flatMap((value) => known.map((other) => compareValues(value, other)));
  if (compared.includes("agrees")) return "agrees";
  return compared.includes("unknown") || OPEN_FIELDS.has(property) ? "unknown" : "contradicts";
}

function knownValues(entity: Entity, property: string): readonly string[] {
  const values = valuesOf(entity, property).filter((value) => fold(value) !== "" && fold(value) !== "0");
  if (values.length > 0 || entity.description === undefined) return values;
  const life = lifeIn(entity.description);
  const date = /birth|born/i.test(property)
    ? life.birth
    : /death|died/i.test(property)
      ? life.death
      : undefined;
  return date === undefined ? [] : [String(date[0])];
}

function compareValues(value: string, known: string): Comparison {
  const years = DATE.test(value) ? yearsOf(value) : undefined;
  const knownYears = years && yearsOf(known);
  if (years !== undefined && knownYears !== undefined) {
    const compared = compareYears(years, knownYears);
    return compared === 1 ? "agrees" : compared > 0 ? "unknown" : "contradicts";
  }
  return sameText(value, known) || sameRole(value, known) || sameName(value, known)
    ? "agrees"
    : "contradicts";
}

/** Whether the folded texts are equal or the known value contains the other as a phrase: "Paris" in "1891, Paris". */
function sameText(value: string, known: string): boolean {
  const text = fold(value);
  return text !== "" && ` ${fold(known)} `.includes(` ${text} `);
}

function sameRole(value: string, known: string): boolean {
  const roles = new Set(rolesIn(fold(value).split(" ")).map(({ role }) => role));
  return rolesIn(fold(known).split(" ")).some(({ role }) => roles.has(role));
}

const sameName = (value: string, known: string): boolean => isExactName(value, [known]);

/** Whether a name equals one of the names of an entity, apart from titles, word order, spelling, inflection and damage. */
export function isExactName(name: string, names: readonly string[]): boolean {
  const [first, ...others] = readingsOf(name).map((reading) => parseName(reading));
  if (first === undefined) return false;
  const reader = createNameReader({ ...first, others: [...first.others, ...others] });
  return reader.agreement(names.map((other) => parseName(other))).exact > 0;
}
