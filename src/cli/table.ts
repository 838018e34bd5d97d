/**
 * Formats a table for a terminal. Truncates cells that are wider than `widest` terminal columns, and drops table columns
 * that have neither a header nor content.
 */
export function table(headers: readonly string[], rows: readonly (readonly string[])[], widest = 44): string {
  const filled = [...headers.keys()].filter((column) => [headers, ...rows].some((row) => row[column] !== ""));
  const all = [headers, ...rows].map((row) => filled.map((column) => cut(row[column] ?? "", widest)));
  const header = all[0]!;
  const widths = header.map((_, column) => Math.max(...all.map((row) => columnsOf(row[column] ?? ""))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell + " ".repeat(widths[column]! - columnsOf(cell)))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return `${[line(header), rule, ...all.slice(1).map(line)].join("\n")}\n`;
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u;

/** Returns the width of a text in terminal columns. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const { segment } of GRAPHEMES.segment(text)) columns += WIDE.test(segment) ? 2 : 1;
  return columns;
}

function cut(raw: string, widest: number): string {
  const text = plain(raw);
  if (columnsOf(text) <= widest) return text;
  let kept = "";
  let columns = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    columns += columnsOf(segment);
    if (columns >= widest) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Formats a difference with its sign and three decimals. */
export const signed = (difference: number): string =>
  `${difference < 0 ? "−" : "+"}${Math.abs(difference).toFixed(3)}`;

/** Formats a difference of two shares in percentage points, with its sign and one decimal. */
export const signedPercent = (difference: number): string =>
  `${difference < 0 ? "−" : "+"}${(100 * Math.abs(difference)).toFixed(1)}`;

// biome-ignore lint/suspicious/noControlCharactersInRegex: matches characters that must not reach a terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Replaces control characters and bidirectional controls, which could manipulate a terminal, with spaces. */
export function plain(text: string): string {
  return text.replace(CONTROL, " ");
}
