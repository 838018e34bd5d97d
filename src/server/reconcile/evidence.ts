import type { Entity } from "../../core/index.js";
import {
  compareYears,
  createNameReader,
  fold,
  isDate,
  isSexProperty,
  lifeIn,
  lifeProperty,
  parseMention,
  parseName,
  rolesIn,
  sexOfValue,
  wordsOf,
  type Years,
  yearsOf,
} from "../../names/index.js";
import { valuesOf } from "./vocabulary.js";

/** How a table row's values of a property compare with an entity's values of the same property. */
export type Comparison = "agrees" | "contradicts" | "unknown";

/** Maximum length of a date. */
const MAX_DATE = 100;

/** Entity fields that never contradict the row, even if their values differ from the row's values. */
const OPEN_FIELDS: ReadonlySet<string> = new Set(["description", "alias", "url", "popularity"]);

/**
 * Compares a row's values of a property with an entity's values. Dates are compared by the range of years that they may
 * mean, and sexes by their meaning. Other values are compared as folded text, as numbers, as occupations in any language,
 * and as names. If the entity has no date of birth or death, the date is taken from its description.
 *
 * Returns "agrees" if at least one pair of values agrees. Otherwise, returns "unknown" in five cases: the row or the
 * entity has no value (or only a word such as "unknown"), two dates are at most two years apart, a date of birth or death
 * contains no year, two names agree except for an initial, or the property is one of `OPEN_FIELDS`. In all other cases,
 * returns "contradicts".
 */
export function compareProperty(entity: Entity, property: string, values: readonly string[]): Comparison {
  const known = valuesOf(entity, property).filter(isKnown);
  const event = lifeProperty(property);
  const isLife = event === "birth" || event === "death";
  const row = values.filter(isKnown);
  const compare = isLife ? compareLife : isSexProperty(property) ? compareSexes : compareValues;
  const compared =
    known.length === 0 && isLife
      ? row.flatMap((value) => compareYearsIn(value, lifeIn(entity.description ?? "")[event]))
      : row.flatMap((value) => known.map((other) => compare(value, other)));
  if (compared.length === 0) return "unknown";
  if (compared.includes("agrees")) return "agrees";
  return compared.includes("unknown") || OPEN_FIELDS.has(property) ? "unknown" : "contradicts";
}

/** Compares a date with a span of years. Returns an empty list if there are no two dates to compare. */
function compareYearsIn(value: string, known: Years | undefined): readonly Comparison[] {
  const years = value.length <= MAX_DATE ? yearsOf(value) : undefined;
  if (years === undefined || known === undefined) return [];
  const compared = compareYears(years, known);
  return [compared === 1 ? "agrees" : compared > 0 ? "unknown" : "contradicts"];
}

/** Compares two values of a date of birth or death. Without two years, other text agrees ("1891, Paris") or is unknown. */
function compareLife(value: string, known: string): Comparison {
  const [byYears] = compareYearsIn(value, yearsOf(known));
  return byYears ?? (sameText(value, known) ? "agrees" : "unknown");
}

function compareSexes(value: string, known: string): Comparison {
  const [own, other] = [sexOfValue(value), sexOfValue(known)];
  if (own === undefined || other === undefined) return compareValues(value, known);
  return own === other ? "agrees" : "contradicts";
}

function compareValues(value: string, known: string): Comparison {
  const [byYears] = isDate(value) ? compareYearsIn(value, yearsOf(known)) : [];
  if (byYears !== undefined) return byYears;
  if (sameText(value, known) || sameNumber(value, known) || sameRole(value, known)) return "agrees";
  return compareAsNames(value, known);
}

/** Words for a value that is not known, folded. Source: written for this project from general knowledge. */
const UNKNOWN: ReadonlySet<string> = new Set(
  [
    "",
    "0",
    "unknown",
    "n a",
    "none",
    "null",
    "unbekannt",
    "inconnu",
    "desconocido",
    "sconosciuto",
    "desconhecido",
  ].concat(["onbekend", "nieznany", "neznámý", "неизвестно", "bilinmiyor"].map(fold)),
);

const isKnown = (value: string): boolean => !UNKNOWN.has(fold(value));

/** Returns whether two values are the same whole number, apart from separators: "12,000" and "12000". */
function sameNumber(value: string, known: string): boolean {
  const digits = (text: string): string | undefined =>
    /^\d{1,3}(?:[.,\s'’]\d{3})*$|^\d+$/u.test(text.trim()) ? text.replace(/\D/g, "") : undefined;
  return digits(value) !== undefined && digits(value) === digits(known);
}

/**
 * Returns whether `known` contains `value` as a phrase, or is a part of `value` between commas (all folded): "1891,
 * Paris" contains "Paris", and "Paris, France" has the part "Paris".
 */
function sameText(value: string, known: string): boolean {
  const [text, other] = [fold(value), fold(known)];
  return (
    text !== "" &&
    (` ${other} `.includes(` ${text} `) || value.split(",").some((part) => fold(part) === other))
  );
}

function sameRole(value: string, known: string): boolean {
  const roles = new Set(rolesIn(wordsOf(value)).map(({ role }) => role));
  return rolesIn(wordsOf(known)).some(({ role }) => roles.has(role));
}

/** Compares two values as names. An initial that fits is no contradiction: "K. Holm" and "Karl Holm". */
function compareAsNames(value: string, known: string): Comparison {
  const found = createNameReader(parseMention(value)).agreement([parseName(known)]);
  if (found?.exact === 1) return "agrees";
  const differs = found === undefined || found.otherFamily + found.otherGiven + found.otherMiddle > 0;
  return differs || found.initials === 0 ? "contradicts" : "unknown";
}

/**
 * Returns whether a name equals one of the names of an entity. Ignores differences in titles, word order, spelling
 * and inflection, and letters damaged by a wrong encoding ("M?ller").
 */
export function isExactName(name: string, names: readonly string[]): boolean {
  const reader = createNameReader(parseMention(name));
  return reader.agreement(names.map((other) => parseName(other)))?.exact === 1;
}
