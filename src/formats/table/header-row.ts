import { isHeaderWord } from "./header-words.js";

/** One of the first rows of a table. */
export interface TopRow {
  /** The numbers of its first and last line, counted from 1. */
  readonly line: number;
  readonly lastLine: number;
  /** Its cells that are not empty. */
  readonly cells: readonly string[];
}

/** Number of rows among which the header is guessed. */
export const TOP_ROWS = 20;

/** Maximum length of the name of a column that is recognised. */
const MAX_NAME = 100;

/**
 * Guesses which of the first rows is the header, and returns its index. It is the first row, unless that seems to be a
 * title: it fills at most half as many cells as the fullest row, and a row below it looks like a header. Such a row
 * fills most cells, with short and different texts that are not numbers. Besides, it has more cells that usually name
 * a column than the title, or all columns of a set in `expected`, or it follows an empty row.
 */
export function guessHeader(rows: readonly TopRow[], expected: readonly (readonly string[])[]): number {
  const top = rows.slice(0, TOP_ROWS);
  const width = Math.max(0, ...top.map(({ cells }) => cells.length));
  const [title] = top;
  if (title === undefined || 2 * title.cells.length > width) return 0;
  const titleWords = wordsIn(title);
  const isHeader = (row: TopRow, index: number): boolean =>
    looksLikeNames(row, width) &&
    (wordsIn(row) > titleWords ||
      expected.some((columns) => columns.length > 0 && columns.every((name) => row.cells.includes(name))) ||
      (titleWords === 0 && followsEmptyRow(row, top[index]!)));
  return 1 + top.slice(1).findIndex(isHeader);
}

const wordsIn = ({ cells }: TopRow): number =>
  cells.filter((cell) => cell.length <= MAX_NAME && isHeaderWord(cell)).length;

const looksLikeNames = ({ cells }: TopRow, width: number): boolean =>
  cells.length > 1 &&
  cells.length >= 0.6 * width &&
  new Set(cells).size === cells.length &&
  cells.every((cell) => cell.length <= MAX_NAME && !/^[\d\s.,:;/%+–-]+$/.test(cell));

const followsEmptyRow = ({ line }: TopRow, before: TopRow): boolean =>
  before.cells.length === 0 || line > before.lastLine + 1;
