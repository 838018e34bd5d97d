import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWordReader, fold, soundLikeness } from "../../src/names/index.js";

const WORDS = [
  "kowalczyk beauchamp whitfield jorgensen fairchild delacroix rousseau zhukova".split(" "),
  "ковальчик бошан уитфилд йоргенсен фэйрчайлд делакруа руссо жукова".split(" ").map(fold),
  "κοβάλτσικ μποσάν γουίτφιλντ γιόργκενσεν φέρτσαϊλντ ντελακρουά ρουσσώ ζούκοβα".split(" ").map(fold),
  "كوفالتشيك بوشان ويتفيلد يورغنسن فيرتشايلد ديلاكروا روسو جوكوفا".split(" ").map(fold),
] as const;
const word = fc.constantFrom(...WORDS.flat());

describe("soundLikeness", () => {
  it("is the same in both directions and in [0, 1], and 1 for the same word", () => {
    fc.assert(
      fc.property(fc.oneof(word, fc.string()), fc.oneof(word, fc.string()), (a, b) => {
        const like = soundLikeness(a, b);
        expect(like).toBeCloseTo(soundLikeness(b, a), 9);
        expect(like).toBeGreaterThanOrEqual(0);
        expect(like).toBeLessThanOrEqual(1);
      }),
    );
    for (const own of WORDS.flat()) expect(soundLikeness(own, own)).toBe(1);
  });

  it("is 0 for words in unsupported scripts", () => {
    for (const other of ["東京", "תל", "2pac", ""]) expect(soundLikeness("tokyo", other)).toBe(0);
  });

  it("is higher for the same name in another script than for any other name of the list", () => {
    for (const from of WORDS)
      for (const to of WORDS)
        from.forEach((own, at) => {
          const likes = to.map((other) => soundLikeness(own, other));
          expect(Math.max(...likes), `${own} ${to[at]}`).toBe(likes[at]);
        });
  });

  it.each([
    ["rousseau", "руссо"], // silent letters
    ["fairchild", "фэйрчайлд"],
    ["delacroix", "делакруа"],
    ["whitfield", "γουίτφιλντ"],
    ["rossi", "روسي"],
    ["peterson", "بيترسون"], // p as b, and vowels that are not written
  ])("is at least 0.8 for %s and %s", (latin, other) => {
    expect(soundLikeness(latin, fold(other))).toBeGreaterThanOrEqual(0.8);
  });

  it("compares vowels of Arabic words", () => {
    expect(soundLikeness("miller", "ميلر")).toBeGreaterThan(soundLikeness("moller", "ميلر"));
    expect(soundLikeness("malik", "مالك")).toBeGreaterThan(soundLikeness("melko", "مالك"));
  });

  it("makes words with almost the same sounds spellings, and with similar sounds typos", () => {
    expect(createWordReader(fold("Петерсон"))("peterson")).toEqual({ score: 0.95, kind: "spelling" });
    expect(createWordReader(fold("Петерсон"))("paterson").kind).not.toBe("none");
    expect(createWordReader(fold("Петерсон"))("patton").kind).toBe("none");
  });
});
