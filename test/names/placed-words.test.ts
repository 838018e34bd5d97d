import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, placedWordsOf, wordsOf } from "../../src/names/index.js";

const lettersOf = (parts: readonly string[]): string =>
  parts
    .join("")
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}]/gu, "");

describe("placedWordsOf", () => {
  it("returns the folded words of a text with their positions", () => {
    expect(placedWordsOf("Zoë's O’Hara-Lund, 3rd")).toEqual([
      { word: "zoe", start: 0, end: 3, unspaced: false },
      { word: "s", start: 4, end: 5, unspaced: false },
      { word: "o", start: 6, end: 7, unspaced: false },
      { word: "hara", start: 8, end: 12, unspaced: false },
      { word: "lund", start: 13, end: 17, unspaced: false },
      { word: "3rd", start: 19, end: 22, unspaced: false },
    ]);
  });

  it("divides scripts without spaces into characters", () => {
    expect(placedWordsOf("于红と").map(({ word, start }) => [word, start])).toEqual([
      ["于", 0],
      ["红", 1],
      ["と", 2],
    ]);
  });

  it("returns the same letters as wordsOf for characters that decompose and compatibility ideographs, alone and after others", () => {
    const differing: string[] = [];
    for (let code = 1; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCodePoint(code);
      const isIdeograph = code >= 0xf900 && code <= 0xfaff;
      if (character.normalize("NFKD") === character && !isIdeograph) continue;
      for (const text of [character, `a${character}b`, `か${character}`, `⺀${character}`])
        if (lettersOf(placedWordsOf(text).map(({ word }) => word)) !== lettersOf(wordsOf(text)))
          differing.push(text);
    }
    expect(differing).toEqual([]);
  });

  it("returns the same letters as wordsOf, in order and at their positions, for any text", () => {
    const texts = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc
        .array(fc.constantFrom("Ana", "O'Hara", "김", "安", " ", "-", "\u200b", "’s", "Ｂ", "ก็", "½", "é"), {
          maxLength: 20,
        })
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const words = placedWordsOf(text);
        expect(lettersOf(words.map(({ word }) => word))).toBe(lettersOf(wordsOf(text)));
        let from = 0;
        for (const { word, start, end } of words) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(fold(text.slice(start, end)).replaceAll(" ", "")).toContain(word);
          from = start;
        }
      }),
      { numRuns: 500 },
    );
  });
});
