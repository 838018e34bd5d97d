import type { z } from "zod";
import {
  type Caption,
  type CaptionLinks,
  type Entity,
  type ErrorCode,
  MmelError,
  type OffsetUnit,
} from "../core/index.js";
import { markParsed } from "../core/parsed-caption.js";
import { captionFromWire, entityFromWire, linksFromWire } from "./convert.js";
import type { CaptionMapping } from "./csv/caption-mapping.js";
import { type EntityMapping, kindMapper } from "./csv/mapping.js";
import { withOneLanguage } from "./languages.js";
import { linesOf } from "./lines.js";
import { type Expected, hintForRecord, hintForText } from "./mistaken.js";
import {
  type CaptionFileFormat,
  captionFormatOf,
  inputFormatOf,
  placeIn,
  type Raw,
  type Read,
  type ReadOptions,
  type Rejected,
  reject,
} from "./record.js";
import { bytesOf, nameOfSource, type Source } from "./source.js";
import type { MappingInUse } from "./table/records.js";
import {
  captionSchema,
  entitySchema,
  linksSchema,
  parseWire,
  unknownFields,
  type WireCaption,
  type WireEntity,
  type WireLinks,
} from "./wire.js";

export interface CaptionReadOptions extends Omit<ReadOptions, "format"> {
  /** `csv` means any table: CSV, TSV or Excel. Default: see `captionFormatOf`. */
  readonly format?: CaptionFileFormat;
  /** For NIF: the URI prefix that is removed from the URIs of gold entities to form ids. Default: `urn:mmel:`. */
  readonly entityBase?: string;
  /**
   * The unit of `start` and `end` in the file; spans are always returned in UTF-16 code units. NIF always uses code
   * points.
   */
  readonly offsets?: OffsetUnit;
  /** Maps the columns of a table to the fields of captions. Default: guessed; see `guessCaptionColumns`. */
  readonly mapping?: CaptionMapping;
  /** Called with the mapping of a table before its first caption. */
  readonly onMapping?: (use: MappingInUse<CaptionMapping>) => void;
}

/**
 * Reads captions in order from a JSON Lines file, a table (CSV, TSV, Excel) or a NIF document, which may be compressed.
 * Invalid lines are yielded as rejects, with the code `CAPTION_INVALID`, `OFFSETS`, `DUPLICATE_ID`, `ENCODING`, `FORMAT` or
 * `LINE_TOO_LONG` (default limit: 1 MiB). Throws errors that affect the complete file, such as the errors of `bytesOf`
 * and `openTable`, and `FORMAT` if a table has no column of captions. Keeps one line in memory, and at first up to 200
 * rows of a table, but all of a NIF document (see `nifRecords`). To find duplicates, also keeps all ids (about 100 bytes per caption).
 */
export async function* readCaptions(
  source: Source,
  options: CaptionReadOptions = {},
): AsyncGenerator<Read<Caption>> {
  const { format = captionFormatOf(source) } = options;
  const shape = {
    expected: "captions",
    schema: captionSchema,
    code: "CAPTION_INVALID",
    fromWire: (wire: WireCaption) =>
      markParsed(captionFromWire(wire, format === "nif" ? "utf16" : options.offsets)),
  } as const;
  const records =
    format === "nif"
      ? nifRecordsOf(source, options)
      : format === "csv"
        ? tableRecords(({ captionRecords }) => captionRecords(source, { ...options, format }))
        : jsonRecords(source, shape.expected, { ...options, format });
  const lineOf = new Map<string, number>();
  for await (const read of decodeAll(records, shape, source, options.onWarning)) {
    const firstLine = read.kind === "record" ? lineOf.get(read.value.id) : undefined;
    if (read.kind === "record" && firstLine !== undefined)
      yield rejectDuplicate(read, firstLine, nameOfSource(source));
    else {
      if (read.kind === "record") lineOf.set(read.value.id, read.line);
      yield read;
    }
  }
}

