import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_MENTIONS } from "../../src/core/index.js";
import { createDetector } from "../../src/mentions/index.js";

const detect = createDetector({ namesIn: async () => [], similar: async () => [] });
const names = async (text: string) => (await detect(text)).mentions.map((mention) => mention.text);

describe("createDetector without a knowledge base", () => {
  it.each([
    [
      "Michael Jordan of the Chicago Bulls in New York City",
      ["Michael Jordan", "Chicago Bulls", "New York City"],
    ],
    [
      "Harold X. Finch, Moreau and Anderson at the Riverside Studio, Boston in 1921",
      ["Harold X. Finch", "Moreau", "Anderson", "Riverside Studio", "Boston"],
    ],
    ["President Collor de Mello with Dr. Angela Merkel's staff", ["Collor de Mello", "Angela Merkel"]],
    [
      "the United Nations and Google Inc. in Paris, France, January 2014",
      ["United Nations", "Google Inc", "Paris", "France"],
    ],
    ["Delorme in March 2011", ["Delorme"]],
    ["Monaco's Grace Kelly", ["Monaco", "Grace Kelly"]],
    ["Portrait of Henry VIII", ["Henry VIII"]],
    ["👩‍👩‍👧 Kerry meets Marzouki 👍🏽 today", ["Kerry", "Marzouki"]],
    ["Moreau with her dog at Christmas", ["Moreau"]],
    ["Moreau in London at Easter, May 1921", ["Moreau", "London"]],
    ["Moreau at the battle of the Marne", ["Moreau"]],
    ["a dog on the grass in the sun", []],
    ["", []],
  ])("finds people, places and organisations: %s", async (text, expected) => {
    expect(await names(text)).toEqual(expected);
  });

  it("gives a name after a title the type person, but not a name after a preposition that is spelt like a title", async () => {
    const typed = async (text: string) =>
      (await detect(text)).mentions.map((mention) => [mention.text, mention.type]);
    expect(await typed("Gideon Winslow on Dock Street")).toEqual([
      ["Gideon Winslow", undefined],
      ["Dock Street", undefined],
    ]);
    expect(await typed("Dr. Gideon Winslow and Hon Mary Finch in the garden")).toEqual([
      ["Gideon Winslow", "person"],
      ["Mary Finch", "person"],
    ]);
  });

  it.each(["und", "UND", "und-Latn", "mul"])(
    "guesses the language of a text with the tag %s",
    async (tag) => {
      const text = "Michael Jordan of the Chicago Bulls in New York City";
      expect(await detect(text, tag)).toEqual(await detect(text));
      const german = "Der Bürgermeister mit seiner Frau vor dem Rathaus";
      expect(await detect(german, tag)).toMatchObject({ onlyKnown: "de" });
      expect(await detect(text, "de")).toEqual({ mentions: [], onlyKnown: "de" });
    },
  );

  it.each([
    ["abbreviations", "St. ".repeat(10_000)],
    ["initials and hyphens", "A.B. Mc'D-".repeat(10_000)],
    ["open quotation marks", `Ann met.${'"'.repeat(100_000)},`],
    ["line breaks", `Ann met${"\n".repeat(100_000)},x`],
    [
      "different names",
      Array.from({ length: 3_000 }, (_, index) => `St. Ab${index.toString(36)}.`).join(" "),
    ],
  ])(
    "takes time in proportion to the length of the text: %s",
    async (_, text) => expect((await detect(text)).mentions.length).toBeLessThanOrEqual(MAX_MENTIONS),
    20_000, // without a limit on the length of a sentence, minutes
  );

  it("returns exact spans that do not overlap, for any text", async () => {
    const words = fc.constantFrom(
      "Michael Jordan",
      "Paris",
      "the",
      "😀",
      "é\u0301",
      "José",
      "O'Brien's",
      "Don't",
      "met",
      ",",
      ".",
      "\n",
      "U.S.",
      "(Berlin-Mitte)",
      "“Bill Clinton”",
      "العربية",
      "and",
      "\t",
      "#tag",
      "http://a.b",
      "Dr.",
      "  ",
    );
    const texts = fc.oneof(
      fc.array(words, { maxLength: 30 }).map((list) => list.join(" ")),
      fc.string({ unit: "grapheme", maxLength: 60 }),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        let from = 0;
        for (const { text: name, span } of (await detect(text)).mentions) {
          expect(name.trim()).not.toBe("");
          expect(text.slice(span!.start, span!.end)).toBe(name);
          expect(span!.start).toBeGreaterThanOrEqual(from);
          from = span!.end;
        }
      }),
      { numRuns: 300 },
    );
  });
});
