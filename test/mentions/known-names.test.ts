import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCandidateSource } from "../../src/candidates/index.js";
import { entityOf, MAX_MENTIONS } from "../../src/core/index.js";
import { createDetector } from "../../src/mentions/index.js";

/** Invented people, places and things. */
const base = [
  { id: "1", label: "Hanna Lindqvist", description: "Swedish painter" },
  { id: "2", label: "Per Lindqvist", description: "Swedish architect" },
  { id: "3", label: "Jan van der Horst", description: "Dutch composer" },
  { id: "4", label: "Lady Orlanda", description: "singer" },
  { id: "5", label: "Siege of Brennock", description: "battle" },
  { id: "6", label: "Brennock", description: "town in Wales" },
  { id: "7", label: "May", description: "village in France" },
  { id: "8", label: "The", description: "river in Vietnam" },
  { id: "9", label: "Институт Лескова", description: "университет" },
  { id: "10", label: "Борис Лесков", description: "художник" },
  { id: "11", label: "于红梅", description: "画家" },
  { id: "12", label: "سليمان الحداد", description: "شاعر" },
  { id: "13", label: "Karel Dvorsky", description: "Czech chemist" },
  { id: "14", label: "Edwin Brandt", description: "German physicist" },
  { id: "15", label: "Théodore Ashcombe Rill", description: "poet" },
  { id: "16", label: "Kuala Verde", description: "city" },
  { id: "17", label: "Niels Overgaard Jr.", description: "sailor" },
  { id: "18", label: "Niki de Saint Amour", description: "sculptor" },
  { id: "19", label: "이은솔", description: "가수" },
  { id: "20", label: "Deniz Tekinalp", description: "ressam" },
  { id: "21", label: "smallWorks", description: "design office" },
].map(entityOf);
const source = createCandidateSource(base);
const detect = createDetector({
  namesIn: (text) => source.namesIn(text),
  similar: async (name) => (await source.candidates([name], 20))[0]!,
});
const names = async (text: string, language?: string) =>
  (await detect(text, language)).mentions.map((mention) => mention.text);

