import { describe, expect, it } from "vitest";
import { createCandidateSource } from "../../src/candidates/index.js";
import { ask, labels, named } from "./names.js";

const people = [
  "John Kerry",
  "Bob Kerrey",
  "Teresa Heinz",
  "John F. Kennedy",
  "Jacqueline Kennedy Onassis",
  "William Jefferson Clinton",
  "Hillary Clinton",
  "Barack Obama",
  "Vincent van Gogh",
  "Charles de Gaulle",
  "Otto von Bismarck",
  "Osama bin Laden",
  "Martin Luther King Jr.",
  "Martin Luther",
  "George W. Bush",
  "Fred (footballer, born 1979)",
  "Fred Astaire",
  "Kim Jong-un",
  "Choi Soo-young",
  "Pope Francis",
  "Francis Condon",
  "Elizabeth II",
  "Judi Dench",
  "Stephen Hawking",
  "Colin Powell",
  "Arthur Wellesley, 1st Duke of Wellington",
  "Frédéric Chopin",
  "Łukasz Fabiański",
  "Sinéad O'Connor",
  "محمد المنصف المرزوقي",
  "Μελίνα Μερκούρη",
  "Владимир Высоцкий",
  "毛泽东",
  "🐼",
  "C++",
  "Friedrich Dürrenmatt",
  "Konrad Duden",
  "Rigoberta Menchú",
  "Pyotr Tchaikovsky",
  "Fabbrica Italiana Automobili Torino",
  "黒沢明",
].map((label, at) => named(`Q${at}`, label));

describe.each([true, false])("the first candidate with exact: %s", (exact) => {
  const source = createCandidateSource(people, { exact });
  it.each([
    ["a surname", "Obama", "Barack Obama"],
    ["an initial", "J. Kerry", "John Kerry"],
    ["an initial without a full stop", "B Kerrey", "Bob Kerrey"],
    ["initials only", "J.F.K.", "John F. Kennedy"],
    ["an abbreviation", "JFK", "John F. Kennedy"],
    ["an abbreviation without the suffix", "MLK", "Martin Luther King Jr."],
    ["a title", "Sen. Kerry", "John Kerry"],
    ["another title", "Mr. Obama", "Barack Obama"],
    ["two titles", "former President Bush", "George W. Bush"],
    ["a title of honour", "Dame Judi Dench", "Judi Dench"],
    ["an academic title", "Prof. Hawking", "Stephen Hawking"],
    ["a military title", "Gen. Powell", "Colin Powell"],
    ["a title in the mention and the label", "Pope Francis", "Pope Francis"],
    ["a title missing from the label", "Queen Elizabeth II", "Elizabeth II"],
    ["the surname first", "Kerry, John", "John Kerry"],
    ["a nickname", "Bill Clinton", "William Jefferson Clinton"],
    ["another nickname", "Jackie Kennedy", "Jacqueline Kennedy Onassis"],
    ["missing accents", "Frederic Chopin", "Frédéric Chopin"],
    ["a barred letter", "Lukasz Fabianski", "Łukasz Fabiański"],
    ["a misspelling", "Barak Obamma", "Barack Obama"],
    ["a misspelt surname", "Hawkings", "Stephen Hawking"],
    ["a particle", "van Gogh", "Vincent van Gogh"],
    ["a missing particle", "Gaulle", "Charles de Gaulle"],
    ["a particle in a full name", "Otto Bismarck", "Otto von Bismarck"],
    ["a patronymic particle", "Bin Laden", "Osama bin Laden"],
    ["a generational suffix", "Martin Luther King", "Martin Luther King Jr."],
    ["a name that is part of another with a suffix", "Martin Luther", "Martin Luther"],
    ["a label with a qualifier", "Fred", "Fred (footballer, born 1979)"],
    ["a qualifier in the mention", "Fred (footballer)", "Fred (footballer, born 1979)"],
    ["a different word order", "Jong-un Kim", "Kim Jong-un"],
    ["joined syllables", "Sooyoung", "Choi Soo-young"],
    ["split syllables", "Soo Young Choi", "Choi Soo-young"],
    ["a title of nobility", "Duke of Wellington", "Arthur Wellesley, 1st Duke of Wellington"],
    ["an apostrophe", "O’Connor", "Sinéad O'Connor"],
    ["a missing apostrophe", "Sinead OConnor", "Sinéad O'Connor"],
    ["a possessive", "Obama's", "Barack Obama"],
    ["capitals", "BARACK OBAMA", "Barack Obama"],
    ["the second letter of an umlaut", "Duerrenmatt", "Friedrich Dürrenmatt"],
    ["a genitive without an apostrophe", "Dudens", "Konrad Duden"],
    ["a genitive of both names", "Konrads Dudens", "Konrad Duden"],
    ["another transliteration", "Chaykovsky", "Pyotr Tchaikovsky"],
    ["a Cyrillic genitive", "Конрада Дудена", "Konrad Duden"],
    ["a Cyrillic genitive of a Cyrillic name", "Владимира Высоцкого", "Владимир Высоцкий"],
    ["old Japanese characters", "黑澤明", "黒沢明"],
    ["simplified characters with a space", "黑泽 明", "黒沢明"],
    ["an acronym", "FIAT", "Fabbrica Italiana Automobili Torino"],
    ["an acronym with full stops", "F.I.A.T.", "Fabbrica Italiana Automobili Torino"],
    ["Arabic", "المرزوقي", "محمد المنصف المرزوقي"],
    ["Arabic with harakat and tatweel", "المَرزوقـــي", "محمد المنصف المرزوقي"],
    ["Greek capitals without accents", "ΜΕΛΙΝΑ ΜΕΡΚΟΥΡΗ", "Μελίνα Μερκούρη"],
    ["Cyrillic", "Высоцкий", "Владимир Высоцкий"],
    ["Chinese", "毛泽东", "毛泽东"],
    ["an emoji", "🐼", "🐼"],
    ["a name with signs", "C++", "C++"],
  ])("handles %s: %s", async (_, mention, expected) => {
    expect((await labels(source, mention))[0]).toBe(expected);
  });

  it.each(["", " ", "...", "?!", "—", "\u0301", "()"])("is missing for %j", async (mention) => {
    expect(await labels(source, mention)).toEqual([]);
  });

  it("is found quickly even for a name of 10,000 characters or tokens", async () => {
    expect((await labels(source, `Barack Obama ${"x".repeat(10_000)}`))[0]).toBe("Barack Obama");
    expect(await labels(source, "Obama ".repeat(2_000))).toEqual([]);
    expect(await labels(source, "y".repeat(10_000))).toEqual([]);
  });
});

