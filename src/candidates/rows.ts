import { ROLE } from "./name.js";
import { MAX_UNITS, type Pattern } from "./pattern.js";
import { leastCommon, likeness, mayShare, SCORE } from "./score.js";
import { type CandidateTables, KIND } from "./tables.js";

/** Rows are refused by what they must share for a likeness of this many steps to 1. */
const STEPS = 32;

/** Reads the texts of the rows of the tables. */
export function createRowReader(tables: CandidateTables) {
  const {
    rowStart,
    rowToken,
    rowMask,
    rowLength,
    rowKind,
    rowRole,
    tokenStart,
    tokenUnit,
    postStart,
    postRow,
  } = tables;
  const units = new Uint16Array(MAX_UNITS);
  // What refuses a row, in one place of memory: its mask, and its first code unit beside its length.
  const gate = new Uint32Array(2 * rowLength.length);
  for (let row = 0; row < rowLength.length; row++) {
    gate[2 * row] = rowMask[row]!;
    gate[2 * row + 1] = (tokenUnit[tokenStart[rowToken[rowStart[row]!]!]!]! << 16) | rowLength[row]!;
  }
  const needs = new Map<number, Uint16Array<ArrayBuffer>>();
  let byLength: LengthGroup[] | undefined;
  let postGate: Uint32Array | undefined;

  /** The gates of the postings' rows, in their order, so that a posting is read straight through. */
  const gatePostings = (): Uint32Array => {
    const gates = new Uint32Array(2 * postRow.length);
    for (let post = 0; post < postRow.length; post++) {
      gates[2 * post] = gate[2 * postRow[post]!]!;
      gates[2 * post + 1] = gate[2 * postRow[post]! + 1]!;
    }
    return gates;
  };

  /** Writes the text of a row, of its main tokens without those that stand apart, and returns its length. */
  const write = (row: number, main = false): number => {
    let length = 0;
    for (let at = rowStart[row]!; at < rowStart[row + 1]!; at++) {
      if (main && rowRole[at] === ROLE.apart) continue;
      if (length > 0 && length < MAX_UNITS) units[length++] = 0x20;
      const token = rowToken[at]!;
      const end = tokenStart[token + 1]!;
      for (let unit = tokenStart[token]!; unit < end && length < MAX_UNITS; unit++) {
        units[length++] = tokenUnit[unit]!;
      }
    }
    return length;
  };

  let lastKey = -1;
  let lastNeed = new Uint16Array();
  const needsOf = (length: number, step: number): Uint16Array<ArrayBuffer> => {
    const key = length * STEPS + step;
    if (key === lastKey) return lastNeed;
    lastKey = key;
    lastNeed = needs.get(key) ?? leastCommons(length, step / STEPS);
    needs.set(key, lastNeed);
    return lastNeed;
  };

  /** Groups by length; in all, as large as the texts. */
  const sortByLength = (): LengthGroup[] => {
    const groups: number[][] = Array.from({ length: MAX_UNITS + 1 }, () => []);
    for (let row = 0; row < rowLength.length; row++) {
      if (rowKind[row] !== KIND.acronym) groups[rowLength[row]!]!.push(row);
    }
    return groups.map((rows, length) => {
      const texts = new Uint16Array(rows.length * length);
      rows.forEach((row, at) => {
        texts.set(units.subarray(0, write(row)), at * length);
      });
      const masks = Uint32Array.from(rows, (row) => rowMask[row]!);
      return { length, rows: Uint32Array.from(rows), masks, texts };
    });
  };

  return {
    /** What was written last. */
    units,
    write,
    /** `whole` of a row and a pattern that begins with the code unit `begin`, if it is at least `floor`, else 0. */
    whole(row: number, pattern: Pattern, begin: number, floor: number): number {
      const least = Math.max(SCORE.whole, floor);
      const length = gate[2 * row + 1]! & 0xffff;
      const need = needsOf(pattern.length, Math.min(STEPS - 1, Math.floor(least * STEPS)));
      const common = need[gate[2 * row + 1]! >>> 16 === begin ? MAX_UNITS + length - 1 : length - 1]!;
      const mask = gate[2 * row]!;
      if (!mayShare(pattern, mask, length, common)) return 0;
      return likeness(pattern, units, 0, write(row), mask, least);
    },
    /** Calls `found` with every row that holds a token and whose `whole` is at least what `floor` returns at the time. */
    scanToken(
      token: number,
      pattern: Pattern,
      begin: number,
      floor: () => number,
      found: (row: number, whole: number) => void,
    ): void {
      postGate ??= gatePostings();
      const least = Math.max(SCORE.whole, floor());
      const need = needsOf(pattern.length, Math.min(STEPS - 1, Math.floor(least * STEPS)));
      for (let post = postStart[token]!; post < postStart[token + 1]!; post++) {
        const packed = postGate[2 * post + 1]!;
        const length = packed & 0xffff;
        const common = need[packed >>> 16 === begin ? MAX_UNITS + length - 1 : length - 1]!;
        if (!mayShare(pattern, postGate[2 * post]!, length, common)) continue;
        const row = postRow[post]!;
        if (rowKind[row] === KIND.acronym) continue;
        const whole = likeness(pattern, units, 0, write(row), postGate[2 * post]!, Math.max(least, floor()));
        if (whole > 0) found(row, whole);
      }
    },
    /** Calls `found` with every row whose `whole` is at least what `floor` returns at the time, those of near lengths first. */
    scan(
      pattern: Pattern,
      begin: number,
      floor: () => number,
      found: (row: number, whole: number) => void,
    ): void {
      byLength ??= sortByLength();
      for (const { length, rows, masks, texts } of nearest(byLength, pattern.length)) {
        const least = Math.max(SCORE.whole, floor());
        const usual = leastCommon(pattern.length, length, least, false);
        const begun = leastCommon(pattern.length, length, least, true);
        if (begun > Math.min(pattern.length, length)) continue;
        for (let at = 0; at < rows.length; at++) {
          if (!mayShare(pattern, masks[at]!, length, texts[at * length] === begin ? begun : usual)) continue;
          const start = at * length;
          const whole = likeness(pattern, texts, start, start + length, masks[at]!, least);
          if (whole > 0) found(rows[at]!, whole);
        }
      }
    },
  };
}

/** The rows of one length that are no abbreviations. */
interface LengthGroup {
  readonly length: number;
  readonly rows: Uint32Array;
  readonly masks: Uint32Array;
  /** Their texts one after the other. */
  readonly texts: Uint16Array;
}

/** The groups in order of the distance of their lengths from `length`. */
function* nearest(groups: readonly LengthGroup[], length: number): Generator<LengthGroup> {
  yield groups[length]!;
  for (let far = 1; far <= MAX_UNITS; far++) {
    if (length - far > 0) yield groups[length - far]!;
    if (length + far <= MAX_UNITS) yield groups[length + far]!;
  }
}

/** `leastCommon` for texts of 1 to `MAX_UNITS` code units that begin otherwise, then for those that begin alike. */
function leastCommons(length: number, least: number): Uint16Array<ArrayBuffer> {
  return Uint16Array.from({ length: 2 * MAX_UNITS }, (_, at) =>
    leastCommon(length, (at % MAX_UNITS) + 1, least, at >= MAX_UNITS),
  );
}
