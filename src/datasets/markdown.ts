import type { Figures } from "./figures.js";
import { SPLITS } from "./splits.js";

/** A table of a data card. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const lines = [headings, headings.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Headings of the paper's table 1. */
export const FIGURE_HEADINGS: readonly string[] = [
  "samples",
  "mentions",
  "text length",
  "mentions a caption",
  ...SPLITS.flatMap((split) => [`${split} single`, `${split} multi`]),
];

/** The cells below `FIGURE_HEADINGS`. */
export function figureCells({ samples, mentions, textLength, mentionsACaption, splits }: Figures): string[] {
  const counts = SPLITS.flatMap((split) => [splits[split].single, splits[split].multi]);
  return [samples, mentions, textLength.toFixed(1), mentionsACaption.toFixed(2), ...counts].map(String);
}
