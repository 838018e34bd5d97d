import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CandidateSource, createCandidateSource } from "../../src/candidates/index.js";
import { createLinker } from "../../src/linker/index.js";
import { consonants, fold, romanise } from "../../src/names/index.js";
import { CROSS_SCRIPT_NAMES, LATER_NAMES, SCRIPTS } from "./cross-script-names.js";
import { crossScriptPeople } from "./cross-script-people.js";
import { ask, labels, named } from "./names.js";

const WAYS = SCRIPTS.flatMap((from, a) => SCRIPTS.flatMap((to, b) => (a === b ? [] : [{ from, to, a, b }])));

type Names = typeof CROSS_SCRIPT_NAMES;

/** How many names in column `a` have their entity among the first candidates. */
async function foundIn(source: CandidateSource, names: Names, a: number, first = 100): Promise<number> {
  const lists = await source.candidates(
    names.map((own) => own[a]!),
    first,
  );
  return lists.filter((list, at) => list.some(({ entity }) => entity.id === `own-${at}`)).length;
}

/** The same among the named entities alone, labelled with column `b`. */
const found = (names: Names, a: number, b: number, first?: number): Promise<number> =>
  foundIn(createCandidateSource(names.map((own, at) => named(`own-${at}`, own[b]!))), names, a, first);

describe.each(WAYS)("names in $from script find entities in $to", ({ a, b }) => {
  it("for all but exonyms, the best candidate at that", async () => {
    expect(await found(CROSS_SCRIPT_NAMES, a, b, 1)).toBeGreaterThanOrEqual(100); // of 104
    expect(await found(CROSS_SCRIPT_NAMES, a, b)).toBeGreaterThanOrEqual(103);
  });

  it("for names that the rules were not made with", async () => {
    expect(await found(LATER_NAMES, a, b)).toBeGreaterThanOrEqual(37); // of 40
  });
});

describe("of 5,000 generated people, each sound spelled by chance in one of its ways,", () => {
  const people = crossScriptPeople(5000, 1);
  const asked = people.slice(0, 300);

  it.each(SCRIPTS)("those with names in %s script are found by their names in the others", async (to) => {
    const b = SCRIPTS.indexOf(to);
    const source = createCandidateSource(people.map((own, at) => named(`own-${at}`, own[b]!)));
    for (const { a } of WAYS.filter((way) => way.to === to)) {
      expect(await foundIn(source, asked, a, 1)).toBeGreaterThanOrEqual(280); // of 300
      expect(await foundIn(source, asked, a)).toBeGreaterThanOrEqual(294);
    }
  });
});

const wikimel = join(process.env.MMEL_SHARED ?? "../shared/data", "wikimel", "qid2ne.json");
describe.skipIf(!existsSync(wikimel))(
  "among 18,880 other people with Latin names (skipped without ../shared/data/wikimel)",
  () => {
    const people = () =>
      Object.entries<string>(JSON.parse(readFileSync(wikimel, "utf8"))).map(([id, label]) =>
        named(id, label),
      );

    it.each(["latin", "arabic"] as const)(
      "entities in %s script are found by names in the others",
      async (to) => {
        const own = CROSS_SCRIPT_NAMES.map((names, at) => named(`own-${at}`, names[SCRIPTS.indexOf(to)]!));
        const source = createCandidateSource([...own, ...people()]);
        for (const { a } of WAYS.filter((way) => way.to === to))
          expect(await foundIn(source, CROSS_SCRIPT_NAMES, a)).toBeGreaterThanOrEqual(101); // of 104
      },
    );
  },
);

