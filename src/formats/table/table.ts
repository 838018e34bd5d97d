import { cutEcho } from "../../core/echo.js";
import { MmelError } from "../../core/index.js";
import { chained } from "../chained.js";
import { createDistinct } from "../csv/distinct.js";
import { type Rejected, reject } from "../record.js";

/** The cells of a row that are not empty, keyed by column name. */
export interface Row {
  readonly kind: "row";
  /** Number of the line in a text, or of the row in a sheet, counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly cells: ReadonlyMap<string, string>;
}

/** An open table. Dispose of it if its rows are not read to the end. */
export interface Table extends AsyncDisposable {
  readonly kind: "csv" | "tsv" | "xlsx";
  readonly encoding: string;
  readonly delimiter?: string;
  /** Name of the sheet that is read, and of all visible sheets of the Excel file. */
  readonly sheet?: string;
  readonly sheets?: readonly string[];
  /** Number of the line or row with the names of the columns, counted from 1. */
  readonly headerRow: number;
  /** The names of the columns, all different; empty if the file is empty. */
  readonly header: readonly string[];
  /** The rows below the header. Rows whose cells are all empty are skipped. */
  readonly rows: AsyncIterable<Row | Rejected>;
}

/** Maximum number of columns, as in Excel. */
export const MAX_COLUMNS = 16_384;

/**
 * Returns the names of the columns, from the cells of the header. Trims them and replaces line breaks with spaces. A
 * column without a name gets its number ("column 3"), and a name that is taken becomes "Name (2)". Throws `FORMAT` if
 * there are more columns than Excel can have.
 */
export function columnNames(cells: readonly string[], file: string): string[] {
  if (cells.length > MAX_COLUMNS) {
    throw new MmelError("FORMAT", {
      what: `the header has ${cells.length} columns`,
      where: file,
      expected: `at most ${MAX_COLUMNS}`,
    });
  }
  const distinct = createDistinct((name, number) => `${name} (${number})`);
  return cells.map((cell, index) =>
    distinct(cell.trim().replace(/\s*[\r\n]+\s*/g, " ") || `column ${index + 1}`),
  );
}

/**
 * Throws `FORMAT` unless the table has each of the columns exactly once. The error names the columns found; `hint` says
 * what to do.
 */
export function requireColumns(
  { header }: Pick<Table, "header">,
  columns: readonly string[],
  file: string,
  hint: string,
): void {
  const missing = columns.filter((column) => !header.includes(column));
  const repeated = columns.filter((column) => {
    const again = `${column} (2)`;
    return header.includes(again) && !columns.includes(again);
  });
  if (missing.length + repeated.length === 0) return;
  const what =
    missing.length > 0
      ? `the table has no column ${missing.join(" and no column ")}`
      : `the column ${repeated.join(" and the column ")} occurs twice`;
  throw new MmelError("FORMAT", {
    what: `${what}; found columns: ${listed(header)}`,
    where: file,
    expected: `each of the columns ${columns.join(", ")} once`,
    hint,
  });
}

/** Returns the names of columns for a message: the first 20, shortened to 200 characters in all. */
export function listed(columns: readonly string[]): string {
  const more = columns.length > 20 ? `, and ${columns.length - 20} more` : "";
  return cutEcho(columns.slice(0, 20).join(", ")) + more;
}

/** Rejects a row whose number of cells is not that of the header. */
export function rejectCount(
  { line, text, cells }: { readonly line: number; readonly text: string; readonly cells: number },
  columns: number,
  file: string,
): Rejected {
  const error = new MmelError("FORMAT", {
    what: `the row has ${cells} cells`,
    where: `${file}, line ${line}`,
    expected: `${columns} cells, as in the header`,
  });
  return reject({ kind: "raw", line, text, wire: undefined }, error);
}

/** The first rows of a table, and all of its rows. */
export interface Sampled {
  readonly sample: readonly Row[];
  /** The rejects among the first rows. */
  readonly rejected: readonly Rejected[];
  readonly rows: AsyncIterable<Row | Rejected>;
}

/**
 * Reads the first rows of a table, at most `count`, and returns them together with all rows. If reading fails, `rows`
 * throws the error after the rows before it.
 */
export async function sampled({ rows }: Pick<Table, "rows">, count: number): Promise<Sampled> {
  const { first, rest } = await firstOf(rows[Symbol.asyncIterator](), count);
  return {
    sample: first.filter((row) => row.kind === "row"),
    rejected: first.filter((row) => row.kind === "rejected"),
    rows: chained(first, rest),
  };
}

/** Reads the first values, at most `count`. If reading fails, `rest` throws the error. */
export async function firstOf<T>(
  iterator: AsyncIterator<T>,
  count: number,
): Promise<{ readonly first: readonly T[]; readonly rest: AsyncIterator<T> }> {
  const first: T[] = [];
  try {
    while (first.length < count) {
      const { done, value } = await iterator.next();
      if (done) break;
      first.push(value);
    }
  } catch (error) {
    return { first, rest: { next: () => Promise.reject(error) } };
  }
  return { first, rest: iterator };
}

/** Throws `FORMAT` unless the given row, which should be the header, has content. `line` is the number of the next one. */
export function requireHeader(headerRow: number | undefined, line: number | undefined, file: string): void {
  if (headerRow === undefined || headerRow === line) return;
  throw new MmelError("FORMAT", {
    what: `row ${headerRow}, which should name the columns, is empty`,
    where: file,
    expected: line === undefined ? "a row with the names of the columns" : `such as row ${line}`,
    hint: "Change `headerRow` in the mapping.",
  });
}