function rejectDuplicate(read: Extract<Read<Caption>, { kind: "record" }>, firstLine: number, file: string) {
  const { line, value } = read;
  const error = new MmelError("DUPLICATE_ID", {
    what: `the caption id "${value.id}" already appears on line ${firstLine}`,
    where: placeIn(file, read),
    expected: "only one caption with this id",
  });
  return { kind: "rejected", line, id: value.id, error, excerpt: value.text.slice(0, 200) } as const;
}

export interface EntityReadOptions extends ReadOptions {
  /** Maps the columns of a table to entity fields (default: guessed; see `guessEntityMapping`), and types to kinds. */
  readonly mapping?: EntityMapping;
  /** Called with the mapping of a table before its first entity. */
  readonly onMapping?: (use: MappingInUse<EntityMapping>) => void;
  /**
   * Languages of labels, aliases and descriptions, in order of preference, for entities that have them in several
   * languages. Default: all languages.
   */
  readonly languages?: readonly string[];
}

/**
 * Reads entities in order from a JSON Lines file or a table (CSV, TSV, Excel), which may be compressed. A table has the
 * columns that `entityLines` writes, such as `properties.occupation`, with `|` between the values in a cell, or other
 * columns, which the mapping describes. Invalid lines are yielded as rejects, with the code `ENTITY_INVALID`,
 * `ENCODING`, `FORMAT` or `LINE_TOO_LONG` (default limit: 16 MiB). Throws errors that affect the complete file, such as
 * the errors of `bytesOf` and `openTable`, and `FORMAT` if a table lacks a column of the mapping or no column of names
 * is found. Keeps one line in memory, and at first up to 200 rows of a table; duplicate ids are detected by the
 * importer, not here. In JSON Lines, labels, aliases and descriptions may be given by language; see `languages.ts`.
 */
export function readEntities(source: Source, options: EntityReadOptions = {}): AsyncIterable<Read<Entity>> {
  const withKind = kindMapper(options.mapping ?? {});
  const shape = {
    expected: "entities",
    schema: entitySchema,
    code: "ENTITY_INVALID",
    fromWire: (wire: WireEntity) => withKind(entityFromWire(wire)),
  } as const;
  const limited = { maxLineBytes: 16 << 20, ...options };
  const { format = inputFormatOf(source) } = options;
  const records =
    format === "csv"
      ? tableRecords(({ entityRecords }) => entityRecords(source, limited))
      : jsonRecords(source, shape.expected, limited);
  const file = nameOfSource(source);
  return decodeAll(withOneLanguage(records, options.languages, file), shape, source, options.onWarning);
}

export interface LinkReadOptions extends ReadOptions {
  /**
   * The unit of `start` and `end` in the file. Units other than UTF-16 need the texts of the captions; default: the texts
   * in the links.
   */
  readonly offsets?: { readonly unit: OffsetUnit; readonly textOf?: (id: string) => string };
}

/**
 * Reads links in order from a JSON Lines or CSV file, which may be compressed. The entities in the links contain only
 * id and label.
 */
export function readLinks(source: Source, options: LinkReadOptions = {}): AsyncIterable<Read<CaptionLinks>> {
  const { offsets } = options;
  const shape = {
    expected: "links",
    schema: linksSchema,
    code: "FORMAT",
    fromWire: (wire: WireLinks) => linksFromWire(wire, offsets?.unit, offsets?.textOf?.(wire.id)),
  } as const;
  const limited = { maxLineBytes: 16 << 20, ...options };
  const { format = inputFormatOf(source) } = options;
  const records =
    format === "csv"
      ? tableRecords(({ linkRecords }) => linkRecords(source, limited))
      : jsonRecords(source, shape.expected, limited);
  return decodeAll(records, shape, source, options.onWarning);
}

type TableReaders = typeof import("./table/records.js");

