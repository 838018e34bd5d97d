import { CONTROLS, escapeCharacter } from "../../core/controls.js";

/*
 * Text in CSV cells, written so that it is safe to open: a spreadsheet runs no formula, and a terminal obeys no control
 * character. Every text is read back unchanged.
 */

/** A value for a cell: text, a number, or a list of numbers, which is written with `|` between them. */
export type Cell = string | number | readonly (number | null)[];

/** Returns the content of a cell, before quoting. Numbers are never changed. */
export function cellText(cell: Cell): string {
  if (typeof cell === "string") return safeText(cell);
  return typeof cell === "number" ? String(cell) : cell.map((number) => number ?? "").join("|");
}

/**
 * Formats one line of CSV with its line feed. Quotes only the cells that need quotes. The texts are safe to open.
 */
export function csvLine(cells: readonly Cell[], delimiter = ","): string {
  return `${cells.map((cell) => quoted(cellText(cell), delimiter)).join(delimiter)}\n`;
}

const quoted = (cell: string, delimiter: string): string =>
  /[",;\t\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** A text that a spreadsheet runs as a formula, or that would look like the escaped form of one. */
const FORMULA = /^'*[=+\-@\t\r]/;

/** A control character, or the escaped form of one, after any number of backslashes. */
const CODE = "u00(?:0[0-8bcef]|1[\\da-f]|7f|[89][\\da-f])";
const TO_ESCAPE = new RegExp(`(?<!\\\\)(?:(\\\\*)(${CONTROLS})|(\\\\+)(?=${CODE}))`, "g");
const ESCAPED = new RegExp(`(?<!\\\\)(\\\\+)(${CODE})`, "g");

/**
 * Writes a control character as `\u001b`, and `'` before a text that begins with =, +, -, @, a tab or a carriage
 * return. A text that already has this form gets one more `'`, or twice as many backslashes.
 */
function safeText(text: string): string {
  const plain = text.replace(
    TO_ESCAPE,
    (_, before: string, control: string | undefined, backslashes: string) =>
      control === undefined ? backslashes + backslashes : before + before + escapeCharacter(control),
  );
  return FORMULA.test(plain) ? `'${plain}` : plain;
}

/** Returns the text that `cellText` wrote. Any other content is returned unchanged. */
export function readCell(content: string): string {
  const plain = content.startsWith("'") && FORMULA.test(content) ? content.slice(1) : content;
  return plain.replace(ESCAPED, (_, backslashes: string, code: string) => {
    const half = backslashes.slice(0, backslashes.length >> 1);
    return backslashes.length % 2 === 0
      ? half + code
      : half + String.fromCharCode(Number.parseInt(code.slice(1), 16));
  });
}
