import { describe, expect, it } from "vitest";
import { simplifiedHan } from "../../src/names/han.js";

describe("simplifiedHan", () => {
  it.each([
    ["simplified and traditional", ["鲁迅", "魯迅"]],
    ["new and old Japanese", ["渡辺", "渡邊", "渡邉"]],
    ["variants of a family name", ["斎藤", "齋藤", "斉藤", "齊藤"]],
    ["katakana and hiragana", ["あんな", "アンナ"]],
  ])("maps %s characters to the same text", (_, texts) => {
    expect(new Set(texts.map(simplifiedHan)).size).toBe(1);
  });

  it("does not change its own results or other scripts", () => {
    for (const text of ["鲁迅", "渡边", "あんな", "lu xun", "김구"]) {
      expect(simplifiedHan(simplifiedHan(text))).toBe(simplifiedHan(text));
    }
    expect(simplifiedHan("lu xun")).toBe("lu xun");
  });
});
