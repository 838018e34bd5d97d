import { ROLE } from "../names/index.js";
import { MAX_UNITS } from "./pattern.js";
import type { CandidateTables } from "./tables.js";

/**
 * Writes the text of a row, its tokens with a space between two, into `units` from `at` on, and returns where it ends, at most
 * `MAX_UNITS` later; `main`: without the tokens that stand apart.
 */
export function writeRow(
  { rowStart, rowToken, rowRole, tokenStart, tokenUnit }: CandidateTables,
  row: number,
  units: Uint16Array,
  at = 0,
  main = false,
): number {
  const most = at + MAX_UNITS;
  let end = at;
  for (let part = rowStart[row]!; part < rowStart[row + 1]!; part++) {
    if (main && rowRole[part] === ROLE.apart) continue;
    if (end > at && end < most) units[end++] = 0x20;
    const token = rowToken[part]!;
    const stop = tokenStart[token + 1]!;
    for (let unit = tokenStart[token]!; unit < stop && end < most; unit++) units[end++] = tokenUnit[unit]!;
  }
  return end;
}
