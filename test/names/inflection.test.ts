import { describe, expect, it } from "vitest";
import { isInflectedIn, nominativesOf } from "../../src/names/index.js";

describe("nominativesOf", () => {
  it.each([
    ["лескова", "лесков"],
    ["kubika", "kubik"],
    ["brandts", "brandt"],
    ["pawla", "pawel"],
    ["hajku", "hajek"],
    ["وسليمان", "سليمان"],
  ])("returns the nominative of %s", (form, nominative) => {
    expect(nominativesOf(form)).toContain(nominative);
  });

  it("does not return the word itself, nor a stem of fewer than three letters", () => {
    expect(nominativesOf("brandt")).not.toContain("brandt");
    expect(nominativesOf("abs")).toEqual([]);
  });
});

describe("isInflectedIn", () => {
  it("knows the endings of the language only", () => {
    expect(isInflectedIn("de", "brandts", "brandt")).toBe(true);
    expect(isInflectedIn("pl", "brandta", "brandt")).toBe(true);
    expect(isInflectedIn("de", "brandta", "brandt")).toBe(false);
    expect(isInflectedIn("xx", "brandts", "brandt")).toBe(false);
  });
});
