import { chained } from "../chained.js";
import { readCell } from "../csv/cells.js";
import { type CsvRecord, createRecordParser, csvRecords } from "../csv/rows.js";
import { type Line, linesOf } from "../lines.js";
import type { Rejected } from "../record.js";
import { toUtf8 } from "./encoding.js";
import { columnNames, type Row, rejectCount } from "./table.js";

const DELIMITERS = [",", ";", "\t", "|"] as const;

export interface DelimitedOptions {
  readonly file: string;
  readonly encoding?: string | undefined;
  /** The delimiter between cells; default: guessed. */
  readonly delimiter?: string | undefined;
  /** Maximum length of a row in bytes. */
  readonly maxRowBytes: number;
  /** Sets of columns. The first delimiter that splits the header into all columns of a set is used. */
  readonly expected: readonly (readonly string[])[];
}

/**
 * Reads the header of a text whose cells are separated by delimiters. Throws `LINE_TOO_LONG` if the header is too long,
 * `ENCODING` if it is not text in the encoding, and `FORMAT` if its quotes are wrong.
 */
export async function openDelimited(
  chunks: AsyncIterable<Uint8Array>,
  { file, encoding, delimiter: given, maxRowBytes, expected }: DelimitedOptions,
) {
  const lines = linesOf(toUtf8(chunks, encoding, file), maxRowBytes, file);
  const iterator = lines[Symbol.asyncIterator]();
  const { delimiter, first } = await chooseDelimiter(iterator, given, expected);
  const records = csvRecords(chained(first, iterator), delimiter, maxRowBytes, file);
  const next = await records.next();
  if (next.done) return { delimiter, header: [], rows: records as AsyncGenerator<never> };
  if (next.value.kind === "rejected") throw next.value.error;
  const header = columnNames(next.value.cells.map(readCell), file);
  return { delimiter, header, rows: rowsOf(records, header, file) };
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

/** Matches the line with which Excel names the delimiter of a file. */
const SEP = /^sep=(.)\r?$/i;

/**
 * Returns the delimiter, and the lines that were read to find it. Without a given delimiter, uses that of a line such
 * as `sep=;`, the first one that splits the header into expected columns, or the one with which most rows have as many
 * cells as the header.
 */
async function chooseDelimiter(
  lines: AsyncIterator<Line>,
  given: string | undefined,
  expected: readonly (readonly string[])[],
): Promise<{ delimiter: string; first: Line[] }> {
  const first: Line[] = [];
  const read = async (): Promise<string | undefined> => {
    const { done, value } = await lines.next();
    if (done) return undefined;
    first.push(value);
    return value.kind === "line" ? value.text : "";
  };
  let header = await read();
  while (header?.trim() === "" && first.at(-1)?.kind === "line") header = await read();
  const sep = SEP.exec(header ?? "")?.[1];
  if (sep !== undefined) return { delimiter: given ?? sep, first: [] };
  if (given !== undefined) return { delimiter: given, first };
  for (const delimiter of DELIMITERS) {
    const columns = parsed([header ?? ""], delimiter)[0]?.map((name) => readCell(name.trim())) ?? [];
    if (expected.some((set) => set.every((name) => columns.includes(name)))) return { delimiter, first };
  }
  const sample = [header ?? ""];
  for (let length = 0; sample.length < SAMPLE_LINES && length < SAMPLE_LENGTH; ) {
    const line = await read();
    if (line === undefined) break;
    sample.push(line);
    length += line.length;
  }
  const fits = DELIMITERS.map((delimiter) => fitOf(parsed(sample, delimiter)));
  return { delimiter: DELIMITERS[fits.indexOf(Math.max(...fits))]!, first };
}

/** Returns the cells of the records in the lines. Omits blank lines and a record that does not end. */
function parsed(lines: readonly string[], delimiter: string): (readonly string[])[] {
  const records: (readonly string[])[] = [];
  let parser = createRecordParser(delimiter);
  let isOpen = false;
  for (const line of lines) {
    if (!isOpen && line.trim() === "") continue;
    isOpen = parser.feed(line) === "open";
    if (isOpen) continue;
    records.push(parser.cells);
    parser = createRecordParser(delimiter);
  }
  return records;
}

/**
 * Returns how well a delimiter fits: the share of rows with as many cells as the header, which counts twice if there
 * are several columns, and a little more for each column.
 */
function fitOf([header, ...rows]: readonly (readonly string[])[]): number {
  if (header === undefined) return 0;
  const agreeing = rows.filter((row) => row.length === header.length).length;
  const share = rows.length === 0 ? 1 : agreeing / rows.length;
  return share * (header.length > 1 ? 2 : 1) + Math.min(header.length, 100) / 1000;
}