describe("the sounds of a word", () => {
  const shared = (keys: (word: string) => readonly string[], words: readonly string[]): string[] => {
    const [first, ...others] = words.map((word) => keys(fold(word)));
    return first!.filter((key) => others.every((other) => other.includes(key)));
  };

  it.each([
    ["putin", ["Putin", "Путин", "Πούτιν"]],
    ["gorki", ["Gorki", "Gorky", "Горький"]],
    ["alesa", ["Alesha", "Алёша", "Алеша"]],
    ["harkov", ["Kharkov", "Харьков"]],
    ["zukov", ["Zhukov", "Жуков"]],
    ["Cehov", ["Chekhov", "Чехов"]],
    ["bus", ["Bush", "Буш", "Μπους"]],
    ["hitler", ["Hitler", "Гитлер", "Χίτλερ"]],
    ["dali", ["Dali", "Дали", "Νταλί"]],
    ["darvin", ["Darwin", "Дарвин", "Δαρβίνος"]],
    ["gandi", ["Gandhi", "Ганди", "Γκάντι"]],
    ["iakov", ["Yakov", "Jakov", "Яков", "Γιάκοβ"]],
  ])("%s", (sound, words) => {
    expect(shared(romanise, words)).toContain(sound);
  });

  it.each([
    ["mhmd", ["Mohamed", "Muhammad", "Мохамед", "Μοχάμεντ", "محمد"]],
    ["ftm", ["Fatima", "Fatimah", "Фатима", "Φατίμα", "فاطمة"]],
    ["sd", ["Assad", "Асад", "Άσαντ", "الأسد", "أسد"]],
    ["lbrt", ["Albert", "Альберт", "Άλμπερτ", "ألبرت"]],
    ["mrsk", ["Marzouki", "Марзуки", "Μαρζούκι", "المرزوقي"]],
    ["btn", ["Putin", "Путин", "Πούτιν", "بوتين"]],
  ])("and its consonants: %s", (skeleton, words) => {
    expect(shared(consonants, words)).toContain(skeleton);
  });

  it("is a text without doubled letters, or nothing, for every word", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        for (const word of fold(text).split(" "))
          for (const key of [...romanise(word), ...consonants(word)]) {
            expect(key).not.toBe("");
            expect(key).not.toMatch(/(.)\1/u);
          }
      }),
    );
  });

  it("is not made up for scripts that are not transliterated", () => {
    for (const word of ["東京", "서울", "תל", "दिल्ली", "2pac", ""]) expect(romanise(word)).toEqual([]);
  });
});

describe("names across scripts", () => {
  const bush = named("1", "George Bush", { aliases: ["Τζορτζ Μπους"] });
  const others = [named("2", "Джордж Буш"), named("3", "جورج بوش"), named("4", "Τζορτζ Μπους")];

  it("put the name as it is written first, one from another script after it", async () => {
    const source = createCandidateSource([...others, bush]);
    for (const name of ["George Bush", "Джордж Буш", "جورج بوش"]) {
      const [first, ...rest] = await ask(source, name);
      expect([first!.nameScore, first!.matchedName]).toEqual([1, name]);
      expect(rest.map(({ entity }) => entity.id)).toHaveLength(3);
      for (const { nameScore } of rest) expect(nameScore).toBeLessThan(0.97);
    }
    expect(
      (await ask(source, "Τζορτζ Μπους"))
        .map(({ entity }) => entity.id)
        .slice(0, 2)
        .sort(),
    ).toEqual(["1", "4"]);
  });

  it("are compared by their sounds: the parts of the score tell how much they are alike", async () => {
    const source = createCandidateSource([named("1", "Владимир Путин")]);
    const [{ names } = {}] = await ask(source, "Vladimir Putin");
    expect(names).toEqual({ subsequence: 1, prefix: 1, edit: 1 });
  });

  it("leave what Latin names find among Latin names as it was", async () => {
    const latin = CROSS_SCRIPT_NAMES.map((own, at) => named(`latin-${at}`, own[0]!));
    const greek = CROSS_SCRIPT_NAMES.map((own, at) => named(`greek-${at}`, own[2]!));
    const [alone, together] = [createCandidateSource(latin), createCandidateSource([...latin, ...greek])];
    for (const [name] of CROSS_SCRIPT_NAMES.slice(0, 20)) {
      const own = (await ask(together, name!, 300)).filter(({ entity }) => entity.id.startsWith("latin"));
      expect(own).toEqual(await ask(alone, name!, 300));
    }
  });

  it("link captions in one script to a knowledge base in another", async () => {
    const kb = CROSS_SCRIPT_NAMES.map((own, at) => named(`own-${at}`, own[0]!));
    await using linker = await createLinker({ kb, model: "lexical" });
    const mentions = ["Ангела Меркель", "Барак Обама"].map((text) => ({ text }));
    const caption = { id: "1", text: "Ангела Меркель и Барак Обама, 2015", language: "ru", mentions };
    const linked = (await linker.link(caption)).mentions.map(({ entity }) => entity?.label);
    expect(linked).toEqual(["Angela Merkel", "Barack Obama"]);
    expect(await labels(createCandidateSource(kb), "مرزوقي", 1)).toEqual(["Moncef Marzouki"]);
  });
});