describe("createCandidateSource", () => {
  it("returns no candidates from an empty knowledge base", async () => {
    expect(await ask(createCandidateSource([]), "John Kerry")).toEqual([]);
  });

  it("finds names of 1,000 characters and ignores labels without letters", async () => {
    const long = `${"Ab".repeat(500)} Smith`;
    const source = createCandidateSource([
      named("a", long),
      named("b", "..."),
      named("c", "", { aliases: ["Li Na"] }),
    ]);
    expect((await ask(source, long))[0]?.nameScore).toBe(1);
    expect(await labels(source, "...")).toEqual([]);
    expect((await ask(source, "Li Na"))[0]).toMatchObject({
      entity: { id: "c" },
      matchedName: "Li Na",
      nameScore: 1,
    });
  });

  it("returns the matching name as the knowledge base spells it", async () => {
    const source = createCandidateSource([
      named("a", "Barack Obama", { aliases: ["Barack Hussein Obama II", "Barry"] }),
    ]);
    expect((await ask(source, "barry"))[0]?.matchedName).toBe("Barry");
    expect((await ask(source, "hussein obama"))[0]?.matchedName).toBe("Barack Hussein Obama II");
  });

  it("sorts more equal surnames than the limit by popularity, then id", async () => {
    const kerrys = Array.from({ length: 300 }, (_, at) =>
      named(
        `Q${1000 + at}`,
        `${String.fromCharCode(65 + (at % 26))}ohn${at} Kerry`,
        at % 3 === 0 ? { popularity: at } : {},
      ),
    );
    const list = await ask(createCandidateSource(kerrys), "Kerry");
    const byFame = kerrys.filter(({ popularity }) => popularity !== undefined).map(({ id }) => id);
    expect(list.map(({ entity }) => entity.id)).toEqual(byFame.reverse());
    expect(new Set(list.map(({ nameScore }) => nameScore)).size).toBe(1);
    const few = await ask(createCandidateSource(kerrys), "Mr Kerry", 120);
    expect(few.slice(100).map(({ entity }) => entity.id)).toEqual(
      kerrys
        .filter(({ popularity }) => popularity === undefined)
        .slice(0, 20)
        .map(({ id }) => id),
    );
  });

  it("returns an entity with many similar names once", async () => {
    const aliases = Array.from({ length: 200 }, (_, at) => `Kerry ${at}`);
    const source = createCandidateSource([named("a", "John Kerry", { aliases }), named("b", "Bob Kerry")]);
    expect((await ask(source, "Kerry", 2)).map(({ entity }) => entity.id).sort()).toEqual(["a", "b"]);
  });

  it("rejects duplicate ids", () => {
    expect(() => createCandidateSource([named("a", "x"), named("a", "y")])).toThrow(
      expect.objectContaining({ code: "DUPLICATE_ID" }),
    );
  });
});
