import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Caption, Mention } from "../../../src/core/index.js";
import { withShortNames } from "../../../src/training/mmel/captions.js";

const word = fc.constantFrom("Ada", "Lovelace", "de", "Jr", "II", "Ōe", "O'Brien", "X", "😀");
const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(" "));
/** Alternating text and names; names have spans. */
const caption: fc.Arbitrary<Caption> = fc
  .array(fc.tuple(fc.string({ maxLength: 5 }), name), { maxLength: 5 })
  .map((parts) => {
    let text = "";
    const mentions = parts.map(([before, name]): Mention => {
      text += before;
      const start = text.length;
      text += name;
      return { text: name, span: { start, end: text.length }, gold: { kind: "entity", id: name } };
    });
    return { id: "c", text: `${text}.`, mentions };
  });

/** The text between the mentions. */
function between({ text, mentions }: Caption): string[] {
  const ends = [0, ...mentions.map(({ span }) => span!.end)];
  return ends.map((end, at) => text.slice(end, mentions[at]?.span?.start ?? text.length));
}

describe("withShortNames", () => {
  it("shortens mentions to their last words, with correct spans, and keeps gold and all other text", () => {
    fc.assert(
      fc.property(caption, fc.boolean(), (long, turned) => {
        const given = turned ? { ...long, mentions: long.mentions.toReversed() } : long;
        const short = withShortNames(given);
        if (short === undefined) return;
        expect(short.text.length).toBeLessThan(given.text.length);
        short.mentions.forEach(({ text, span, gold }, at) => {
          const before = given.mentions[at]!;
          expect(short.text.slice(span!.start, span!.end)).toBe(text);
          expect(before.text.endsWith(text)).toBe(true);
          expect(gold).toEqual(before.gold);
        });
        const inOrder = { ...short, mentions: turned ? short.mentions.toReversed() : short.mentions };
        expect(between(inOrder)).toEqual(between(long));
      }),
    );
  });

  const shortened = (text: string, ...names: string[]) => {
    const mentions = names.map((name) => ({
      text: name,
      span: { start: text.indexOf(name), end: text.indexOf(name) + name.length },
    }));
    return withShortNames({ id: "c", text, mentions })?.text;
  };

  it("shortens names to their last word, unless that is a suffix", () => {
    expect(shortened("Ada Lovelace with Charles Babbage, 1843", "Ada Lovelace", "Charles Babbage")).toBe(
      "Lovelace with Babbage, 1843",
    );
    expect(shortened("Kenzaburō Ōe in 2012", "Kenzaburō Ōe")).toBe("Ōe in 2012");
    expect(shortened("Elizabeth II", "Elizabeth II")).toBeUndefined();
    expect(shortened("Lovelace in 1840", "Lovelace")).toBeUndefined();
  });

  it("ignores names inside names, and names without a span", () => {
    expect(shortened("Bank of Ada Lovelace", "Bank of Ada Lovelace", "Ada Lovelace")).toBeUndefined();
    expect(
      withShortNames({ id: "c", text: "a portrait", mentions: [{ text: "Ada Lovelace" }] }),
    ).toBeUndefined();
  });
});
