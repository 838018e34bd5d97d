import { describe, expect, it } from "vitest";
import { acronymsOf } from "../../src/names/index.js";

describe("acronymsOf", () => {
  it.each([
    ["museum of modern art", ["moma", "mma"]],
    ["university of california los angeles", ["ucla"]],
    ["international business machines corporation", ["ibm"]],
  ])("finds the acronyms of %s", (name, acronyms) => {
    expect(acronymsOf(name.split(" "))).toEqual(expect.arrayContaining(acronyms));
  });
});
