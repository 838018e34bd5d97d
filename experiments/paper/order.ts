import { PAPER } from "./paper-figures.js";
import type { Result } from "./results.js";
import type { Row } from "./rows.js";
import { differenceOf, figuresOf } from "./statistics.js";
import { minus, percent, points } from "./text.js";

/** Two rows whose order by Top-1 is compared with the paper's. `above` is the higher one in the paper. */
interface Pair {
  readonly above: Row;
  readonly below: Row;
  readonly difference: number;
  readonly limits: readonly [number, number] | null;
}

/**
 * Compares the order of the rows by Top-1 with the paper's order for Wiki-MEL, in one or two sentences. Two rows have an
 * order here if the 95 % interval of their difference excludes 0. Returns undefined for fewer than two rows with results.
 */
export function orderText(
  rows: readonly Row[],
  results: readonly Result[],
  paper: (typeof PAPER)["table2"] = PAPER.table2,
): string | undefined {
  const run = rows
    .filter((row) => paper[row.name] !== undefined && figuresOf(results, row, "test") !== undefined)
    .sort((a, b) => topOf(b, paper) - topOf(a, paper));
  if (run.length < 2) return undefined;
  const pairs = run.flatMap((above, index) =>
    run.slice(index + 1).flatMap((below): Pair[] => {
      const found = differenceOf(results, { row: above, set: "test" }, { row: below, set: "test" });
      return found === undefined
        ? []
        : [{ above, below, difference: found.difference, limits: found.interval }];
    }),
  );
  const same = pairs.filter(({ limits }) => limits !== null && limits[1] < 0);
  const opposite = pairs
    .filter(({ limits }) => limits !== null && limits[0] > 0)
    .sort((a, b) => b.difference - a.difference);
  const here = [...run].sort((a, b) => hereOf(results, b) - hereOf(results, a));
  const shown = opposite.slice(0, 4).map(({ above, below, difference, limits }) => {
    const paperLead = topOf(above, paper) - topOf(below, paper);
    return `${minus(below.name)} is ${points(difference)} above ${minus(above.name)} (${points(limits![0])} to ${points(limits![1])}), in the paper ${paperLead.toFixed(1)} below it`;
  });
  const list =
    opposite.length === 0
      ? "No pair has the opposite order."
      : `Pairs in the opposite order: ${opposite.length}. ${shown.join("; ")}${opposite.length > 4 ? "; …" : ""}.`;
  const open = pairs.length - same.length - opposite.length;
  return `Order here: ${here.map(({ name }) => minus(name)).join(", ")}. In the paper: ${run.map(({ name }) => minus(name)).join(", ")}. Pairs of rows in the paper's order, with a 95 % interval that excludes 0: ${same.length} of ${pairs.length}; pairs that cannot be told apart: ${open}. ${list}`;
}

const topOf = ({ name }: Row, paper: (typeof PAPER)["table2"]): number => paper[name]!["Wiki-MEL"][0];
const hereOf = (results: readonly Result[], row: Row): number =>
  Number(percent(figuresOf(results, row, "test")!.top[0]!));
