import type { Span } from "./caption.js";
import { MmelError } from "./errors.js";

/** The unit of offsets: JavaScript string positions, Unicode code points (as in Python), or UTF-8 bytes. */
export type OffsetUnit = "utf16" | "codepoint" | "byte";

/** A converter for the spans in one text, between UTF-16 code units and another unit. */
export interface OffsetMap {
  /**
   * Converts a span from the other unit to UTF-16 code units. Throws `OFFSETS` if the span is outside the text, ends
   * before it starts, or splits a character.
   */
  toUtf16(span: Span): Span;
  /** Converts a span from UTF-16 code units to the other unit. Throws `OFFSETS` in the same cases as `toUtf16`. */
  fromUtf16(span: Span): Span;
}

/** Table entry for a position inside a character. */
const INSIDE = 0xffffffff;

/**
 * Builds an offset map with a lookup table for each direction. Conversions take constant time; each table uses 4
 * bytes per position. A lone surrogate counts as 3 bytes, the length of the replacement character that UTF-8 encoders
 * write instead.
 */
export function offsetMap(text: string, unit: OffsetUnit): OffsetMap {
  let length = 0;
  for (const character of text) length += widthOf(character, unit);
  const unitAt = new Uint32Array(text.length + 1).fill(INSIDE);
  const utf16At = new Uint32Array(length + 1).fill(INSIDE);
  let [at, utf16] = [0, 0];
  for (const character of text) {
    unitAt[utf16] = at;
    utf16At[at] = utf16;
    at += widthOf(character, unit);
    utf16 += character.length;
  }
  unitAt[utf16] = at;
  utf16At[at] = utf16;
  return {
    toUtf16: (span) => convert(span, utf16At, unit),
    fromUtf16: (span) => convert(span, unitAt, "utf16"),
  };
}

function convert(span: Span, table: Uint32Array, unit: OffsetUnit): Span {
  if (span.start > span.end) {
    throw new MmelError("OFFSETS", {
      what: `start ${span.start} is after end ${span.end}`,
      expected: "a start that is not after the end",
    });
  }
  return { start: look(span.start, table, unit), end: look(span.end, table, unit) };
}

function look(offset: number, table: Uint32Array, unit: OffsetUnit): number {
  const found = table[offset];
  const units = { utf16: "UTF-16 code units", codepoint: "code points", byte: "UTF-8 bytes" }[unit];
  if (found === undefined) {
    throw new MmelError("OFFSETS", {
      what: `position ${offset} is outside the text`,
      expected: `a whole number from 0 to ${table.length - 1} (${units})`,
    });
  }
  if (found === INSIDE) {
    throw new MmelError("OFFSETS", {
      what: `position ${offset} (${units}) is inside a character`,
      hint: "Set `--offsets` to the unit the file uses: `utf16`, `codepoint` or `byte`.",
    });
  }
  return found;
}

function widthOf(character: string, unit: OffsetUnit): number {
  if (unit === "codepoint") return 1;
  if (unit === "utf16" || character.length === 2) return character.length * (unit === "byte" ? 2 : 1);
  const code = character.charCodeAt(0);
  return code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
}
