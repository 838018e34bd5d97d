import { type CaptionMapping, parseCaptionMapping } from "../csv/caption-mapping.js";
import { type EntityMapping, parseMapping } from "../csv/mapping.js";
import type { Source } from "../source.js";
import { guessCaptionColumns } from "./guess-captions.js";
import { guessEntityMapping } from "./guess-entities.js";
import { openTable, type TableOptions } from "./open.js";
import { captionProblems, entityProblems } from "./problems.js";
import { SAMPLE_ROWS, valuesIn } from "./sample.js";
import { sampled, type Table } from "./table.js";

/** What a table seems to contain, from its header and first rows. */
export interface TablePreview {
  readonly kind: Table["kind"];
  readonly encoding: string;
  readonly delimiter?: string;
  /** Name of the sheet that is read, and of all visible sheets of the Excel file. */
  readonly sheet?: string;
  readonly sheets?: readonly string[];
  /** Number of the line or row with the names of the columns, counted from 1. */
  readonly headerRow: number;
  readonly columns: readonly PreviewColumn[];
  /** The cells of the first five rows, in the order of `columns`. */
  readonly rows: readonly (readonly string[])[];
  /** The given mapping, or the guessed one. Without a label or text, it cannot be used as it is. */
  readonly mapping: EntityMapping | CaptionMapping;
  /** What prevents an import or needs attention, in whole sentences. */
  readonly problems: readonly string[];
}

export interface PreviewColumn {
  readonly name: string;
  /** The field of the column in the mapping; null if the column is left out. */
  readonly field: string | null;
  readonly separator?: string;
  /** The first values, at most five. */
  readonly sample: readonly string[];
}

export interface PreviewOptions extends Pick<TableOptions, "name" | "signal"> {
  readonly as: "entities" | "captions";
  /** The mapping as JSON; default: guessed. Without `columns`, its other settings apply and the columns are guessed. */
  readonly mapping?: unknown;
}

const SHOWN = 5;

/**
 * Opens a table and returns its columns, their fields and the first rows. Reads at most 200 rows. Throws the errors of
 * `openTable`, and `CONFIG` if the given mapping is invalid.
 */
export async function previewTable(
  source: Source,
  { as, mapping: given, name, signal }: PreviewOptions,
): Promise<TablePreview> {
  const parsed =
    given === undefined ? undefined : as === "entities" ? parseMapping(given) : parseCaptionMapping(given);
  const { delimiter, encoding, sheet, headerRow } = parsed ?? {};
  const columns = Object.keys(parsed?.columns ?? {});
  const own = as === "entities" ? ["id", "label"] : ["text"];
  await using table = await openTable(source, {
    ...(name !== undefined && { name }),
    ...{ delimiter, encoding, sheet, headerRow, signal },
    expected: [columns.length > 0 ? columns : own],
  });
  const { header } = table;
  const { sample, rejected } = await sampled(table, SAMPLE_ROWS);
  const guess = as === "entities" ? guessEntityMapping : guessCaptionColumns;
  const mapping =
    parsed !== undefined && columns.length > 0 ? parsed : { ...parsed, ...guess(header, sample) };
  return {
    kind: table.kind,
    encoding: table.encoding,
    ...(table.delimiter !== undefined && { delimiter: table.delimiter }),
    ...(table.sheet !== undefined && { sheet: table.sheet }),
    ...(table.sheets !== undefined && { sheets: table.sheets }),
    headerRow: table.headerRow,
    columns: header.map((column) => {
      const { field = null, separator } = mapping.columns[column] ?? {};
      return {
        name: column,
        field,
        ...(separator !== undefined && { separator }),
        sample: valuesIn(sample, column).slice(0, SHOWN),
      };
    }),
    rows: sample.slice(0, SHOWN).map(({ cells }) => header.map((column) => cells.get(column) ?? "")),
    mapping,
    problems: [
      ...rejected.slice(0, SHOWN).map(({ error }) => `${error.message}.`),
      ...(as === "entities" ? entityProblems : captionProblems)(mapping, header, sample),
    ],
  };
}
