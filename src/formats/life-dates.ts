import { LIFE_PROPERTY_NAMES } from "../names/life-property-names.js";

/** Returns the name of a property without case, accents and spaces. */
const keyOf = (property: string): string =>
  property
    .normalize("NFKD")
    .replace(/[\p{M}\s_-]+/gu, "")
    .toLowerCase();

const KINDS = new Map(
  Object.entries(LIFE_PROPERTY_NAMES).flatMap(([kind, names]) =>
    names.split(", ").map((name) => [keyOf(name), kind as keyof typeof LIFE_PROPERTY_NAMES] as const),
  ),
);

/**
 * Returns what a property with this name states: the date of birth, the date of death, both, or neither. Runs in
 * browsers, unlike `lifeProperty` in `names`, which also accepts other spellings of letters.
 */
export const lifeKind = (property: string): "birth" | "death" | "life" | undefined =>
  KINDS.get(keyOf(property));

/** Maximum length of a date that is shown as it is, such as "before the war". */
const MAX_LENGTH = 24;

/**
 * Returns a person's dates of birth and death in a few characters (see `lifeText`), from properties with common names in
 * many languages. Returns undefined if there are none. Runs in browsers.
 */
export function lifeDatesOf(properties: Readonly<Record<string, readonly string[]>>): string | undefined {
  const found: LifeDates = {};
  for (const [property, [value]] of Object.entries(properties)) {
    const kind = lifeKind(property);
    if (kind === undefined || value === undefined || found[kind] !== undefined) continue;
    const date = kind === "life" ? (value.length <= MAX_LENGTH ? value : undefined) : yearOf(value);
    if (date !== undefined) found[kind] = date;
  }
  return lifeText(found);
}

/** Dates as they are shown. `life` contains both. */
export interface LifeDates {
  birth?: string | undefined;
  death?: string | undefined;
  life?: string | undefined;
}

/** Returns "1867–1934", "born 1867", "died 1934" or, if there is neither date, `life`. */
export function lifeText({ birth, death, life }: LifeDates): string | undefined {
  if (birth !== undefined && death !== undefined) return `${birth}–${death}`;
  if (birth !== undefined) return `born ${birth}`;
  return death === undefined ? life : `died ${death}`;
}

/** Returns the year of a date such as "1867-11-07", "c. 1867" or "-0043-03-15". Other short texts are returned unchanged. */
function yearOf(date: string): string | undefined {
  const iso = /^([+-]?)(\d{4,})(?:-|$)/.exec(date.trim());
  if (iso !== null) return iso[1] === "-" ? `${Number(iso[2])} BC` : String(Number(iso[2]));
  const year = /(?:^|[^\d])(?:(c\.|ca\.|circa)\s*)?(\d{4})(?!\d)/i.exec(date);
  if (year !== null) return year[1] === undefined ? year[2] : `c. ${year[2]}`;
  const text = date.trim();
  return text === "" || text.length > MAX_LENGTH ? undefined : text;
}
