/** Converts the number of a cell to text. */
export type ShowNumber = (value: number) => string;

/**
 * The formats of percentages, dates and times that every file has, by id. Ids 27 to 36 and 50 to 58 depend on the
 * language; those listed here are dates in every language.
 */
const BUILT_IN: ReadonlyMap<number, string> = new Map([
  [9, "0%"],
  [10, "0.00%"],
  ...[14, 15].map((id) => [id, "yyyy-mm-dd"] as const),
  [16, "yyyy-mm-dd"],
  [17, "mmm yyyy"],
  ...[18, 19, 20, 21, 45, 46, 47].map((id) => [id, "hh:mm:ss"] as const),
  [22, "yyyy-mm-dd hh:mm"],
  ...[27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, "yyyy-mm-dd"] as const),
]);

/**
 * Returns how a number is shown in a cell with a number format: as a date in ISO 8601, as precise as the format (1891,
 * 1891-03, 1891-03-05, 1891-03-05T10:30); with leading zeros (00042) and fixed words (Inv. 0042), as a percentage, or
 * as the plain number with the 15 digits that Excel keeps. `code` is the format's code, if the file defines the format.
 */
export function numberFormat(id: number, code: string | undefined, is1904: boolean): ShowNumber {
  const [section = ""] = (code ?? BUILT_IN.get(id) ?? "").split(";");
  const bare = section.replace(FIXED, (part) => " ".repeat(part.length));
  const zeros = /^[ /-]*(0{2,})[ /-]*$/.exec(bare)?.[1];
  if (zeros !== undefined) {
    const start = bare.indexOf(zeros);
    const [before, after] = [literal(section.slice(0, start)), literal(section.slice(start + zeros.length))];
    return (value) =>
      Number.isInteger(value) && value >= 0
        ? before + plainNumber(value).padStart(zeros.length, "0") + after
        : plainNumber(value);
  }
  if (/[0#]%$/.test(section)) return (value) => `${plainNumber(value * 100)}%`;
  const letters = section
    .toLowerCase()
    .replace(/"[^"]*"|\\.|\[(?![hms]+\])[^\]]*\]|_.|\*./g, "")
    .replace(/am\/pm|a\/p/g, "");
  if (/[0#?]|general/.test(letters) || !/[ymdhs]/.test(letters)) return plainNumber;
  return (value) => dateText(value, precisionOf(letters), is1904) ?? plainNumber(value);
}

/** Matches fixed text in a number format, settings in brackets (a colour, a condition, a language) and spaces. */
const FIXED = /"[^"]*"|\\.|\[[^\]]*\]|_./g;

/** Returns the fixed text of a part of a number format. */
const literal = (part: string): string =>
  part.replace(/\[[^\]]*\]|_./g, "").replace(/"([^"]*)"|\\(.)/g, (_, quoted, escaped) => quoted ?? escaped);

const plainNumber: ShowNumber = (value) => String(Number(value.toPrecision(15)));

type Precision = "year" | "month" | "day" | "time of day";

function precisionOf(letters: string): Precision {
  if (!/[yd]/.test(letters) && /[hs]/.test(letters)) return "time of day";
  if (/d/.test(letters) || !/y/.test(letters)) return "day";
  return /m/.test(letters) ? "month" : "year";
}

const DAY = 86_400_000;
/** The number of the last day that Excel knows, 9999-12-31. */
const LAST_DAY = 2_958_465;

/** Returns the date of a number of days, or undefined if it is not a date. Excel takes 1900 for a leap year. */
function dateText(days: number, precision: Precision, is1904: boolean): string | undefined {
  if (!(days >= 0 && days < LAST_DAY + 1)) return undefined;
  const start = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30);
  const iso = new Date(start + Math.round((days * DAY) / 1000) * 1000).toISOString();
  const time = iso.slice(11, 19).replace(/:00$/, "");
  if (precision === "time of day") return time;
  if (precision === "year") return iso.slice(0, 4);
  if (precision === "month") return iso.slice(0, 7);
  return iso.slice(0, 10) + (time === "00:00" ? "" : `T${time}`);
}