/** Yields the records of a table. Loads the readers of tables first, because most commands do not need them. */
async function* tableRecords(
  read: (readers: TableReaders) => AsyncIterable<Raw | Rejected>,
): AsyncGenerator<Raw | Rejected> {
  yield* read(await import("./table/records.js"));
}

/** Yields the captions of a NIF document. Loads its reader first, because it needs n3. */
async function* nifRecordsOf(
  source: Source,
  { entityBase, signal }: CaptionReadOptions,
): AsyncGenerator<Raw | Rejected> {
  const { nifRecords } = await import("./nif/index.js");
  yield* nifRecords(bytesOf(source, signal), nameOfSource(source), entityBase);
}

/** Parses lines as JSON and skips blank lines. Lines that are not JSON are rejected, with the code `FORMAT`. */
async function* jsonRecords(
  source: Source,
  expected: Expected,
  { signal, maxLineBytes = MAX_LINE_BYTES }: ReadOptions,
): AsyncGenerator<Raw | Rejected> {
  const file = nameOfSource(source);
  let isFirst = true;
  for await (const line of linesOf(bytesOf(source, signal), maxLineBytes, file)) {
    if (line.kind === "bad") yield { ...line, kind: "rejected" };
    else if (line.text.trim() === "") continue;
    else yield parseLine(line.line, line.text, file, isFirst ? hintForText(line.text, expected) : undefined);
    isFirst = false;
  }
}

function parseLine(line: number, text: string, file: string, hint: string | undefined): Raw | Rejected {
  try {
    return { kind: "raw", line, text, wire: JSON.parse(text) };
  } catch (cause) {
    const error = new MmelError("FORMAT", {
      what: `the line is not JSON (${(cause as Error).message})`,
      where: `${file}, line ${line}`,
      expected: "one JSON object per line",
      hint,
      cause,
    });
    return reject({ kind: "raw", line, text, wire: undefined }, error);
  }
}

/** Default maximum length of a line in bytes. */
const MAX_LINE_BYTES = 1 << 20;

/** The schema of a record, and the function that converts a valid record to the value that a reader yields. */
interface Shape<W, T> {
  readonly expected: Expected;
  readonly schema: z.ZodType<W>;
  readonly code: ErrorCode;
  readonly fromWire: (wire: W) => T;
}

/** Validates and converts raw records, one by one. */
async function* decodeAll<W, T>(
  records: AsyncIterable<Raw | Rejected>,
  shape: Shape<W, T>,
  source: Source,
  onWarning: ReadOptions["onWarning"],
): AsyncGenerator<Read<T>> {
  const warned = new Set<string>();
  for await (const raw of records) {
    if (raw.kind === "rejected") yield raw;
    else {
      warnOnce(warned, unknownFields(shape.schema, raw.wire), placeIn(nameOfSource(source), raw), onWarning);
      yield decode(raw, shape, nameOfSource(source));
    }
  }
}

function decode<W, T>(raw: Raw, shape: Shape<W, T>, file: string): Read<T> {
  try {
    return {
      kind: "record",
      line: raw.line,
      ...(raw.node !== undefined && { node: raw.node }),
      value: shape.fromWire(parseWire(shape.schema, raw.wire, shape.code)),
    };
  } catch (error) {
    if (!(error instanceof MmelError)) throw error;
    const { hint = hintForRecord(raw.wire, shape.expected), ...detail } = error.detail;
    return reject(raw, new MmelError(error.code, { ...detail, hint, where: placeIn(file, raw) }));
  }
}

const MAX_WARNINGS = 100;

function warnOnce(
  warned: Set<string>,
  fields: ReadonlySet<string>,
  where: string,
  onWarning: ReadOptions["onWarning"],
): void {
  for (const field of fields) {
    if (warned.has(field) || warned.size >= MAX_WARNINGS) continue;
    warned.add(field);
    onWarning?.(`unknown field "${field}" is ignored, first found in ${where}`);
  }
}
