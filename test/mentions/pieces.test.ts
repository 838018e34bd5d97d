import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { piecesOf } from "../../src/mentions/pieces.js";
import { writtenWordsOf } from "../../src/mentions/words.js";

const textsOf = (text: string): string[] =>
  piecesOf(text, writtenWordsOf(text)).map(({ start, end }) => text.slice(start, end));

describe("the pieces of a text", () => {
  it("are the text itself if it is short", () => {
    expect(textsOf("Dr. Hanna Lindqvist in Umeå.")).toEqual(["Dr. Hanna Lindqvist in Umeå."]);
    expect(textsOf("")).toEqual([""]);
  });

  it("end with a sentence, and keep the sign of a handle", () => {
    const long = `Dr. Ann Lee ${"spoke to the people ".repeat(9).trim()}.`;
    expect(textsOf([long, long, long].join(" "))).toEqual([`${long} ${long} `, long]);
    expect(textsOf(`${"met ".repeat(99)}@annlee in May`).at(-1)).toBe("@annlee in May");
  });

  it("leave out words that are too long", () => {
    expect(textsOf(`Ann Lee ${"x".repeat(500)} Bob Ray`)).toEqual(["Ann Lee ", " Bob Ray"]);
  });

  it("are short and contain every short word once, for any text", () => {
    const unit = fc.constantFrom(
      "St. ",
      "A.B. Mc'D-",
      "a",
      " ",
      ".",
      "\n",
      "(",
      "'",
      "@a ",
      "é\u0301",
      "😀",
      "-",
      "Aa ",
    );
    const texts = fc
      .array(fc.tuple(unit, fc.nat(400)), { maxLength: 12 })
      .map((list) => list.map(([text, count]) => text.repeat(count)).join(""));
    fc.assert(
      fc.property(texts, (text) => {
        const words = writtenWordsOf(text);
        const pieces = piecesOf(text, words);
        pieces.forEach(({ start, end }, at) => {
          expect(end - start).toBeLessThanOrEqual(400);
          expect(start).toBeGreaterThanOrEqual(pieces[at - 1]?.end ?? 0);
        });
        for (const word of words)
          if (word.end - word.start < 390)
            expect(pieces.some(({ start, end }) => start <= word.start && word.end <= end)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
