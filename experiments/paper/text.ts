import type { RowDifference, RowFigures } from "./statistics.js";

/** Formats a share in percent with one decimal. */
export const percent = (share: number): string => (100 * share).toFixed(1);
/** Formats a share in percentage points, without a sign. */
export const points = (share: number): string => Math.abs(100 * share).toFixed(1);
const signed = (share: number): string => `${share < 0 ? "−" : "+"}${points(share)}`;
/** Writes the hyphen at the start of a row's name as a minus sign. */
export const minus = (name: string): string => name.replace(/^-/, "−");

/** Formats Top-1 with its interval and, for several seeds, the range of the seeds. */
export function top1Cell(figures: RowFigures | undefined): string {
  if (figures === undefined) return "not run";
  const { top, interval, seeds, range } = figures;
  const limits = interval === null ? "" : ` (${percent(interval[0])} – ${percent(interval[1])})`;
  const each = seeds > 1 ? `; ${seeds} seeds ${percent(range[0])} – ${percent(range[1])}` : "";
  return percent(top[0]!) + limits + each;
}

/** Formats Top-5, Top-10 and Top-20. */
export const otherCells = (figures: RowFigures | undefined): string[] =>
  [1, 2, 3].map((k) => (figures === undefined ? "" : percent(figures.top[k]!)));

/** Formats a difference with its interval. */
export function differenceCell(found: RowDifference | undefined): string {
  if (found === undefined) return "not run";
  const { difference, interval } = found;
  const limits = interval === null ? "" : ` (${signed(interval[0])} to ${signed(interval[1])})`;
  return signed(difference) + limits;
}
