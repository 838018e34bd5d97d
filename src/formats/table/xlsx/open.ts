import { MmelError } from "../../../core/index.js";
import { chained } from "../../chained.js";
import { readCell } from "../../csv/cells.js";
import { type Rejected, reject } from "../../record.js";
import { guessHeader, type TopRow } from "../header-row.js";
import { columnNames, listed, type Row, requireHeader } from "../table.js";
import { type Archive, openArchive } from "./archive.js";
import { readSheet, type SheetRow } from "./sheet.js";
import { readWorkbook, type Sheet, type Workbook } from "./workbook.js";

export interface XlsxOptions {
  readonly file: string;
  /** Name of the sheet; default: the first visible sheet with data. */
  readonly sheet: string | undefined;
  /** Number of the row that names the columns; default: guessed. */
  readonly headerRow: number | undefined;
  readonly expected: readonly (readonly string[])[];
  /** Maximum number of characters in a row. */
  readonly maxRowBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** Number of rows that are read to find out how many columns the table has. */
const SAMPLE = 100;

/**
 * Opens a sheet of an Excel file. The rows above the header are left out (see `guessHeader`). Columns without a name count if they have
 * a value in the first rows; a value further to the right is ignored. Throws `FORMAT` if the file is damaged or too
 * large: more than 128 MiB packed, 1 GiB unpacked in one part, 256 million characters of shared texts, or 50 million
 * cells in the sheet.
 */
export async function openXlsx(chunks: AsyncIterable<Uint8Array>, options: XlsxOptions) {
  const { file, signal } = options;
  const archive = await openArchive(chunks, file, signal);
  const workbook = await readWorkbook(archive, file);
  const sheets = workbook.sheets.filter(({ hidden }) => !hidden).map(({ name }) => name);
  for (const sheet of sheetsToTry(workbook, options)) {
    const found = await openSheet(archive, workbook, sheet, options);
    if (found !== undefined) return { ...XLSX, sheets, sheet: sheet.name, ...found };
  }
  requireHeader(options.headerRow, undefined, file);
  return { ...XLSX, sheets, headerRow: 1, header: [], rows: noRows() };
}

const XLSX = { kind: "xlsx", encoding: "utf-8" } as const;

async function* noRows(): AsyncGenerator<never> {}

function sheetsToTry({ sheets }: Workbook, { sheet: name, file }: XlsxOptions): readonly Sheet[] {
  if (name === undefined) return sheets.filter(({ hidden }) => !hidden);
  const found = sheets.filter((sheet) => sheet.name === name);
  if (found.length > 0) return found;
  throw new MmelError("FORMAT", {
    what: `the Excel file has no sheet ${JSON.stringify(name)}`,
    where: file,
    expected: `one of its sheets: ${listed(sheets.map((sheet) => sheet.name))}`,
  });
}

async function openSheet(
  archive: Archive,
  workbook: Workbook,
  { part }: Sheet,
  { file, headerRow, expected, maxRowBytes }: XlsxOptions,
) {
  const all = readSheet(archive, part, workbook, file, maxRowBytes);
  const rows = headerRow === undefined ? all : fromRow(all, headerRow);
  const first: SheetRow[] = [];
  for (let next = await rows.next(); !next.done; next = await rows.next()) {
    first.push(next.value);
    if (first.length > SAMPLE) break;
  }
  const at = headerRow === undefined ? guessHeader(first.map(topRow), expected) : 0;
  const [top, ...sample] = first.slice(at);
  if (top === undefined) return undefined;
  requireHeader(headerRow, top.line, file);
  if (top.size > maxRowBytes) throw tooLong(top, file, maxRowBytes);
  const width = 1 + [top, ...sample].reduce((most, { cells }) => Math.max(most, ...cells.keys()), 0);
  const cells = Array.from({ length: width }, (_, column) => readCell(top.cells.get(column) ?? ""));
  const header = columnNames(cells, file);
  return {
    headerRow: top.line,
    header,
    rows: namedRows(chained(sample, rows), header, file, maxRowBytes),
  };
}

async function* fromRow(rows: AsyncIterable<SheetRow>, line: number): AsyncGenerator<SheetRow> {
  for await (const row of rows) if (row.line >= line) yield row;
}

const topRow = ({ line, cells }: SheetRow): TopRow => ({
  line,
  lastLine: line,
  cells: [...cells.values()].map((cell) => readCell(cell).trim()),
});

async function* namedRows(
  rows: AsyncIterable<SheetRow>,
  header: readonly string[],
  file: string,
  maxRowLength: number,
): AsyncGenerator<Row | Rejected> {
  for await (const row of rows) {
    const text = [...row.cells.values()].join("\t");
    if (row.size > maxRowLength) {
      yield reject({ kind: "raw", line: row.line, text, wire: undefined }, tooLong(row, file, maxRowLength));
      continue;
    }
    const cells = header.flatMap((name, column): [string, string][] => {
      const cell = row.cells.get(column);
      return cell === undefined ? [] : [[name, readCell(cell)]];
    });
    if (cells.length > 0) yield { kind: "row", line: row.line, text, cells: new Map(cells) };
  }
}

const tooLong = ({ line, size }: SheetRow, file: string, limit: number): MmelError =>
  new MmelError("LINE_TOO_LONG", {
    what: `the row is too long: ${size.toLocaleString("en")} characters`,
    where: `${file}, line ${line}`,
    expected: `at most ${limit.toLocaleString("en")} characters`,
  });
