import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type OffsetUnit, offsetMap } from "../../src/core/index.js";
import { spannedText, trickyText } from "./texts.js";

const UNITS: readonly OffsetUnit[] = ["utf16", "codepoint", "byte"];

const slices: Readonly<Record<OffsetUnit, (text: string, start: number, end: number) => string>> = {
  utf16: (text, start, end) => text.slice(start, end),
  codepoint: (text, start, end) => [...text].slice(start, end).join(""),
  byte: (text, start, end) => Buffer.from(text).subarray(start, end).toString(),
};

describe("offsetMap", () => {
  it.each(UNITS)("converts %s offsets and back without loss", (unit) => {
    fc.assert(
      fc.property(spannedText, ({ text, span }) => {
        const map = offsetMap(text, unit);
        const other = map.fromUtf16(span);
        expect(slices[unit](text, other.start, other.end)).toBe(text.slice(span.start, span.end));
        expect(map.toUtf16(other)).toEqual(span);
      }),
    );
  });

  it.each(UNITS)("converts any number of %s exactly or throws", (unit) => {
    fc.assert(
      fc.property(trickyText, fc.nat(40), fc.nat(40), (text, a, b) => {
        const span = { start: Math.min(a, b), end: Math.max(a, b) };
        const expected = slices[unit](text, span.start, span.end);
        const whole = !expected.includes("\ufffd") && !/\p{Surrogate}/u.test(expected);
        try {
          const { start, end } = offsetMap(text, unit).toUtf16(span);
          expect(text.slice(start, end)).toBe(expected);
        } catch (error) {
          expect(error).toMatchObject({ code: "OFFSETS" });
          const length = slices[unit](text, 0, Number.POSITIVE_INFINITY);
          const total = {
            utf16: length.length,
            codepoint: [...length].length,
            byte: Buffer.byteLength(length),
          }[unit];
          const empty = span.start === span.end;
          expect(whole && !empty && span.end <= total).toBe(false);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["utf16", { start: 1, end: 2 }, "is inside a character"],
    ["byte", { start: 0, end: 3 }, "is inside a character"],
    ["codepoint", { start: 0, end: 4 }, "outside the text"],
    ["codepoint", { start: 2, end: 1 }, "after end"],
    ["codepoint", { start: 0.5, end: 1 }, "outside the text"],
    ["codepoint", { start: -1, end: 1 }, "outside the text"],
    ["codepoint", { start: Number.NaN, end: 1 }, "outside the text"],
  ] as const)("rejects %s offsets %o", (unit, span, reason) => {
    expect(() => offsetMap("👍é!", unit).toUtf16(span)).toThrow(reason);
  });
});
