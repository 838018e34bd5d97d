import { itemNumber } from "./id-set.js";
import { fieldOf, isChosen, listOf, objectOf, textOf } from "./item-json.js";
import type { WikidataSettings } from "./settings.js";

/** An item's statements, keyed by property. */
type Claims = Readonly<Record<string, unknown>>;

/** The value of a statement in Wikidata's format: `{"type":"time","value":{…}}`. */
export interface DataValue {
  readonly type: string;
  readonly value: unknown;
}

/**
 * Returns the values in the best statements of a property, in order. The best statements are the preferred statements
 * if there are any, and otherwise the normal statements. Deprecated statements, "some value" and "no value" are
 * skipped.
 */
export function bestValues(claims: Claims, property: string): DataValue[] {
  const statements = statementsOf(claims, property);
  const preferred = statements.filter(({ rank }) => rank === "preferred");
  const best = preferred.length > 0 ? preferred : statements.filter(({ rank }) => rank !== "deprecated");
  return best.flatMap(givenValue);
}

/** Returns whether a property has one of the items as a value. Deprecated statements are ignored. */
export function namesAny(claims: Claims, property: string, items: readonly string[]): boolean {
  return statementsOf(claims, property).some((statement) => {
    if (statement.rank === "deprecated") return false;
    return givenValue(statement).some(({ value }) => items.includes(itemOf(value) ?? ""));
  });
}

function statementsOf(claims: Claims, property: string): Readonly<Record<string, unknown>>[] {
  return listOf(fieldOf(claims, property)).map(objectOf);
}

function givenValue({ mainsnak }: Readonly<Record<string, unknown>>): DataValue[] {
  const { snaktype, datavalue } = objectOf(mainsnak);
  const { type, value } = objectOf(datavalue);
  return snaktype === "value" && typeof type === "string" ? [{ type, value }] : [];
}

/**
 * Returns the id of the item that a value refers to. In the old format, the value contains only the item's number.
 * Returns undefined if the value is not an item but, for example, a property or a lexeme.
 */
function itemOf(value: unknown): string | undefined {
  const { id, "numeric-id": number, "entity-type": kind } = objectOf(value);
  if (typeof id === "string") return itemNumber(id) === undefined ? undefined : id;
  return kind === "item" && typeof number === "number" && number > 0 ? `Q${number}` : undefined;
}

/** Part of a value: a text, or the number of an item. The item's label will replace the number. */
export type Part = string | number;

/** A property's name and values. The parts of a value are joined by commas later. */
export type DraftProperty = readonly [name: string, values: readonly (readonly Part[])[]];

/** Returns an item's properties in the order of the property map. Properties without values are left out. */
export function draftProperties(
  claims: Claims,
  { properties, languages }: Pick<WikidataSettings, "properties" | "languages">,
): DraftProperty[] {
  const byName = new Map<string, (readonly Part[])[]>();
  for (const [key, name] of Object.entries(properties)) {
    const parts = key.split("+").map((property) => partsOf(bestValues(claims, property), languages));
    const values = parts.length === 1 ? parts[0]!.map(({ part }) => [part]) : [joined(parts)];
    const all = byName.get(name) ?? [];
    all.push(...values.filter((value) => value.length > 0));
    byName.set(name, all);
  }
  return [...byName].filter(([, values]) => values.length > 0);
}

interface PrecisePart {
  readonly part: Part;
  /** Precision of a date (Wikidata's scale); 0 for other values. */
  readonly precision: number;
}

/**
 * Combines several properties into one value. From each property, takes the most precise date, or the first part if
 * there is no date.
 */
function joined(parts: readonly (readonly PrecisePart[])[]): Part[] {
  return parts.flatMap((values) => {
    const highest = Math.max(...values.map(({ precision }) => precision));
    return values.find(({ precision }) => precision === highest)?.part ?? [];
  });
}

/**
 * Converts values to parts of a draft. If some texts are in the chosen languages, texts in other languages are left
 * out.
 */
