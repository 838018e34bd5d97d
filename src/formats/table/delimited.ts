import { chained } from "../chained.js";
import { readCell } from "../csv/cells.js";
import { type CsvRecord, createRecordParser, csvRecords } from "../csv/rows.js";
import { type Line, linesOf } from "../lines.js";
import type { Rejected } from "../record.js";
import { toUtf8 } from "./encoding.js";
import { guessHeader, TOP_ROWS, type TopRow } from "./header-row.js";
import { columnNames, firstOf, type Row, rejectCount, requireHeader } from "./table.js";

const DELIMITERS = [",", ";", "\t", "|"] as const;

export interface DelimitedOptions {
  readonly file: string;
  readonly encoding?: string | undefined;
  /** The delimiter between cells; default: guessed. */
  readonly delimiter?: string | undefined;
  /** Number of the line that names the columns; default: guessed. */
  readonly headerRow?: number | undefined;
  /** Maximum length of a row in bytes. */
  readonly maxRowBytes: number;
  /** Sets of columns. The first delimiter that splits the header into all columns of a set is used. */
  readonly expected: readonly (readonly string[])[];
}

/**
 * Reads the header of a text whose cells are separated by delimiters. The lines above it are left out. Throws
 * `LINE_TOO_LONG` if the header is too long, `ENCODING` if it is not text in the encoding, and `FORMAT` if its quotes
 * are wrong or the given line is empty.
 */
export async function openDelimited(
  chunks: AsyncIterable<Uint8Array>,
  { file, encoding, delimiter: given, headerRow, maxRowBytes, expected }: DelimitedOptions,
) {
  const lines = linesOf(toUtf8(chunks, encoding, file), maxRowBytes, file);
  const { sep, lines: below } = await withoutSep(lines[Symbol.asyncIterator](), headerRow);
  const { delimiter, first } = await chooseDelimiter(below, given ?? sep, expected);
  const records = csvRecords(chained(first, below), delimiter, maxRowBytes, file);
  const { first: top, rest } = await firstOf(records, headerRow === undefined ? TOP_ROWS : 1);
  const at = headerRow === undefined ? guessHeader(top.map(topRow), expected) : 0;
  const record = top[at] ?? (await rest.next()).value;
  requireHeader(headerRow, record?.line, file);
  if (record === undefined)
    return { delimiter, headerRow: 1, header: [], rows: records as AsyncGenerator<never> };
  if (record.kind === "rejected") throw record.error;
  const header = columnNames(record.cells.map(readCell), file);
  const rows = rowsOf(chained(top.slice(at + 1), rest), header, file);
  return { delimiter, headerRow: record.line, header, rows };
}

/** Returns a record for `guessHeader`. A rejected one counts as an empty row. */
function topRow(record: CsvRecord | Rejected): TopRow {
  const cells = record.kind === "rejected" ? [] : record.cells;
  const breaks = cells.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
  const filled = cells.map((cell) => readCell(cell).trim()).filter((cell) => cell !== "");
  return { line: record.line, lastLine: record.line + breaks, cells: filled };
}

async function* rowsOf(
  records: AsyncIterable<CsvRecord | Rejected>,
  header: readonly string[],
  file: string,
): AsyncGenerator<Row | Rejected> {
  for await (const record of records) {
    if (record.kind === "rejected") yield record;
    else if (record.cells.length !== header.length)
      yield rejectCount({ ...record, cells: record.cells.length }, header.length, file);
    else if (record.cells.some((cell) => cell !== "")) yield rowOf(record, header);
  }
}

function rowOf({ line, text, cells }: CsvRecord, header: readonly string[]): Row {
  const filled = header.flatMap((name, index): [string, string][] => {
    const cell = cells[index] ?? "";
    return cell === "" ? [] : [[name, readCell(cell)]];
  });
  return { kind: "row", line, text, cells: new Map(filled) };
}

/** Maximum number of lines, and of characters in them, from which the delimiter is guessed. */
const SAMPLE_LINES = 50;
const SAMPLE_LENGTH = 1 << 18;

type TextLine = Extract<Line, { kind: "line" }>;

/** Matches the line with which Excel names the delimiter of a file. */
const SEP = /^sep=(.)\r?$/i;

