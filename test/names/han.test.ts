import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold } from "../../src/names/fold.js";
import { simplifiedHan } from "../../src/names/han.js";

const HAN_CHARACTERS = Array.from({ length: 0x9fff - 0x4e00 + 1 }, (_, index) =>
  String.fromCharCode(0x4e00 + index),
);

describe("simplifiedHan", () => {
  it.each([
    ["simplified and traditional", ["鲁迅", "魯迅"]],
    ["simplified, traditional and Japanese", ["卫", "衛", "衞"]],
    ["new and old Japanese", ["渡辺", "渡邊", "渡邉"]],
    ["variants of a family name", ["斎藤", "齋藤", "斉藤", "齊藤"]],
    ["variants of 高 and 崎", ["高崎", "髙﨑"]],
    ["variants of 浜, 桑, 柳 and 橋", ["浜桑柳橋", "濵桒栁槗", "濱桑柳桥"]],
    ["katakana and hiragana", ["あんな", "アンナ"]],
  ])("maps %s characters to the same text", (_, texts) => {
    expect(new Set(texts.map(simplifiedHan)).size).toBe(1);
    expect(new Set(texts.map(fold)).size).toBe(1);
  });

  it("maps each character to one character and does not change its own results", () => {
    const results = HAN_CHARACTERS.map(simplifiedHan);
    expect(results.filter((letter) => [...letter].length !== 1)).toEqual([]);
    expect(results.filter((letter) => simplifiedHan(letter) !== letter)).toEqual([]);
  });

  it("converts each character independently of the others", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...HAN_CHARACTERS, "ア", "a"), { maxLength: 8 }), (letters) => {
        expect(simplifiedHan(letters.join(""))).toBe(letters.map(simplifiedHan).join(""));
      }),
    );
  });

  it("does not change other scripts", () => {
    for (const text of ["lu xun", "あんな", "김구", "чехов"]) expect(simplifiedHan(text)).toBe(text);
  });
});
