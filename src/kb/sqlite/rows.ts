import { crc32 } from "node:zlib";
import type { Entity, MmelError } from "../../core/index.js";
import { decodeEntity, idOf, keyOf } from "../content.js";
import { damaged } from "./errors.js";
import type { Database } from "./libsql.js";

/*
 * Lines are read as bytes, because libsql aborts the process if a text is not valid UTF-8. Their checksums are compared
 * before they are decoded, so that a damaged line is an error and never a different entity.
 */

/** The layout of the storage that introduced the column `sum`, the CRC-32 of the line. */
const SUMS_SINCE = 2;

/** A row of the table `entity`. `sum` is null in a knowledge base that an older version of mmel imported. */
export type Row = readonly [number: number, line: Buffer, sum: number | null, ...more: unknown[]];

/** Returns the columns of a `Row` as SQL, for a knowledge base with the given `Manifest.schema`. */
export const rowColumns = (schema: number): string =>
  `entity.number, cast(line as blob), ${schema < SUMS_SINCE ? "null" : "sum"}`;

/** Selects 500 rows after a key, in order of their keys. `more` is a column to select as well. */
export const pageAfter = (schema: number, more: "key" | "" = ""): string =>
  `select ${rowColumns(schema)}${more && `, ${more}`} from entity where key > ? order by key limit 500`;

/** A row with its key. */
export type KeyedRow = readonly [number: number, line: Buffer, sum: number | null, key: Buffer];

/** Yields all rows in order of id, page by page, so that no statement stays open between pages. */
export function* pagesById<R extends readonly [...unknown[], Buffer]>(
  pageAfterKey: (key: Buffer) => R[],
): Generator<R[]> {
  let page = pageAfterKey(keyOf(""));
  while (page.length > 0) {
    yield page;
    page = pageAfterKey(page.at(-1)!.at(-1) as Buffer);
  }
}

/** A row that matches its checksum. */
export interface Decoded {
  readonly line: string;
  readonly entity: Entity;
}

/**
 * Yields all entities in order of id, page by page. The keys are not read, which would take half as long again. Throws
 * `KB_DAMAGED` if a row is damaged or the entities are not in order.
 */
export function* decodedPages(
  selectAfter: (key: Buffer) => Row[],
  reader: RowReader,
): Generator<readonly Decoded[]> {
  let last = "";
  for (let page = selectAfter(keyOf("")); page.length > 0; page = selectAfter(keyOf(last)))
    yield page.map((row) => {
      const line = reader.line(row);
      const entity = decodeEntity(line);
      if (entity.id <= last) throw reader.damagedRow(row[0], "the index of ids is not sorted");
      last = entity.id;
      return { line, entity };
    });
}

/** Reads the rows of one database. */
export interface RowReader {
  /** Returns the line of a row. Throws `KB_DAMAGED` with the row and the id if the line does not match its checksum. */
  line(row: Row): string;
  /** Returns the line of a row. Also throws `KB_DAMAGED` if it is not the line of the entity with the row's key. */
  keyedLine(row: KeyedRow): string;
  /** Returns the error for a damaged row. */
  damagedRow(number: number, why: string): MmelError;
}

const strictDecoder = new TextDecoder("utf-8", { fatal: true });

/** Creates a `RowReader` for the database at `path`, which is named in errors. */
export function createRowReader(database: Database, path: string): RowReader {
  const damagedRow = (number: number, why: string): MmelError =>
    damaged(`${path}, row ${number}${nameOf(database, number)}`, why);
  const line = ([number, bytes, sum]: Row): string => {
    if (sum === null) return decodedStrictly(bytes, () => damagedRow(number, "the entity is not valid JSON"));
    if (bytes === null || crc32(bytes) !== sum)
      throw damagedRow(number, "the entity does not match its checksum");
    return bytes.toString();
  };
  return {
    line,
    damagedRow,
    keyedLine(row) {
      const text = line(row);
      if (!keyOf(decodeEntity(text).id).equals(row[3]))
        throw damagedRow(row[0], "the entity has another id than its row");
      return text;
    },
  };
}

/** Decodes a line without a checksum. Throws the error that `failure` returns if it is not JSON in UTF-8. */
function decodedStrictly(bytes: Buffer, failure: () => MmelError): string {
  try {
    const text = strictDecoder.decode(bytes);
    JSON.parse(text);
    return text;
  } catch {
    throw failure();
  }
}

/** Returns " (entity ID)" for error messages, or "" if the id of the row cannot be read either. */
function nameOf(database: Database, number: number): string {
  try {
    const [key] = database.prepare("select key from entity where number = ?").raw().get(number) as [Buffer];
    return ` (entity ${JSON.stringify(idOf(key))})`;
  } catch {
    return "";
  }
}
