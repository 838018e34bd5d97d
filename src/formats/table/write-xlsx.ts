import { cellText } from "../csv/cells.js";

/** A sheet of an Excel file. */
export interface XlsxSheet {
  readonly name: string;
  readonly header: readonly string[];
  /** The cells of each row, in the order of the header; null for an empty cell. */
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** The widths of the columns in characters. */
  readonly widths?: readonly number[];
}

/** Maximum number of characters in a cell of Excel. */
const MAX_TEXT = 32_767;

/**
 * Returns the bytes of an Excel file with one sheet, whose header is bold and stays in view. Runs in Node and in browsers. Text
 * is written so that it is safe to open, as in CSV; see `csv/cells.ts`. Longer texts than Excel allows are cut.
 */
export async function xlsxOf({ name, header, rows, widths = [] }: XlsxSheet): Promise<Blob> {
  const { default: writeXlsxFile } = await import("write-excel-file/universal");
  const text = (value: string) => ({ type: String, value: escaped(cellText(value)).slice(0, MAX_TEXT) });
  const cells = rows.map((row) =>
    row.map((value) => {
      if (value === null || value === "") return null;
      return typeof value === "number" ? { type: Number, value } : { ...text(value), wrap: true };
    }),
  );
  const top = header.map((column) => ({ ...text(column), fontWeight: "bold" as const }));
  return await writeXlsxFile([top, ...cells], {
    sheet: name,
    stickyRowsCount: 1,
    columns: header.map((_, index) => ({ width: widths[index] ?? 20 })),
  }).toBlob();
}

/** Escapes texts such as `_x000D_`, which Excel would take for a character. */
const escaped = (text: string): string => text.replace(/_(?=x[\dA-Fa-f]{4}_)/g, "_x005F_");
