import { MmelError } from "../../core/index.js";
import { CAPTION_FIELDS, type CaptionMapping, captionRowsOf } from "../csv/caption-mapping.js";
import { captionForm, ENTITY_COLUMNS, groupRows, linkForm, PROPERTY } from "../csv/columns.js";
import {
  type EntityMapping,
  hasColumns,
  mappedEntities,
  requiredColumns,
  type TableSettings,
} from "../csv/mapping.js";
import { type Raw, type ReadOptions, type Rejected, reject } from "../record.js";
import { nameOfSource, type Source } from "../source.js";
import { guessCaptionColumns } from "./guess-captions.js";
import { guessEntityMapping } from "./guess-entities.js";
import { captionColumnsFor } from "./header-words.js";
import { looksLikeCatalogue } from "./mistaken-table.js";
import { openTable } from "./open.js";
import { SAMPLE_ROWS } from "./sample.js";
import { listed, requireColumns, sampled, type Table } from "./table.js";

/** The mapping with which a table is read. */
export interface MappingInUse<Mapping> {
  readonly mapping: Mapping;
  readonly header: readonly string[];
  /** Number of the row with the names of the columns. */
  readonly headerRow: number;
  /** Name of the table for messages. */
  readonly file: string;
  /** The columns whose field was guessed, because their names are not those of our own files. */
  readonly guessed: readonly string[];
}

interface MappedOptions<Mapping> extends ReadOptions {
  readonly mapping?: Mapping;
  readonly onMapping?: (use: MappingInUse<Mapping>) => void;
}

/** Reads the rows of a table as entities in the wire format. */
export async function* entityRecords(
  source: Source,
  options: MappedOptions<EntityMapping>,
): AsyncGenerator<Raw | Rejected> {
  const { mapping: given = { columns: {} }, onMapping } = options;
  const expected = hasColumns(given) ? requiredColumns(given) : ["id", "label"];
  await using table = await open(source, options, given, [expected]);
  const { header, headerRow } = table;
  if (header.length === 0) return;
  const file = nameOfSource(source);
  const { sample, rows } = await sampled(table, SAMPLE_ROWS);
  const guess = hasColumns(given)
    ? given
    : { ...guessEntityMapping(header, sample), ...withoutColumns(given) };
  const own = !hasColumns(given) && header.includes("id") && header.includes("label");
  if (!hasColumns(given)) requireNames(guess, header, file);
  requireColumns(
    table,
    own ? expected : requiredColumns(guess),
    file,
    "Change the mapping, or name the columns as in the mapping.",
  );
  const isOwn = (column: string): boolean =>
    ENTITY_COLUMNS.includes(column as "id") || column.startsWith(PROPERTY);
  const guessed = hasColumns(given) ? [] : header.filter((column) => !isOwn(column));
  onMapping?.({ mapping: guess, header, headerRow, file, guessed });
  const wireOf = mappedEntities(guess, { own });
  for await (const row of rows) {
    if (row.kind === "rejected") {
      yield row;
      continue;
    }
    const { line, text, cells } = row;
    const raw: Raw = { kind: "raw", line, text, wire: wireOf(cells) };
    const empty = emptyColumns(guess, cells);
    yield empty === undefined ? raw : reject(raw, emptyError(empty, `${file}, line ${line}`));
  }
}

/** Returns the columns of a required field if the row has no value in any of them. */
function emptyColumns(
  { columns, constants = {} }: EntityMapping,
  cells: ReadonlyMap<string, string>,
): string[] | undefined {
  for (const required of ["id", "label"].filter((field) => constants[field] === undefined)) {
    const own = Object.keys(columns).filter((column) => columns[column]!.field === required);
    if (own.length > 0 && own.every((column) => !cells.has(column))) return own;
  }
  return undefined;
}

const emptyError = (columns: readonly string[], where: string): MmelError =>
  new MmelError("ENTITY_INVALID", {
    what: columns.length === 1 ? `${columns[0]} is empty` : `${columns.join(" and ")} are empty`,
    where,
    expected: "an id and a name in each row",
  });

const withoutColumns = ({ columns: _, ...rest }: EntityMapping): Omit<EntityMapping, "columns"> => rest;

function requireNames({ columns }: EntityMapping, header: readonly string[], file: string): void {
  if (Object.values(columns).some(({ field }) => field === "label")) return;
  throw new MmelError("FORMAT", {
    what: `no column looks like the names of entities; found columns: ${listed(header)}`,
    where: file,
    expected: "a column such as label, name or title",
    hint:
      captionColumnsFor(header, "text").length === 0
        ? "Name the columns of ids and labels with `--mapping`."
        : "Name the columns of ids and labels with `--mapping`. If the table contains captions, link them with `mmel link`.",
  });
}

/** Reads the rows of a table as captions in the wire format. */
export async function* captionRecords(
  source: Source,
  options: MappedOptions<CaptionMapping>,
): AsyncGenerator<Raw | Rejected> {
  const { mapping: given = { columns: {} }, onMapping } = options;
  const columns = Object.keys(given.columns);
  const isGiven = columns.length > 0;
  const expected = isGiven ? [columns] : [["id", "text"], ["text"], ["caption"]];
  await using table = await open(source, options, given, expected);
  const { header, headerRow } = table;
  if (header.length === 0) return;
  const file = nameOfSource(source);
  const { sample, rows } = await sampled(table, SAMPLE_ROWS);
  const mapping = isGiven ? given : { ...given, ...guessCaptionColumns(header, sample) };
  if (!isGiven) requireTexts(mapping, header, file);
  requireColumns(
    table,
    isGiven ? columns : [],
    file,
    "Change the mapping, or name the columns as in the mapping.",
  );
  const isOwn = (column: string): boolean => CAPTION_FIELDS.includes(column as "id") || column === "caption";
  const guessed = isGiven ? [] : header.filter((column) => !isOwn(column));
  onMapping?.({ mapping, header, headerRow, file, guessed });
  yield* groupRows(captionRowsOf(rows, mapping), captionForm, file);
}

function requireTexts({ columns }: CaptionMapping, header: readonly string[], file: string): void {
  if (Object.values(columns).some(({ field }) => field === "text")) return;
  throw new MmelError("FORMAT", {
    what: `no column looks like captions; found columns: ${listed(header)}`,
    where: file,
    expected: "a column such as text or caption",
    hint: looksLikeCatalogue(header)
      ? "The table looks like a catalogue: import it with `mmel kb import`. If it contains captions, name their column with `--mapping`."
      : "Name the column of captions with `--mapping`.",
  });
}

/** Reads the rows of a table with the columns of a links file. */
export async function* linkRecords(source: Source, options: ReadOptions): AsyncGenerator<Raw | Rejected> {
  const required = ["id", "mention"];
  await using table = await open(source, options, {}, [required]);
  if (table.header.length === 0) return;
  const file = nameOfSource(source);
  requireColumns(table, required, file, "Use a links file that `mmel link --format csv` wrote.");
  yield* groupRows(table.rows, linkForm, file);
}

const open = (
  source: Source,
  { maxLineBytes, signal }: ReadOptions,
  { delimiter, encoding, sheet, headerRow }: TableSettings,
  expected: readonly (readonly string[])[],
): Promise<Table> =>
  openTable(source, { delimiter, encoding, sheet, headerRow, maxRowBytes: maxLineBytes, expected, signal });
