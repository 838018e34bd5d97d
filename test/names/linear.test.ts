import { describe, expect, it } from "vitest";
import { entityOf, MmelError } from "../../src/core/index.js";
import { kindOfEntity, parseName, placedWordsOf } from "../../src/names/index.js";

describe("hostile texts", () => {
  it.each([
    [
      "white space between years",
      () => parseName(`Ann Lee 1${" ".repeat(290)}1`).words,
      ["ann", "lee", "1", "1"],
    ],
    ["line breaks after a year", () => parseName(`Ann Lee, b. 1900${"\n".repeat(280)}x`).parts.length, 5],
    ["soft hyphens", () => placedWordsOf(`a${"\u00ad".repeat(100_000)}b`).length, 1],
    [
      "soft hyphens at the end",
      () => placedWordsOf(`ab${"\u00ad".repeat(9)}`),
      [{ word: "ab", start: 0, end: 2, unspaced: false }],
    ],
    [
      "a type of many words",
      () => kindOfEntity(entityOf({ id: "1", label: "x", properties: { type: ["a ".repeat(200_000)] } })),
      undefined,
    ],
    [
      "white space in an error",
      () => new MmelError("USAGE", { what: `${"\t".repeat(200_000)}x` }).message.length,
      1_000, // cut
    ],
  ])("take little time: %s", (_, run, expected) => expect(run()).toEqual(expected), 5_000);
});
