import { z } from "zod";
import { MmelError } from "../../core/index.js";
import type { Row } from "../table/table.js";
import { parseWire } from "../wire.js";
import { CAPTION_COLUMNS } from "./columns.js";
import { columnsSchema, readMappingFile, tableShape, valuesOf } from "./mapping.js";

/** The fields of a caption that a column can contain. `mentions` are names, divided by a separator. */
export const CAPTION_FIELDS = [...CAPTION_COLUMNS, "mentions"] as const;

const schema = z.strictObject({
  ...tableShape,
  columns: columnsSchema(
    z.string().refine((name) => CAPTION_FIELDS.includes(name as "id")),
    ["text", "mentions"],
  ),
});

/**
 * A mapping for tables of captions. `columns` maps columns to the fields of a caption. A table has one row per caption,
 * with the names in the column `mentions`, or one row per mention, with the columns `mention`, `start`, `end`, `gold`
 * and `type`. Without `columns`, the columns are guessed.
 */
export type CaptionMapping = z.infer<typeof schema>;

/** Reads a mapping for captions from a JSON file. Throws the errors of `readMappingFile` and `parseCaptionMapping`. */
export const readCaptionMapping = (file: string): Promise<CaptionMapping> =>
  readMappingFile(file, parseCaptionMapping);

/** Validates a mapping for captions and returns it. Throws `CONFIG` if the mapping is invalid. */
export function parseCaptionMapping(value: unknown): CaptionMapping {
  const mapping = parseWire(schema, value, "CONFIG") as CaptionMapping;
  const fields = Object.values(mapping.columns).map(({ field }) => field);
  const { columns: _, ...settings } = mapping;
  if (fields.length === 0 && Object.keys(settings).length > 0) return mapping;
  const repeated = fields.find((field, index) => fields.indexOf(field) < index);
  if (repeated !== undefined)
    throw wrong(`several columns map to ${repeated}`, `only one column for ${repeated}`);
  if (!fields.includes("text")) throw wrong("no column maps to text", "one column for text");
  if (fields.includes("mention") && fields.includes("mentions"))
    throw wrong("columns map to mention and to mentions", "only one of the two");
  for (const [column, { field, separator }] of Object.entries(mapping.columns))
    if (separator !== undefined && field !== "mentions")
      throw wrong(
        `column ${column} has a separator, but ${field} can have only one value`,
        `no separator for ${column}`,
      );
  return mapping;
}

const wrong = (what: string, expected: string): MmelError => new MmelError("CONFIG", { what, expected });

/**
 * Yields the rows with the fields of captions as columns, and the names in `mentions` as rows of their own. Without a
 * column of ids, the id is the number of the row. If such a table has one row per mention, consecutive rows with the
 * same text and picture are one caption.
 */
export async function* captionRowsOf<Other extends { readonly kind: "rejected" }>(
  rows: AsyncIterable<Row | Other>,
  { columns }: CaptionMapping,
): AsyncGenerator<Row | Other> {
  const fields = new Map(Object.entries(columns).map(([column, { field }]) => [column, field]));
  const separator = Object.values(columns).find(({ field }) => field === "mentions")?.separator;
  const has = (field: string): boolean => [...fields.values()].includes(field);
  const [hasId, hasMention] = [has("id"), has("mention")];
  let before: ReadonlyMap<string, string> | undefined;
  for await (const row of rows) {
    if (row.kind === "rejected") {
      yield row;
      continue;
    }
    const cells = new Map<string, string>();
    for (const [column, cell] of row.cells) {
      const field = fields.get(column);
      if (field !== undefined) cells.set(field, cell);
    }
    if (!hasId) {
      const isSame =
        hasMention && ["text", "image"].every((field) => before?.get(field) === cells.get(field));
      cells.set("id", (isSame && before?.get("id")) || String(row.line));
    }
    before = cells;
    const names = valuesOf(cells.get("mentions") ?? "", separator ?? "|").filter(
      (name) => name.trim() !== "",
    );
    cells.delete("mentions");
    if (names.length === 0) yield { ...row, cells };
    for (const name of names) yield { ...row, cells: new Map([...cells, ["mention", name]]) };
  }
}
