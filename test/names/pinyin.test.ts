import { describe, expect, it } from "vitest";
import { pinyinReadings } from "../../src/names/pinyin.js";

describe("pinyinReadings", () => {
  it.each([
    ["Mao Tse-tung", "Mao Zedong"],
    ["Chou En-lai", "Zhou Enlai"],
    ["Teng Hsiao-ping", "Deng Xiaoping"],
    ["Lin Piao-kai", "Lin Biaogai"],
    ["Ch'en Tu-hsiu", "Chen Duxiu"],
    ["Liu Shao-chi", "Liu Shaoqi"],
    ["Hsu Chih-mo", "Xu Zhimo"],
    ["Tsai Yuan-pei", "Cai Yuanpei"],
    ["Chu Teh", "Zhu De"],
    ["Chou Enlai", "Zhou Enlai"],
  ])("converts %s to %s", (name, expected) => {
    expect(pinyinReadings(name)).toContain(expected);
  });

  it.each([
    "Tina Pane",
    "Paul Chase",
    "Kim Jong-un",
    "Peter Lin",
    "Anna-Maria Li",
    "Mao",
    "Lee Min-ho",
    "Xi Bo",
  ])("returns nothing for %s", (name) => {
    expect(pinyinReadings(name)).toEqual([]);
  });

  it("does not depend on case, accents or white space", () => {
    const expected = pinyinReadings("Teng Hsiao-ping");
    for (const name of ["TENG HSIAO-PING", "teng  hsiao-ping ", "Têng Hsiao-p'ing"])
      expect(pinyinReadings(name)).toEqual(expected);
  });
});
