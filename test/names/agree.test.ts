import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Agreement, createNameReader } from "../../src/names/agree.js";
import { parseName } from "../../src/names/parse.js";

const agreement = (mention: string, ...names: string[]): Agreement =>
  createNameReader(parseName(mention)).agreement(names.map((name) => parseName(name)));

describe("the agreement of two names", () => {
  it.each([
    ["Dr. Edith Marlow, OBE", "Edith Marlow"],
    ["Marlow, Edith", "Edith Marlow"],
    ["EDITH MARLOW", "Edith Marlow"],
    ["Edith Marlow's", "Edith Marlow"],
    ["Портрет Елены Соколовой".slice(8), "Елена Соколова"],
    ["Goethe", "Göthe"],
    ["Edith Stone", "Edith Marlow née Stone"],
    ["Marie-Henri Beyle", "Stendhal (Marie-Henri Beyle)"],
    ["Lady Marmalade", "Lady Marmalade"],
  ])("is exact for %s and %s", (mention, name) => {
    expect(agreement(mention, name).exact).toBe(1);
  });

  it.each([
    ["a surname", "Marlow", "Edith Marlow", { family: 1, exact: 0, otherGiven: 0 }],
    ["a given name", "Edith", "Edith Marlow", { family: 0, givenOnly: 1 }],
    ["an initial", "E. Marlow", "Edith Marlow", { family: 1, initials: 0.5, otherGiven: 0 }],
    ["a nickname", "Bob Marlow", "Robert Marlow", { nicknames: 0.5, otherGiven: 0 }],
    ["another given name", "Agnes Marlow", "Edith Marlow", { family: 1, otherGiven: 1 }],
    [
      "another middle name",
      "Ivan Petrovich Sokolov",
      "Ivan Sergeyevich Sokolov",
      { otherMiddle: 1, otherGiven: 0 },
    ],
    ["another family name", "Edith Stone", "Edith Marlow", { otherFamily: 1 }],
    ["another generation", "Edgar Stone Jr.", "Edgar Stone Sr.", { otherGeneration: 1 }],
    ["the same generation", "Edgar Stone II", "Edgar Stone, Jr.", { sameGeneration: 1, otherGeneration: 0 }],
    ["a typo", "Edith Marlwo", "Edith Marlow", { typos: 0.5, otherFamily: 0 }],
    ["an acronym", "NIPH", "National Institute of Public Health", { acronym: 1 }],
    ["a foreign name", "Edith Marlow", "Peter Schlemihl", { mention: 0, name: 0, exact: 0 }],
  ])("reports %s", (_, mention, name, expected) => {
    expect(agreement(mention, name)).toMatchObject(expected);
  });

  it("is that of the best of several names, whatever their order", () => {
    const names = ["Edith Stone", "Edith Marlow", "E. Marlow"];
    expect(agreement("Edith Marlow", ...names)).toEqual(agreement("Edith Marlow", ...names.toReversed()));
    expect(agreement("Edith Marlow", ...names).exact).toBe(1);
  });

  it("is exact for every name with itself, and between 0 and 1 in its shares", () => {
    const name = fc
      .array(fc.constantFrom("Anna", "Berg", "Carl", "de", "Dorn", "von", "Eva", "Falk"), {
        minLength: 1,
        maxLength: 4,
      })
      .map((words) => words.join(" "))
      .filter((text) => /[A-Z]/.test(text));
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(agreement(a, a).exact).toBe(1);
        const { mention, name, family, given } = agreement(a, b);
        for (const share of [mention, name, family, given]) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
  });
});