function partsOf(values: readonly DataValue[], languages: readonly string[]): PrecisePart[] {
  const chosen = values.filter(
    ({ type, value }) => type === "monolingualtext" && isChosen(objectOf(value).language, languages),
  );
  return (chosen.length > 0 ? chosen : values).flatMap(({ type, value }) => {
    const part = partOf(type, value);
    return part === undefined ? [] : [{ part, precision: type === "time" ? precisionOf(value) : 0 }];
  });
}

function partOf(type: string, value: unknown): Part | undefined {
  switch (type) {
    case "wikibase-entityid": {
      const id = itemOf(value);
      return id === undefined ? undefined : Number(id.slice(1));
    }
    case "time":
      return timeText(value);
    case "monolingualtext":
      return textOf(objectOf(value).text);
    case "quantity":
      return textOf(objectOf(value).amount)?.replace(/^\+/, "");
    case "globecoordinate": {
      const { latitude, longitude } = objectOf(value);
      return typeof latitude === "number" && typeof longitude === "number"
        ? `${latitude}, ${longitude}`
        : undefined;
    }
    default:
      return textOf(value);
  }
}

const TIME = /^([+-])(\d{1,16})-(\d\d)-(\d\d)T/;
const JULIAN = /\/Q1985786$/;

/**
 * Formats a time value according to its precision (Wikidata's scale: 6 millennium, 7 century, 8 decade, 9 year, 10
 * month, 11 day): `1891-05-03`, `1891-05`, `1891`, `1890s`, `19th century`, `2nd millennium`; before Christ,
 * `44 BC-03-15`, `44 BC`, `40s BC`, `1st century BC`. Lower precisions are formatted as a year, and higher ones as a
 * day. Years from 1 to 99 AD are padded to four digits (`0014`), because shorter numbers do not look like years. Before
 * a month, years from 100 to 999 AD are padded too. A month or day of 0 lowers the precision. Days and months in the
 * Julian calendar are marked with ` (Julian)`; longer periods are the same in both calendars. Returns undefined if the
 * value is not a time.
 */
export function timeText(value: unknown): string | undefined {
  const { time, precision, calendarmodel } = objectOf(value);
  const found = typeof time === "string" ? TIME.exec(time) : null;
  if (found === null || typeof precision !== "number") return undefined;
  const [, sign, year, month, day] = found as unknown as [string, string, string, string, string];
  const actual = Math.min(precision, month === "00" ? 9 : day === "00" ? 10 : 11);
  const isJulian = actual >= 10 && typeof calendarmodel === "string" && JULIAN.test(calendarmodel);
  const text = formatDate({ year: Number(year), isBc: sign === "-", month, day }, actual);
  return isJulian ? `${text} (Julian)` : text;
}

interface DateParts {
  readonly year: number;
  readonly isBc: boolean;
  readonly month: string;
  readonly day: string;
}

function formatDate({ year, isBc, month, day }: DateParts, precision: number): string {
  const era = isBc ? " BC" : "";
  const padded = isBc || year > 99 ? String(year) : String(year).padStart(4, "0");
  const beforeMonth = isBc ? `${padded} BC` : padded.padStart(4, "0");
  if (precision >= 11) return `${beforeMonth}-${month}-${day}`;
  if (precision === 10) return `${beforeMonth}-${month}`;
  if (precision === 8) return `${Math.floor(year / 10) * 10}s${era}`;
  if (precision === 7) return `${ordinal(Math.max(1, Math.ceil(year / 100)))} century${era}`;
  if (precision === 6) return `${ordinal(Math.max(1, Math.ceil(year / 1000)))} millennium${era}`;
  return `${padded}${era}`;
}

function ordinal(number: number): string {
  const isTeen = Math.floor(number / 10) % 10 === 1;
  const suffix = isTeen ? undefined : { 1: "st", 2: "nd", 3: "rd" }[number % 10];
  return `${number}${suffix ?? "th"}`;
}

/** Returns the precision recorded in a time value. It is used to choose the most precise of several values. */
function precisionOf(value: unknown): number {
  const precision = fieldOf(objectOf(value), "precision");
  return typeof precision === "number" ? precision : 0;
}
