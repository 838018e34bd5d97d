/** One line of CSV with its line feed; cells are quoted where they must be. */
export function csvLine(cells: readonly string[], delimiter = ","): string {
  return `${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\n`;
}

const quoted = (cell: string, delimiter: string): string =>
  /[",;\t\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** Several values in one cell: `|` between them, `\|` for a bar and `\\` for a backslash within one. */
export function joinList(values: readonly string[]): string {
  return values.map((value) => value.replace(/[\\|]/g, "\\$&")).join("|");
}

/** The values of a cell; a backslash before anything but a bar or a backslash is text. */
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

/** The number in a cell, or the cell itself when it holds none, for the schema to complain of. */
export function numberIn(cell: string | undefined): number | string | undefined {
  if (cell === undefined) return undefined;
  return cell.trim() === "" || Number.isNaN(Number(cell)) ? cell : Number(cell);
}
