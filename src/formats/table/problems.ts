import { counted } from "../../core/index.js";
import type { CaptionMapping } from "../csv/caption-mapping.js";
import type { EntityMapping } from "../csv/mapping.js";
import { looksLikeCaptions, looksLikeCatalogue } from "./mistaken-table.js";
import { valuesIn } from "./sample.js";
import type { Row } from "./table.js";

/**
 * Returns what prevents an import of entities or needs attention, and what to choose, in whole sentences. "Id", "Name"
 * and "Caption" are what the web page calls the fields `id`, `label` and `text`.
 */
export function entityProblems(
  { columns, makeIds }: EntityMapping,
  header: readonly string[],
  sample: readonly Row[],
): string[] {
  const labels = columnsFor(columns, "label");
  const [id] = columnsFor(columns, "id");
  const unnamed = sample.filter(({ cells }) => !labels.some((column) => cells.has(column)));
  return [
    ...missing([...Object.keys(columns), ...(makeIds ?? [])], header),
    ...(looksLikeCaptions(header)
      ? ["The table looks like captions, not like a catalogue: choose Captions instead."]
      : []),
    ...(labels.length === 0
      ? ["No column looks like the names of entities. Choose Name for the column with the names."]
      : unnamed.length === 0
        ? []
        : [
            `${rowsWithout(unnamed, sample)} no name and will be rejected. Fill in the names, or choose Name for another column.`,
          ]),
    ...(id !== undefined
      ? idProblems(id, sample)
      : makeIds === undefined
        ? []
        : [
            `No column contains ids, so ids are made from ${makeIds.join(" and ")}. Choose Id for the column with your numbers, if there is one.`,
          ]),
  ];
}

/** Returns what prevents reading captions or needs attention, and what to choose, in whole sentences. */
export function captionProblems(
  { columns }: CaptionMapping,
  header: readonly string[],
  sample: readonly Row[],
): string[] {
  const [text] = columnsFor(columns, "text");
  const [id] = columnsFor(columns, "id");
  const perMention = columnsFor(columns, "mention").length > 0;
  const blank = text === undefined ? [] : sample.filter(({ cells }) => !cells.has(text));
  return [
    ...missing(Object.keys(columns), header),
    ...(looksLikeCatalogue(header)
      ? ["The table looks like a catalogue, not like captions: choose Catalogue instead."]
      : []),
    ...(text === undefined
      ? ["No column looks like captions. Choose Caption for the column with the captions."]
      : []),
    ...(blank.length === 0 ? [] : [`${rowsWithout(blank, sample)} no caption.`]),
    ...(id === undefined || perMention ? [] : idProblems(id, sample)),
  ];
}

const columnsFor = (columns: EntityMapping["columns"], field: string): string[] =>
  Object.entries(columns).flatMap(([column, to]) => (to.field === field ? [column] : []));

const missing = (columns: readonly string[], header: readonly string[]): string[] =>
  columns.filter((column) => !header.includes(column)).map((column) => `The table has no column ${column}.`);

const rowsWithout = (rows: readonly Row[], { length }: readonly Row[]): string =>
  `${rows.length} of the first ${counted(length, "row")} ${rows.length === 1 ? "has" : "have"}`;

function idProblems(column: string, sample: readonly Row[]): string[] {
  const ids = valuesIn(sample, column);
  const repeated = ids.find((id, index) => ids.indexOf(id) < index);
  const empty = sample.filter(({ cells }) => !cells.has(column));
  return [
    ...(repeated === undefined
      ? []
      : [
          `The ids in ${column} are not unique: ${repeated} occurs more than once. Correct the table, or choose Id for a column whose cells all differ.`,
        ]),
    ...(empty.length === 0
      ? []
      : [
          `${rowsWithout(empty, sample)} no id in ${column} and will be rejected. Fill in the ids, or choose Id for another column.`,
        ]),
  ];
}
