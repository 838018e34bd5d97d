import type { CaptionMapping } from "../csv/caption-mapping.js";
import { isUnique } from "./guess-entities.js";
import { type CaptionMeaning, captionColumnsFor } from "./header-words.js";
import { guessSeparator, looksLikeFile, looksLikePicture, mostly, valuesIn } from "./sample.js";
import type { Row } from "./table.js";

/**
 * Guesses which column of a table contains which field of a caption, from the names of the columns and the first rows.
 * `text` is a column named like a caption or a description or, without one, the column with the longest texts. `id` is
 * a column named like an identifier or the number of a picture; unless the table has one row per mention, its cells must
 * be filled and differ. `image` is a column named like a picture or, without one, a column with file names of pictures.
 * Other columns are not mapped. Absent fields: see `captionForm`.
 */
export function guessCaptionColumns(header: readonly string[], rows: readonly Row[]): CaptionMapping {
  const columns = new Map<string, { field: string; separator?: string }>();
  const cellsOf = (column: string): string[] => valuesIn(rows, column);
  const free = (meaning: CaptionMeaning): string[] =>
    captionColumnsFor(header, meaning).filter((column) => !columns.has(column));
  const set = (field: CaptionMeaning, column: string | undefined, separator?: string): void => {
    if (column !== undefined) columns.set(column, separator === undefined ? { field } : { field, separator });
  };
  const [mention] = free("mention");
  set("text", free("text")[0] ?? longest(header, cellsOf));
  set(
    "id",
    free("id").find(
      (column) =>
        column === "id" ||
        ((mention !== undefined || isUnique(rows, column)) && !mostly(cellsOf(column), looksLikePicture)),
    ),
  );
  set(
    "image",
    free("image").find((column) => column === "image" || mostly(cellsOf(column), looksLikeFile)) ??
      header.find((column) => !columns.has(column) && mostly(cellsOf(column), looksLikePicture)),
  );
  set(
    "language",
    free("language").find((column) => column === "language" || cellsOf(column).every(isLanguage)),
  );
  if (mention !== undefined) {
    set("mention", mention);
    for (const field of ["start", "end", "gold", "type"] as const) set(field, free(field)[0]);
  } else {
    const [mentions] = free("mentions");
    if (mentions !== undefined)
      set(
        "mentions",
        mentions,
        guessSeparator(cellsOf(mentions), "|;\n,", () => new Set()),
      );
  }
  return { columns: Object.fromEntries(columns) };
}

const isLanguage = (cell: string): boolean => /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(cell.trim());

/** Minimum average number of words in a column that is taken for the captions without being named like captions. */
const MIN_WORDS = 3;

/** Returns the only column, or the one whose cells have most words on average. */
function longest(header: readonly string[], cellsOf: (column: string) => string[]): string | undefined {
  if (header.length === 1) return header[0];
  const averages = header.map((column) => {
    const cells = cellsOf(column);
    const words = cells.reduce((sum, cell) => sum + cell.trim().split(/\s+/).length, 0);
    return cells.length === 0 ? 0 : words / cells.length;
  });
  const most = Math.max(0, ...averages);
  return most >= MIN_WORDS ? header[averages.indexOf(most)] : undefined;
}
