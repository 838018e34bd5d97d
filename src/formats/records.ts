import { groupRows, type MentionForm } from "./csv/columns.js";
import { csvRows, type Row } from "./csv/rows.js";
import { jsonRecords } from "./jsonl.js";
import { linesOf } from "./lines.js";
import type { FileFormat, Raw, ReadOptions, Rejected } from "./read.js";
import { bytesOf, nameOfSource, type Source } from "./source.js";

/** How a kind of record stands in CSV: one row an object, or one row a mention. */
export interface CsvForm {
  readonly required: readonly string[];
  /** What stands between cells; comma, semicolon or tab unless given. */
  readonly delimiter?: string;
  readonly rows: MentionForm | ((cells: ReadonlyMap<string, string>) => unknown);
}

/** The records of a file before their shape is known, in either format. */
export function recordsOf(
  source: Source,
  form: CsvForm,
  { format = formatOf(source), signal, maxLineBytes = 1 << 20 }: ReadOptions,
): AsyncIterable<Raw | Rejected> {
  const file = nameOfSource(source);
  const lines = linesOf(bytesOf(source, signal), maxLineBytes, file);
  if (format === "jsonl") return jsonRecords(lines, file);
  const rows = csvRows(
    lines,
    form.required,
    maxLineBytes,
    file,
    form.delimiter === undefined ? undefined : [form.delimiter],
  );
  return typeof form.rows === "function" ? single(rows, form.rows) : groupRows(rows, form.rows, file);
}

/** The format that a file's name says. */
export function formatOf(file: unknown): FileFormat {
  return typeof file === "string" && /\.csv(\.gz)?$/i.test(file) ? "csv" : "jsonl";
}

async function* single(
  rows: AsyncIterable<Row | Rejected>,
  wireOf: (cells: ReadonlyMap<string, string>) => unknown,
): AsyncGenerator<Raw | Rejected> {
  for await (const row of rows) {
    yield row.kind === "rejected"
      ? row
      : { kind: "raw", line: row.line, text: row.text, wire: wireOf(row.cells) };
  }
}
