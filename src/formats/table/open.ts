import { MmelError } from "../../core/index.js";
import { withStart } from "../chained.js";
import { bytesOf, nameOfSource, type Source } from "../source.js";
import { openDelimited } from "./delimited.js";
import { ENOUGH, guessEncoding } from "./encoding.js";
import { binaryFile, notTable, otherFile } from "./other-file.js";
import type { Table } from "./table.js";

export interface TableOptions {
  /** Name of the table for error messages; default: that of the file. */
  readonly name?: string;
  /** The delimiter between the cells of a text; default: guessed among comma, semicolon, tab and bar. */
  readonly delimiter?: string | undefined;
  /** The encoding of a text; default: guessed. */
  readonly encoding?: string | undefined;
  /** Name of the sheet in an Excel file; default: the first visible sheet with data. */
  readonly sheet?: string | undefined;
  /** Number of the line or row that names the columns, counted from 1; default: guessed (see `guessHeader`). */
  readonly headerRow?: number | undefined;
  /** Maximum length of a row in bytes (default: 1 MiB). */
  readonly maxRowBytes?: number | undefined;
  /**
   * Sets of columns. The first delimiter that splits the header of a text into all columns of a set is used, and the
   * header may be below a title if it has all columns of a set.
   */
  readonly expected?: readonly (readonly string[])[];
  readonly signal?: AbortSignal | undefined;
}

/** The first bytes of a ZIP archive, which may be empty. */
const ZIP = ["PK\x03\x04", "PK\x05\x06"];

/**
 * Opens a table: CSV, TSV or Excel (XLSX), which is recognised by its first bytes. Texts may be compressed. Reads only
 * the header and the first rows; keeps one row in memory at a time, and of an Excel file also the compressed file and
 * the texts that its cells share. Throws `FORMAT` for JSON Lines, files that are not tables (see `other-file.ts`),
 * damaged Excel files, Excel files that exceed a limit (see `xlsx/open.ts`), wrong quotes in the header and an empty
 * `headerRow`, `ENCODING`
 * and `LINE_TOO_LONG` for the header of a text, and the errors of `bytesOf`. An unreadable row is yielded as a reject.
 */
export async function openTable(source: Source, options: TableOptions = {}): Promise<Table> {
  const {
    name: file = nameOfSource(source),
    signal,
    maxRowBytes = 1 << 20,
    expected = [],
    headerRow,
  } = options;
  const chunks = bytesOf(source, signal)[Symbol.asyncIterator]();
  try {
    const { start: head, all: bytes } = await withStart(chunks, ENOUGH);
    const close = { [Symbol.asyncDispose]: async () => void (await chunks.return?.(undefined)) };
    const start = head.toString("latin1", 0, 100);
    if (ZIP.some((bytes) => start.startsWith(bytes))) {
      const { openXlsx } = await import("./xlsx/open.js");
      const { sheet } = options;
      const read = { file, sheet, headerRow, expected, maxRowBytes, signal };
      return { ...(await openXlsx(bytes, read)), ...close };
    }
    if (JSON_OBJECT.test(start)) throw jsonLines(file);
    const { delimiter: given } = options;
    const encoding = options.encoding ?? guessEncoding(head);
    const other = otherFile(head) ?? (options.encoding ? undefined : binaryFile(head, encoding ?? "utf-8"));
    if (other !== undefined) throw notTable(file, other);
    const read = { file, encoding, delimiter: given, headerRow, maxRowBytes, expected };
    const text = await openDelimited(bytes, read);
    const kind = text.delimiter === "\t" ? "tsv" : "csv";
    return { kind, encoding: encoding ?? "utf-8", ...text, ...close };
  } catch (error) {
    await chunks.return?.(undefined);
    throw error;
  }
}

/** The first characters of a JSON object, perhaps after a byte order mark. */
const JSON_OBJECT = /^(?:\u00ef\u00bb\u00bf)?\s*\{\s*"/;

const jsonLines = (file: string): MmelError =>
  new MmelError("FORMAT", {
    what: "the file is JSON Lines",
    where: file,
    expected: "a table",
    hint: "Add `--input-format jsonl`, or `--format jsonl` to `mmel kb import`.",
  });
