import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, formsOf, mentionFormsOf, ROLE, withoutExtra } from "../../src/names/index.js";
import { mentionText } from "../candidates/names.js";

describe.each([formsOf, mentionFormsOf])("%o", (forms) => {
  it("assigns a role to each token and includes a given or family name", () => {
    fc.assert(
      fc.property(mentionText, (name) => {
        for (const { tokens, roles } of forms(name)) {
          expect(roles.length).toBe(tokens.length);
          expect(roles.some((role) => role < ROLE.minor)).toBe(true);
        }
        expect(forms(name).length > 0).toBe(fold(name) !== "");
      }),
    );
  });

  it("returns the folded name as the first form and no form twice", () => {
    fc.assert(
      fc.property(mentionText, (name) => {
        const texts = forms(name).map(({ tokens }) => tokens.join(" "));
        fc.pre(texts.length > 0 && forms(name)[0]!.tokens.length < 24);
        expect(texts[0]).toBe(fold(name));
        expect(new Set(texts).size).toBe(texts.length);
        expect(forms(name).map(({ derived }) => derived)).toEqual(texts.map((_, at) => at > 0));
      }),
    );
  });
});

const textsOf = (mention: string): string[] => mentionFormsOf(mention).map(({ tokens }) => tokens.join(" "));

describe("mentionFormsOf", () => {
  it.each([
    ["a title", "Prof. Dr. Lise Meitner", "lise meitner"],
    ["a title in another language", "Президент Карнеги", "карнеги"],
    ["postnominals", "Dorothy Hodgkin, OM, FRS", "dorothy hodgkin"],
    ["postnominals without a comma", "dorothy hodgkin phd", "dorothy hodgkin"],
    ["a maiden name", "Marie Curie née Skłodowska", "marie sklodowska"],
    ["a birth name in brackets", "Mark Twain (Samuel Clemens)", "samuel clemens"],
    ["inverted order with years", "Meitner, Lise, 1878-1968", "lise meitner"],
    ["years at the end", "Lise Meitner (1878–1968)", "lise meitner"],
    ["an apostrophe ending", "Meitner’s", "meitner"],
    ["a generation in words", "Hans Holbein the Younger", "hans holbein ii"],
    ["an abbreviated generation", "Hans Holbein d. J.", "hans holbein ii"],
    ["a couple", "Mr. and Mrs. Pierre Curie", "pierre curie"],
    ["a title of nobility", "Arthur Wellesley, 1st Duke of Wellington", "arthur 1st duke of wellington"],
    ["a hashtag", "#LiseMeitner", "lise meitner"],
    ["a hyphen at a line end", "Lise Meit- ner", "lise meitner"],
    ["letters with spaces", "L i s e  M e i t n e r", "lise meitner"],
    ["the wrong encoding", "LÃ©ger", "leger"],
    ["full stops in an acronym", "U.N.I.C.E.F.", "unicef"],
    ["traditional characters", "鄧小平", "邓小平"],
    ["new Japanese characters", "黒沢明", "黑泽明"],
    ["old Japanese characters", "黑澤明", "黑泽明"],
    ["a variant in a Japanese family name", "渡邉謙", "渡边谦"],
    ["a space between Japanese names", "黒沢 明", "黑泽明"],
    ["katakana", "マリー・キュリー", fold("まりー きゅりー")],
  ])("contains the name without %s: %s", (_, mention, expected) => {
    expect(textsOf(mention)).toContain(expected);
  });

  it.each([..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"])("reads %s as an initial between two names", (letter) => {
    for (const mention of [
      `Anna ${letter}. Berger`,
      `ANNA ${letter}. BERGER`,
      `anna ${letter.toLowerCase()} berger`,
    ]) {
      const [written] = mentionFormsOf(mention);
      expect(withoutExtra(written!)).toEqual(["anna", letter.toLowerCase(), "berger"]);
    }
  });

  it.each([
    "Dean Martin",
    "Jet Li",
    "Amartya Sen",
    "Xiao Feng",
    "Kim Jong-un",
    "Omar al-Bashir",
    "MacArthur",
  ])("does not divide %s", (mention) => {
    const [written, ...others] = textsOf(mention);
    expect(others.filter((form) => form.replaceAll(" ", "") !== written!.replaceAll(" ", ""))).toEqual([]);
  });

  it("gives additions the role extra", () => {
    for (const mention of [
      "Sir Arthur Evans",
      "Arthur Evans, FBA",
      "Arthur Evans (archaeologist)",
      "Arthur Evans, 1851-1941",
    ])
      expect(withoutExtra(mentionFormsOf(mention)[0]!)).toEqual(["arthur", "evans"]);
  });
});
