import { fieldOf, objectOf } from "./json.js";

/** A point in time as Wikidata gives it. */
export interface Time {
  readonly text: string;
  /** Wikidata's scale: 6 millennium, 7 century, 8 decade, 9 year, 10 month, 11 day and finer. */
  readonly precision: number;
}

const TIME = /^([+-])(\d{1,16})-(\d\d)-(\d\d)T/;
const JULIAN = /\/Q1985786$/;

/**
 * A time value by its precision: `1891-05-03`, `1891-05`, `1891`, `1890s`, `19th century`, `2nd millennium`; before Christ
 * `44 BC-03-15`, `44 BC`, `40s BC`, `1st century BC`; coarser ones as the year they name. Years have four digits where
 * fewer than three would not be read as a year (`0014`). Days and months of the Julian calendar are marked ` (Julian)`;
 * coarser times are the same in both. A day or month of 0 lowers the precision. Undefined for what is no time.
 */
export function timeOf(value: unknown): Time | undefined {
  const { time, precision, calendarmodel } = objectOf(value);
  const found = typeof time === "string" ? TIME.exec(time) : null;
  if (found === null || typeof precision !== "number") return undefined;
  const [, sign, year, month, day] = found as unknown as [string, string, string, string, string];
  const parts = { year: Number(year), before: sign === "-", month, day };
  const fine = Math.min(precision, month === "00" ? 9 : day === "00" ? 10 : 11);
  const marked = fine >= 10 && typeof calendarmodel === "string" && JULIAN.test(calendarmodel);
  return { text: `${written(parts, fine)}${marked ? " (Julian)" : ""}`, precision: fine };
}

interface Parts {
  readonly year: number;
  readonly before: boolean;
  readonly month: string;
  readonly day: string;
}

function written({ year, before, month, day }: Parts, precision: number): string {
  const era = before ? " BC" : "";
  const padded = before || year > 99 ? String(year) : String(year).padStart(4, "0");
  if (precision >= 11) return `${dated(padded, before)}-${month}-${day}`;
  if (precision === 10) return `${dated(padded, before)}-${month}`;
  if (precision === 8) return `${Math.floor(year / 10) * 10}s${era}`;
  if (precision === 7) return `${ordinal(Math.max(1, Math.ceil(year / 100)))} century${era}`;
  if (precision === 6) return `${ordinal(Math.max(1, Math.ceil(year / 1000)))} millennium${era}`;
  return `${padded}${era}`;
}

const dated = (year: string, before: boolean): string => (before ? `${year} BC` : year.padStart(4, "0"));

function ordinal(number: number): string {
  const teen = Math.floor(number / 10) % 10 === 1;
  const ending = teen ? undefined : { 1: "st", 2: "nd", 3: "rd" }[number % 10];
  return `${number}${ending ?? "th"}`;
}

/** The precision of a time value as written, for choosing the finest of several. */
export const precisionOf = (value: unknown): number => {
  const precision = fieldOf(objectOf(value), "precision");
  return typeof precision === "number" ? precision : 0;
};