/**
 * Returns the delimiter that a first line such as `sep=;` names, and the lines below it. Leaves out the lines above the
 * header, if its number is given.
 */
async function withoutSep(
  lines: AsyncIterator<Line>,
  headerRow = 0,
): Promise<{ readonly sep: string | undefined; readonly lines: AsyncIterator<Line> }> {
  const first: Line[] = [];
  for (let isBlank = true; isBlank; ) {
    const { done, value } = await lines.next();
    if (done) break;
    first.push(value);
    isBlank = value.kind === "line" && value.text.trim() === "";
  }
  const last = first.at(-1);
  const sep = last?.kind === "line" ? SEP.exec(last.text)?.[1] : undefined;
  const below = chained(sep === undefined ? first : [], lines);
  return { sep, lines: headerRow > 1 ? fromLine(below, headerRow) : below };
}

async function* fromLine(lines: AsyncIterable<Line>, line: number): AsyncGenerator<Line> {
  for await (const one of lines) if (one.line >= line) yield one;
}

/**
 * Returns the delimiter, and the lines that were read to find it. Without a given delimiter, uses the first one that
 * splits the header into expected columns, or the one with which most rows have as many cells as the header.
 */
async function chooseDelimiter(
  lines: AsyncIterator<Line>,
  given: string | undefined,
  expected: readonly (readonly string[])[],
): Promise<{ delimiter: string; first: Line[] }> {
  const first: Line[] = [];
  if (given !== undefined) return { delimiter: given, first };
  const read = async (): Promise<TextLine | undefined> => {
    const { done, value } = await lines.next();
    if (done) return undefined;
    first.push(value);
    return value.kind === "line" ? value : { kind: "line", line: value.line, text: "" };
  };
  let header = await read();
  while (header?.text.trim() === "" && first.at(-1)?.kind === "line") header = await read();
  if (header === undefined) return { delimiter: DELIMITERS[0], first };
  for (const delimiter of DELIMITERS) {
    const columns = parsed([header], delimiter)[0]?.cells.map((name) => readCell(name.trim())) ?? [];
    if (expected.some((set) => set.every((name) => columns.includes(name)))) return { delimiter, first };
  }
  const sample = [header];
  for (let length = 0; sample.length < SAMPLE_LINES && length < SAMPLE_LENGTH; ) {
    const line = await read();
    if (line === undefined) break;
    sample.push(line);
    length += line.text.length;
  }
  return { delimiter: bestDelimiter(sample, expected), first };
}

/** Returns the delimiter that fits best. If none divides the first line, it may be a title above the header. */
function bestDelimiter(sample: readonly TextLine[], expected: readonly (readonly string[])[]): string {
  const records = DELIMITERS.map((delimiter) => parsed(sample, delimiter));
  const fits = records.map(fitOf);
  const best = Math.max(...fits);
  const divides = (records[fits.indexOf(best)]?.[0]?.cells.length ?? 0) > 1;
  const below = records.map((all) => {
    const at = divides ? 0 : guessHeader(all.map(topRow), expected);
    return at === 0 ? 0 : fitOf(all.slice(at));
  });
  const deeper = Math.max(...below);
  return DELIMITERS[deeper > best ? below.indexOf(deeper) : fits.indexOf(best)]!;
}

/** Returns the records in the lines. Omits blank lines and a record that does not end. */
function parsed(lines: readonly TextLine[], delimiter: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let parser = createRecordParser(delimiter);
  let start: TextLine | undefined;
  for (const line of lines) {
    if (start === undefined && line.text.trim() === "") continue;
    start ??= line;
    if (parser.feed(line.text) === "open") continue;
    records.push({ ...start, kind: "cells", cells: parser.cells });
    parser = createRecordParser(delimiter);
    start = undefined;
  }
  return records;
}

/**
 * Returns how well a delimiter fits: the share of rows with as many cells as the header, which counts twice if there
 * are several columns, and a little more for each column.
 */
function fitOf([header, ...rows]: readonly CsvRecord[]): number {
  if (header === undefined) return 0;
  const columns = header.cells.length;
  const agreeing = rows.filter(({ cells }) => cells.length === columns).length;
  const share = rows.length === 0 ? 1 : agreeing / rows.length;
  return share * (columns > 1 ? 2 : 1) + Math.min(columns, 100) / 1000;
}