describe("createDetector", () => {
  it.each([
    ["Old Brennock from the hill", undefined],
    ["the former Brennock barracks", undefined],
    ["Dr. Lindqvist at home", "person"],
    ["Frau Lindqvist liest", "person"],
  ])("knows what the title in %j says about the kind", async (text, type) => {
    expect((await detect(text)).mentions[0]?.type).toBe(type);
  });

  it.each([
    ["chooses the longest name", "The Siege of Brennock was long.", ["Siege of Brennock"]],
    ["finds names in capitals", "HANNA LINDQVIST PAINTS BRENNOCK", ["HANNA LINDQVIST", "BRENNOCK"]],
    ["finds full names in small letters", "hanna lindqvist in the rain", ["hanna lindqvist"]],
    [
      "keeps initials",
      "Left: H. Lindqvist; right: T. A. Rill and J. van der Horst",
      ["H. Lindqvist", "T. A. Rill", "J. van der Horst"],
    ],
    ["keeps particles", "Dr. Jan van der Horst at home", ["Jan van der Horst"]],
    ["keeps the particles of a family name", "A song by Van der Horst", ["Van der Horst"]],
    ["keeps a title that is part of a family name", "Saint Amour at work", ["Saint Amour"]],
    ["leaves out titles", "Professor Hanna Lindqvist and Mrs. Lindqvist", ["Hanna Lindqvist", "Lindqvist"]],
    ["keeps a title that is part of the name", "Lady Orlanda sings", ["Lady Orlanda"]],
    [
      "leaves out the English possessive ending",
      "Hanna Lindqvist's garden, Lindqvist’s house",
      ["Hanna Lindqvist", "Lindqvist"],
    ],
    ["finds a given name after a form of address", "Frau Hanna mit dem Hund", ["Hanna"]],
    ["finds a given name after a French title", "Madame Hanna devant la maison", ["Hanna"]],
    ["finds a given name after a Polish title", "Pani Hanna w ogrodzie", ["Hanna"]],
    ["finds a given name after an occupation", "Lehrling Edwin in der Werkstatt", ["Edwin"]],
    ["finds no given name alone", "Fest der Hanna im Dorf", []],
    ["finds one name after the titles of a couple", "Mr. and Mrs. Lindqvist at home", ["Lindqvist"]],
    ["divides a name from the title after a particle", "Die Praxis von Dr. Lindqvist", ["Lindqvist"]],
    ["keeps a title of a place after a particle", "Niki de Saint Amour", ["Niki de Saint Amour"]],
    ["finds a family name at the start of a sentence", "Lindqvist paints a boat.", ["Lindqvist"]],
    ["keeps a generation", "Niels Overgaard, Jr. ashore", ["Niels Overgaard, Jr."]],
    ["keeps a maiden name", "Hanna Lindqvist née Ekdal smiles", ["Hanna Lindqvist née Ekdal"]],
    [
      "finds the first name before a couple's family name",
      "Hanna and Per Lindqvist",
      ["Hanna", "Per Lindqvist"],
    ],
    [
      "keeps a kind of organisation after a place",
      "Brennock University, later Brennock",
      ["Brennock University", "Brennock"],
    ],
    [
      "finds an inverted name",
      "Lindqvist, Hanna: a boat; van der Horst, J.",
      ["Lindqvist, Hanna", "van der Horst, J."],
    ],
    [
      "finds hashtags and handles",
      "#HannaLindqvist and @jan_van_der_horst today",
      ["#HannaLindqvist", "jan_van_der_horst"],
    ],
    ["finds misspelled names", "Hana Lindquist in the rain", ["Hana Lindquist"]],
    ["keeps hyphenated words together", "Hanna Lindqvist-Ros sings", ["Hanna Lindqvist-Ros"]],
    ["finds a name with an unusual capital", "A chair by smallWorks", ["smallWorks"]],
    ["does not take a common word for a name", "The boat in May 1931. May is warm, and they may go", []],
  ])("%s: %s", async (_, text, expected) => {
    expect(await names(text)).toEqual(expected);
  });

  it.each([
    ["de", "Brandts Atelier, gemalt von Hanna Lindqvist", ["Brandts", "Hanna Lindqvist"]],
    ["de", "Die alte Hanna und der Mai", []],
    ["de", "Die Tochter des Malers Edwin Brandts", ["Edwin Brandts"]],
    ["de", "Ausstellung der Malerin Lindqvist", ["Lindqvist"]],
    ["ru", "Портрет Бориса Лескова работы Лесковой", ["Бориса Лескова", "Лесковой"]],
    ["ru", "Институт Лескова в Москве", ["Институт Лескова"]],
    ["cs", "Výstava Karla Dvorského", ["Karla Dvorského"]],
    ["tr", "Deniz Tekinalp'in evi", ["Deniz Tekinalp'in"]],
    ["zh", "画家于红梅的展览", ["于红梅"]],
    ["ar", "لوحة وسليمان الحداد في القاهرة", ["وسليمان الحداد"]],
    ["ko", "이은솔의 노래", ["이은솔"]],
    ["fr", "Portrait d’Hanna Lindqvist à Kuala Verde", ["Hanna Lindqvist", "Kuala Verde"]],
  ])("finds inflected names in %s: %s", async (language, text, expected) => {
    expect(await names(text, language)).toEqual(expected);
    expect(await names(text)).toEqual(expected);
  });

  it.each([
    ["Ханна Линдквист на пляже", ["Ханна Линдквист"]],
    ["Χάννα Λίντκβιστ στην Αθήνα", ["Χάννα Λίντκβιστ"]],
    ["صورة كارل دفورسكي", ["كارل دفورسكي"]],
  ])("finds names in another script: %s", async (text, expected) => {
    expect(await names(text)).toEqual(expected);
  });

  it.each([
    ["a name", "Hanna Lindqvist ".repeat(2_000)],
    ["brackets", "Ab (".repeat(25_000)],
    ["initials", "J. ".repeat(33_000)],
    ["hyphens", "Ab-".repeat(33_000)],
    ["ideographs", "于红梅在海边".repeat(16_000)],
    ["unknown names", Array.from({ length: 12_000 }, (_, index) => `Xa${index.toString(36)}`).join(" ")],
  ])(
    "takes bounded time for a long text: %s",
    async (_, text) => {
      const { mentions } = await detect(text);
      expect(mentions.length).toBeLessThanOrEqual(MAX_MENTIONS);
    },
    120_000,
  );

  it("sets the type person after a title", async () => {
    const { mentions } = await detect("Mrs. Lindqvist in Brennock");
    expect(mentions.map(({ text, type }) => [text, type])).toEqual([
      ["Lindqvist", "person"],
      ["Brennock", undefined],
    ]);
  });

  it("returns the language in which only known names are detected", async () => {
    expect((await detect("ein Boot", "de-AT")).onlyKnown).toBe("de");
    expect((await detect("лодка")).onlyKnown).toBe("und");
    expect(await detect("a boat")).not.toHaveProperty("onlyKnown");
  });

  it("finds every name of the base in a text, whatever is around it", async () => {
    const around = fc.constantFrom("", "with ", "Portrait of ", "Dr. ", "1931: ", "“", "next to ");
    const after = fc.constantFrom("", ", 1931", " in the rain", "'s boat", ".", "”", ";", " (left)");
    const label = fc.constantFrom(
      ...base.filter(({ label }) => /^\p{Lu}.* /u.test(label)).map(({ label }) => label),
    );
    await fc.assert(
      fc.asyncProperty(around, label, after, async (before, name, rest) => {
        const { mentions } = await detect(`${before}${name}${rest}`);
        expect(mentions.map(({ text }) => text)).toContain(name);
      }),
      { numRuns: 200 },
    );
  });

  it("returns exact spans that do not overlap, for any text", async () => {
    const words = fc.constantFrom(
      ..."Hanna Lindqvist Lindqvists van der Horst HORST Dr. T. A. Rill née Jr. III and , . : - 's \n 于红梅 의 이은솔 الحداد Лескова May the".split(
        " ",
      ),
    );
    const texts = fc
      .array(words, { maxLength: 16 })
      .chain((list) => fc.constantFrom(list.join(" "), list.join("")));
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(undefined, "de", "ru", "en"), async (text, language) => {
        let from = 0;
        for (const { text: name, span } of (await detect(text, language)).mentions) {
          expect(name.trim()).not.toBe("");
          expect(text.slice(span!.start, span!.end)).toBe(name);
          expect(span!.start).toBeGreaterThanOrEqual(from);
          from = span!.end;
        }
      }),
      { numRuns: 200 },
    );
  });
});
