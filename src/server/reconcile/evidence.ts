import type { Entity } from "../../core/index.js";
import {
  compareYears,
  createNameReader,
  fold,
  lifeIn,
  parseMention,
  parseName,
  rolesIn,
  wordsOf,
  yearsOf,
} from "../../names/index.js";
import { valuesOf } from "./vocabulary.js";

/** How a table row's values of a property compare with an entity's values of the same property. */
export type Comparison = "agrees" | "contradicts" | "unknown";

/**
 * Matches a date: digits with separators, optionally with a word such as "c.", "born" or "century", or with the name of
 * a month.
 */
const DATE =
  /^\s*(?:\p{L}{1,10}\.?\s+)?[\d\s./–-]*\d{2,4}(?:s|th|st|nd|rd)?\s*(?:\p{L}{1,11}\.?\s*)?(?:\d{4})?\s*$/u;

/** Maximum length of a date. */
const MAX_DATE = 100;

/** Entity fields that never contradict the row, even if their values differ from the row's values. */
const OPEN_FIELDS: ReadonlySet<string> = new Set(["description", "alias", "url", "popularity"]);

/**
 * Compares a row's values of a property with an entity's values. Dates are compared by the range of years that they may
 * mean. Other values are compared as folded text, as occupations in any language, and as names. If the entity has no
 * date of birth or death, the date is taken from its description.
 *
 * Returns "agrees" if at least one pair of values agrees. Otherwise, returns "unknown" in three cases: the row or the
 * entity has no value, two dates are at most two years apart, or the property is one of `OPEN_FIELDS`. In all other
 * cases, returns "contradicts".
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
  const years = value.length <= MAX_DATE && DATE.test(value) ? yearsOf(value) : undefined;
  const knownYears = years && yearsOf(known);
  if (years !== undefined && knownYears !== undefined) {
    const compared = compareYears(years, knownYears);
    return compared === 1 ? "agrees" : compared > 0 ? "unknown" : "contradicts";
  }
  return sameText(value, known) || sameRole(value, known) || sameName(value, known)
    ? "agrees"
    : "contradicts";
}

/** Returns whether `known` contains `value` as a phrase (both are folded first): "1891, Paris" contains "Paris". */
function sameText(value: string, known: string): boolean {
  const text = fold(value);
  return text !== "" && ` ${fold(known)} `.includes(` ${text} `);
}

function sameRole(value: string, known: string): boolean {
  const roles = new Set(rolesIn(wordsOf(value)).map(({ role }) => role));
  return rolesIn(wordsOf(known)).some(({ role }) => roles.has(role));
}

const sameName = (value: string, known: string): boolean => isExactName(value, [known]);

/**
 * Returns whether a name equals one of the names of an entity. Ignores differences in titles, word order, spelling
 * and inflection, and letters damaged by a wrong encoding ("M?ller").
 */
export function isExactName(name: string, names: readonly string[]): boolean {
  const reader = createNameReader(parseMention(name));
  return reader.agreement(names.map((other) => parseName(other)))?.exact === 1;
}
