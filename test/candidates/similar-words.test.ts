import { describe, expect, it } from "vitest";
import { createSimilarWords } from "../../src/candidates/server/similar.js";
import { likenessAcross } from "../../src/candidates/transliterate/likeness-across.js";
import { fold } from "../../src/core/index.js";
import type { NameIndex } from "../../src/kb/store.js";

/** A server's dictionary as far as words are looked up in it: what shares two letters in a row with a word is similar. */
function dictionary(words: readonly string[]): NameIndex {
  const pairs = (word: string) => Array.from(word.slice(1), (letter, at) => `${word[at]}${letter}`);
  return {
    tokens: async (exact: readonly string[], similar: readonly string[]) =>
      words
        .filter(
          (token) =>
            exact.includes(token) || similar.some((word) => pairs(word).some((two) => token.includes(two))),
        )
        .map((token) => ({ token, entities: 1 })),
  } as unknown as NameIndex;
}

describe("words that a server's dictionary has in Latin script", () => {
  it.each([
    ["Путин", "putin"],
    ["Чехов", "chekhov"],
    ["Πούτιν", "putin"],
    ["Τσέχωφ", "chekhov"],
    ["Μπους", "bush"],
  ])("are found for %s", async (name, expected) => {
    const words = createSimilarWords(dictionary(["putin", "putnam", "chekhov", "bush", "brahms", "путник"]));
    const word = fold(name);
    await words.load([word]);
    const [best] = words.of(word);
    expect(best?.token).toBe(expected);
    expect(best?.sim).toBe(likenessAcross(word, expected));
    expect(best?.sim).toBeGreaterThan(0.6);
  });

  it("are as similar to a Latin word as their letters say", async () => {
    const words = createSimilarWords(dictionary(["putin", "putnam"]));
    await words.load(["putin"]);
    expect(words.of("putin").map(({ token }) => token)).toEqual(["putin", "putnam"]);
    expect(words.of("putin")[0]?.sim).toBe(1);
    expect(likenessAcross("putin", "putnam")).toBeUndefined();
  });
});
