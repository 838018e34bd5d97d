import { MmelError } from "../../core/index.js";
import { excerptOf, type Line } from "../lines.js";
import type { Rejected } from "../record.js";

/** The cells of one CSV record, without column names. */
export interface CsvRecord {
  readonly kind: "cells";
  readonly line: number;
  readonly text: string;
  readonly cells: readonly string[];
}

type TextLine = Extract<Line, { kind: "line" }>;

/**
 * Splits lines into CSV records and skips blank lines between them. If a quoted cell does not end (within `limit`
 * characters), or if text follows a closing quote, only the line where the record begins is rejected. Reading continues
 * with the next line.
 */
export async function* csvRecords(
  lines: AsyncIterator<Line>,
  delimiter: string,
  limit: number,
  file: string,
): AsyncGenerator<CsvRecord | Rejected> {
  const pending: Line[] = []; // lines to read again, in reverse order
  let allowed = REPEATED + 4 * limit; // characters that may still be read again
  const next = async (): Promise<Line | undefined> => {
    if (pending.length > 0) return pending.pop();
    const { done, value } = await lines.next();
    if (done) return undefined;
    allowed += 2 * lengthOf(value);
    return value;
  };
  for (let line = await next(); line !== undefined; line = await next()) {
    if (line.kind === "bad") yield { ...line, kind: "rejected" };
    else if (line.text.trim() !== "") {
      const { result, unused } = await readRecord(line, next, delimiter, limit, file);
      yield result;
      for (const later of unused) allowed -= lengthOf(later);
      if (allowed < 0) throw tooManyOpen(file, line.line);
      for (const later of unused.reverse()) pending.push(later);
    }
  }
}

/**
 * Number of characters that may be read again after quoted cells that never end, in addition to the length of the file.
 * Without a limit, a file of such cells would take hours.
 */
const REPEATED = 16 * 2 ** 20;

const lengthOf = (line: Line): number => (line.kind === "line" ? line.text.length + 1 : 0);

const tooManyOpen = (file: string, line: number): MmelError =>
  new MmelError("FORMAT", {
    what: "too many quoted cells never end",
    where: `${file}, line ${line}`,
    expected: "quotes around whole cells only",
    hint: "Remove the quotes at the start of cells, or double them.",
  });

async function readRecord(
  first: TextLine,
  next: () => Promise<Line | undefined>,
  delimiter: string,
  limit: number,
  file: string,
): Promise<{ result: CsvRecord | Rejected; unused: Line[] }> {
  const parser = createRecordParser(delimiter);
  const consumed: Line[] = [];
  let size = first.text.length;
  let state = parser.feed(first.text);
  while (state === "open") {
    const line = await next();
    if (line !== undefined) consumed.push(line);
    size += line?.kind === "line" ? line.text.length + 1 : 0;
    if (line?.kind !== "line" || size > limit) break;
    state = parser.feed(line.text);
  }
  if (state !== "complete") return { result: rejectQuotes(first, state, file), unused: consumed };
  const { line, text } = first;
  return { result: { kind: "cells", line, text, cells: parser.cells }, unused: [] };
}

function rejectQuotes({ line, text }: TextLine, state: "open" | "broken", file: string): Rejected {
  const what =
    state === "open" ? "a quoted cell begins on this line and never ends" : "text follows a closing quote";
  const expected = 'quotes around the whole cell and each inner quote doubled, as in "Ann ""Nan"" Lee"';
  const error = new MmelError("FORMAT", { what, where: `${file}, line ${line}`, expected });
  return { kind: "rejected", line, error, excerpt: excerptOf(text) };
}

/** A parser that receives one CSV record (RFC 4180) line by line. */
interface RecordParser {
  readonly cells: readonly string[];
  /**
   * Parses the next line of the record. Returns `open` if a quoted cell continues on the following line, `broken` if
   * text follows a closing quote, and otherwise `complete`.
   */
  feed(line: string): "complete" | "open" | "broken";
}

/** Creates a parser that treats quotes inside an unquoted cell as text and keeps line feeds inside a quoted cell. */
export function createRecordParser(delimiter: string): RecordParser {
  const cells: string[] = [];
  let cell = "";
  let open = false;
  const feedQuoted = (line: string, from: number): number | "open" => {
    for (let at = from; ; ) {
      const quote = line.indexOf('"', at);
      if (quote < 0) {
        cell += line.slice(at);
        return "open";
      }
      cell += line.slice(at, quote);
      if (line[quote + 1] !== '"') return quote + 1;
      cell += '"';
      at = quote + 2;
    }
  };
  const feed = (line: string): "complete" | "open" | "broken" => {
    if (open) cell += "\n";
    for (let at = 0; ; ) {
      if (!open && line[at] === '"') {
        open = true;
        at++;
      }
      if (open) {
        const after = feedQuoted(line, at);
        if (after === "open") return "open";
        open = false;
        cells.push(cell);
        cell = "";
        if (isEnd(line, after)) return "complete";
        if (line[after] !== delimiter) return "broken";
        at = after + 1;
      } else {
        const end = line.indexOf(delimiter, at);
        cells.push(end < 0 ? line.slice(at).replace(/\r$/, "") : line.slice(at, end));
        if (end < 0) return "complete";
        at = end + 1;
      }
    }
  };
  return { cells, feed };
}

const isEnd = (line: string, at: number): boolean =>
  at === line.length || (at === line.length - 1 && line[at] === "\r");

/** Joins values with `|`. Escapes `|` in a value as `\|`, and a backslash as `\\`. */
export function joinList(values: readonly string[]): string {
  return values.map((value) => value.replace(/[\\|]/g, "\\$&")).join("|");
}

/** Splits a cell that `joinList` created. A backslash that escapes nothing is kept as text. */
export function splitList(cell: string): string[] {
  const values: string[] = [];
  let value = "";
  for (const [part, escaped = part] of cell.matchAll(/\\([\\|])|\||[^\\|]+|\\/g)) {
    if (part !== "|") value += escaped;
    else {
      values.push(value);
      value = "";
    }
  }
  return [...values, value];
}

/**
 * Returns the number in a cell, or undefined for an undefined cell. Returns a cell that is not a number unchanged, so
 * that the schema rejects it.
 */
export function parseNumber(cell: string | undefined): number | string | undefined {
  if (cell === undefined) return undefined;
  return cell.trim() === "" || Number.isNaN(Number(cell)) ? cell : Number(cell);
}
