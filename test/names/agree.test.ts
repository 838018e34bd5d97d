import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Agreement, createNameReader } from "../../src/names/agree.js";
import { parseName } from "../../src/names/parse.js";

const compare = (mention: string, ...names: string[]): Agreement | undefined =>
  createNameReader(parseName(mention)).agreement(names.map((name) => parseName(name)));

function agreement(mention: string, ...names: string[]): Agreement {
  const found = compare(mention, ...names);
  if (found === undefined) throw new Error(`${mention} agrees with none of ${names.join(", ")}`);
  return found;
}

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
    ["Robert DeVigne", "Robert De Vigne"],
    ["Nora O'Dowd", "Nora ODowd"],
    ["Hugo vander Berg", "Hugo van der Berg"],
    ["Stein, Annamaria", "Anna Maria Stein"],
  ])("is exact for %s and %s", (mention, name) => {
    expect(agreement(mention, name).exact).toBe(1);
  });

  it.each([
    ["a surname", "Marlow", "Edith Marlow", { family: 1, exact: 0, otherGiven: 0 }],
    ["a given name", "Edith", "Edith Marlow", { family: 0, givenOnly: 1 }],
    ["another middle initial", "Edith D. Marlow", "Edith L. Marlow", { otherMiddle: 1 }],
    ["other initials after the name", "Marlow A. K.", "L. N. Marlow", { otherGiven: 1 }],
    ["his wife for a man", "Mrs. Peter Marlow", "Peter Marlow", { given: 0, family: 1, exact: 0 }],
    ["a man for his wife", "Peter Marlow", "Mrs. Peter Marlow", { otherGiven: 0, exact: 0 }],
    ["the same wife", "Mme Peter Marlow", "Mrs. Peter Marlow", { given: 1, exact: 1 }],
    ["a wife of another", "Mrs. Peter Marlow", "Mrs. Robert Marlow", { otherGiven: 1 }],
    [
      "a couple for a man",
      "Mr. and Mrs. Peter Marlow",
      "Peter Marlow",
      { otherGiven: 0, exact: 0, extra: 1 },
    ],
    ["a man for a couple", "Mr. Peter Marlow", "Mr. and Mrs. Peter Marlow", { otherGiven: 1, exact: 0 }],
    ["the same couple", "Mr & Mrs Peter Marlow", "Mr. and Mrs. Peter Marlow", { otherGiven: 0, exact: 1 }],
    ["an abbreviated title", "Saint Alban", "St. Alban", { exact: 1, words: ["st", "alban"] }],
    ["a king for a family name", "King Stephen", "Stephen King", { otherFamily: 1, givenOnly: 1 }],
    ["a judge for a family name", "Judge Mike Marlow", "Mike Judge", { otherFamily: 1, givenOnly: 1 }],
    ["a part of a double name", "Baron Marlow", "Edgar Baron Marlow", { otherFamily: 0, otherGiven: 0 }],
    ["two given names in another order", "Henry Thomas", "Thomas Henry", { otherGiven: 1, exact: 0 }],
    ["the family name first", "Marlow Edith", "Edith Marlow", { otherGiven: 0, exact: 1 }],
    ["an Arabic article", "Karim al-Nouri", "Karim Nouri", { otherFamily: 0, extra: 0 }],
    ["another Arabic article", "Karim ar-Rashid", "Karim al-Rashid", { otherFamily: 0, extra: 0 }],
    ["an abbreviation", "Wm. Marlow", "William Marlow", { spellings: 0.5, otherGiven: 0 }],
    ["an abbreviated saint", "Anne de St. Roche", "Anne de Saint-Roche", { otherFamily: 0, extra: 0 }],
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
  ])("reports %s", (_, mention, name, expected) => {
    expect(agreement(mention, name)).toMatchObject(expected);
  });

  it("is exact for half of a double family name only if the other name has both halves", () => {
    expect(agreement("Edith Marlow", "Edith Marlow-Stone").exact).toBe(1);
    expect(agreement("Edith Marlow-Stone", "Edith Marlow")).toMatchObject({ exact: 0, extra: 1 });
  });

  it("is undefined for names without a common word", () => {
    expect(compare("Edith Marlow", "Peter Schlemihl")).toBeUndefined();
  });

  it.each([
    ["Dr. Edith Marlow, OBE", "Edith Marlow", "edith marlow"],
    ["Marlow, Edith", "Edith Marlow", "edith marlow"],
    ["Елены Соколовой", "Elena Sokolova", "elena sokolova"],
    ["Edgar Stone Jr.", "Edgar Stone II", "edgar stone ii"],
    ["Edgar Stone Jr.", "Edgar Stone", "edgar stone"],
    ["Edgar Stone III", "Edgar Stone II", "edgar stone iii"],
    ["E. Marlwo", "Edith Marlow", "e marlwo"],
    ["Lady Marmalade", "Lady Marmalade", "lady marmalade"],
  ])("writes %s as %s does", (mention, name, words) => {
    expect(agreement(mention, name).words.join(" ")).toBe(words);
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
        const { mention = 0, name = 0, family = 0, given = 0 } = compare(a, b) ?? {};
        for (const share of [mention, name, family, given]) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
  });
});
