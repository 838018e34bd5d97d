import { MAX_COLUMNS } from "../table.js";
import { type Archive, unreadable } from "./archive.js";
import { createTextReader, unescaped, type Workbook } from "./workbook.js";
import { parseXml } from "./xml.js";

/** A row of a sheet: its number, counted from 1, and its cells that are not empty, by column, counted from 0. */
export interface SheetRow {
  readonly line: number;
  readonly cells: ReadonlyMap<number, string>;
  /** Number of characters in the cells. If it exceeds the limit, `cells` is incomplete. */
  readonly size: number;
}

/** Maximum number of cells in a sheet. */
const MAX_CELLS = 50_000_000;

/**
 * Yields the rows of a sheet that have a cell with content. Formulas have the value that was computed last; cells with
 * an error are empty. Only the first cell of merged cells has a value. Throws `FORMAT` if the sheet is damaged or has
 * more than 50 million cells.
 */
export async function* readSheet(
  archive: Archive,
  part: string,
  workbook: Workbook,
  file: string,
  maxRowLength: number,
): AsyncGenerator<SheetRow> {
  const ready: SheetRow[] = [];
  const inline = createTextReader();
  let row = { line: 0, cells: new Map<number, string>(), size: 0 };
  let cell: { column: number; type: string; style: number } | undefined;
  let column = -1;
  let value = "";
  let isValue = false;
  let cells = 0;
  const endCell = (): void => {
    if (cell === undefined) return;
    const text = cell.type === "inlineStr" ? inline.take() : contentOf(value, cell, workbook);
    if (text.trim() !== "") {
      row.size += text.length;
      if (row.size <= maxRowLength) row.cells.set(cell.column, text);
    }
    cell = undefined;
  };
  const handler = {
    open(name: string, attribute: (name: string) => string | undefined) {
      if (name === "row") {
        row = { line: wholeNumber(attribute("r")) ?? row.line + 1, cells: new Map(), size: 0 };
        column = -1;
      } else if (name === "c") {
        column = columnOf(attribute("r")) ?? column + 1;
        if (column >= MAX_COLUMNS) throw unreadable(file, `it has more than ${MAX_COLUMNS} columns`);
        if (++cells > MAX_CELLS) throw unreadable(file, `it has more than ${MAX_CELLS} cells`);
        cell = { column, type: attribute("t") ?? "n", style: Number(attribute("s") ?? 0) };
        value = "";
        inline.take();
      } else if (name === "v") isValue = true;
      else inline.open(name);
    },
    close(name: string) {
      if (name === "v") isValue = false;
      else if (name === "c") endCell();
      else if (name === "row" && row.size > 0) ready.push(row);
      else inline.close(name);
    },
    text(part: string) {
      if (isValue) value += part;
      else inline.text(part);
    },
  };
  for await (const _ of parseXml(archive.text(part), handler, file)) {
    yield* ready;
    ready.length = 0;
  }
}

/** Returns the content of a cell as a person sees it; "" for an error. */
function contentOf(
  value: string,
  { type, style }: { readonly type: string; readonly style: number },
  { texts, styles }: Workbook,
): string {
  if (type === "s") return texts[Number(value)] ?? "";
  if (type === "str") return unescaped(value);
  if (type === "b") return value === "1" ? "TRUE" : "FALSE";
  if (type === "d") return value.replace(/T00:00(?::00(?:\.0+)?)?Z?$/, "");
  if (type === "e" || value.trim() === "") return "";
  const number = Number(value);
  return Number.isFinite(number) ? (styles[style]?.(number) ?? value) : value;
}

/** Returns the column of a cell such as "AB12", counted from 0. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Za-z]{1,4}(?=\d)/.exec(reference ?? "")?.[0].toUpperCase();
  if (letters === undefined) return undefined;
  return [...letters].reduce((column, letter) => 26 * column + letter.charCodeAt(0) - 64, 0) - 1;
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
