import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold } from "../../src/names/index.js";

describe("fold", () => {
  it("is idempotent for any text and every code point", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
    for (let point = 0; point <= 0x10ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const folded = fold(`a${String.fromCodePoint(point)}b`);
      if (fold(folded) !== folded) throw new Error(`U+${point.toString(16)}: ${folded}`);
    }
  });

  it("ignores case and normal form, and leaves one space between words", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const folded = fold(text);
        expect(fold(text.normalize("NFD"))).toBe(folded);
        expect(fold(text.normalize("NFC"))).toBe(folded);
        expect(fold(text.toUpperCase())).toBe(fold(text.toLowerCase().toUpperCase()));
        expect(folded).not.toMatch(/^ | $| {2}|[^\S ]/u);
      }),
    );
  });

  it.each([
    ["Łukasz Đorđević-Ørsted", "lukasz dordevic orsted"],
    ["Straße STRAẞE", "strasse strasse"],
    ["Œuvre ﬁn Þór", "oeuvre fin thor"],
    ["İstanbul ırmak", "istanbul irmak"],
    ["Ὀδυσσεὺς ΟΔΥΣΣΕΥΣ", "οδυσσευσ οδυσσευσ"],
    ["مُحَمَّد أحمـــد", "محمد احمد"],
    ["Ёлка Йод", "елка иод"],
    ["がぎ ｶﾞ", "がぎ が"],
    ["渡邉 渡辺", "渡边 渡边"],
    ["बच्चन", "बच्चन"],
    ["김정은", "김정은"],
    ["O’Brien, d'Arc; Saʿd", "o brien d arc sad"],
    ["  A$AP\t(C++) ", "a$ap c++"],
    ["🐼 👍🏽", "🐼 👍"],
    ["…!? — ", ""],
  ])("folds %s", (text, expected) => expect(fold(text)).toBe(expected));
});
