import { MmelError } from "../../core/index.js";
import type { Line } from "../lines.js";
import { type Rejected, reject } from "../read.js";
import { createRecordParser } from "./parse.js";
import { type CsvRecord, csvRecords } from "./records.js";

const DELIMITERS = [",", ";", "\t"];

/** A CSV record by column name; empty cells are absent. */
export interface Row {
  readonly kind: "row";
  readonly line: number;
  readonly text: string;
  readonly cells: ReadonlyMap<string, string>;
}

/**
 * Rows below a header line, separated by the first of `delimiters` under which the header has the `required` columns; `FORMAT` when none does. A file without any line has no rows.
 */
export async function* csvRows(
  lines: AsyncIterable<Line>,
  required: readonly string[],
  limit: number,
  file: string,
  delimiters: readonly string[] = DELIMITERS,
): AsyncGenerator<Row | Rejected> {
  const iterator = lines[Symbol.asyncIterator]();
  try {
    const first = await iterator.next();
    if (first.done) return;
    if (first.value.kind === "bad") throw first.value.error;
    const { delimiter, columns } = header(first.value.text, required, file, delimiters);
    for await (const record of csvRecords(iterator, delimiter, limit, file)) {
      if (record.kind === "rejected") yield record;
      else if (record.cells.length !== columns.length) yield miscounted(record, columns.length, file);
      else if (record.cells.some((cell) => cell !== "")) yield rowOf(record, columns);
    }
  } finally {
    await iterator.return?.();
  }
}

function header(
  text: string,
  required: readonly string[],
  file: string,
  delimiters: readonly string[],
): { delimiter: string; columns: readonly string[] } {
  for (const delimiter of delimiters) {
    const parser = createRecordParser(delimiter);
    parser.feed(text);
    const columns = parser.cells.map((name) => name.trim());
    if (required.every((name) => columns.filter((column) => column === name).length === 1)) {
      return { delimiter, columns };
    }
  }
  throw new MmelError("FORMAT", {
    what: "the first line does not name the columns",
    where: `${file}, line 1`,
    expected: `a header with ${required.join(" and ")}, each once`,
  });
}

function rowOf({ line, text, cells }: CsvRecord, columns: readonly string[]): Row {
  const filled = columns.flatMap((name, at): [string, string][] => {
    const cell = cells[at] ?? "";
    return cell === "" ? [] : [[name, cell]];
  });
  return { kind: "row", line, text, cells: new Map(filled) };
}

function miscounted({ line, text, cells }: CsvRecord, columns: number, file: string): Rejected {
  const error = new MmelError("FORMAT", {
    what: `the row has ${cells.length} cells`,
    where: `${file}, line ${line}`,
    expected: `${columns}, as the header`,
  });
  return reject({ kind: "raw", line, text, wire: { id: undefined } }, error);
}
