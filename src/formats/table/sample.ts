import { fold } from "../../names/index.js";
import type { Row } from "./table.js";

/** Number of rows from which the meaning of columns is guessed. */
export const SAMPLE_ROWS = 200;

/** Returns the cells of a column that are not empty. */
export const valuesIn = (rows: readonly Row[], column: string): string[] =>
  rows.flatMap(({ cells }) => cells.get(column) ?? []).filter((cell) => cell.trim() !== "");

/** Returns whether more than half of the cells fulfil a condition; false without cells. */
export const mostly = (cells: readonly string[], condition: (cell: string) => boolean): boolean =>
  2 * cells.filter(condition).length > cells.length;

/** Returns whether a cell contains the name of a picture in a folder. */
export const looksLikePicture = (cell: string): boolean =>
  /\.(?:jpe?g|png|gif|webp|tiff?|bmp|heic|avif|svg)\s*$/i.test(cell) &&
  !/^\s*(?:[/\\]|[a-z]:[/\\])|\.\./i.test(cell);

/** Returns whether a cell contains the name of a picture in a folder, or an address. */
export const looksLikeFile = (cell: string): boolean =>
  /^https?:\/\/\S+$/i.test(cell.trim()) || looksLikePicture(cell);

/**
 * Returns the first of `separators` that occurs in a cell; "|" if none does. A comma counts only if most cells with a
 * comma do not contain an inverted name such as "Vale, Anna". `nameOf` returns the words of the name that belongs to a
 * cell.
 */
export function guessSeparator(
  cells: readonly string[],
  separators: string,
  nameOf?: (cell: string) => ReadonlySet<string>,
): string {
  for (const separator of separators) {
    const divided = cells.filter((cell) => cell.includes(separator));
    if (divided.length === 0) continue;
    if (
      separator !== "," ||
      nameOf === undefined ||
      !mostly(divided, (cell) => isInverted(cell, nameOf(cell)))
    )
      return separator;
  }
  return "|";
}

/** Returns whether a cell is a name with the family name first: "Vale, Anna", where Vale or Anna is part of the name. */
function isInverted(cell: string, name: ReadonlySet<string>): boolean {
  const [family, given, ...more] = cell.split(",").map(fold);
  if (more.length > 0 || given === undefined) return false;
  if (family!.includes(" ") && given.includes(" ")) return false;
  return name.size === 0 || [...family!.split(" "), ...given.split(" ")].some((word) => name.has(word));
}
