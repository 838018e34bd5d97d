import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Caption, createRandom, type Entity } from "../../src/core/index.js";
import { VARIATIONS } from "../../src/training/variation-rules.js";
import { rewriteMention, varied } from "../../src/training/variations.js";

const text = "Left: Anna Maria Müller with Jean Desroches, 1905";
const at = (name: string) => ({ start: text.indexOf(name), end: text.indexOf(name) + name.length });
const caption: Caption = {
  id: "1",
  text,
  mentions: ["Anna Maria Müller", "Jean Desroches"].map((name) => ({
    text: name,
    span: at(name),
    gold: { kind: "entity", id: name },
  })),
};
const entity: Entity = {
  id: "1",
  label: "Anna Maria Müller",
  aliases: [],
  images: [],
  properties: { birth: ["1870, Ulm"], death: ["1931"], occupation: ["painter"] },
};
const rule = (name: string) => {
  const found = VARIATIONS.find((variation) => variation.name === name);
  if (found === undefined) throw new Error(`there is no rule "${name}"`);
  return found;
};
const rewritten = (name: string): string | undefined =>
  rewriteMention(caption, 0, rule(name), createRandom(1), entity)?.text;

describe("VARIATIONS", () => {
  it.each([
    ["inverted", "Müller, Anna Maria"],
    ["library heading", "Müller, Anna Maria, 1870-1931"],
    ["English genitive", "Anna Maria Müller’s"],
    ["capitals", "ANNA MARIA MÜLLER"],
    ["no accents", "Anna Maria Muller"],
    ["ae for ä", "Anna Maria Mueller"],
    ["broken encoding", "Anna Maria MÃ¼ller"],
    ["spaced out", "A n n a  M a r i a  M ü l l e r"],
    ["hashtag", "#AnnaMariaMüller"],
    ["years of life after the name", "Anna Maria Müller (1870–1931)"],
    ["initials and family name", "A. M. Müller"],
    ["first given name only", "Anna Müller"],
    ["family name", "Müller"],
    ["given name", "Anna Maria"],
  ])("%s writes %s", (name, expected) => {
    expect(rewritten(name)).toBe(`Left: ${expected} with Jean Desroches, 1905`);
  });

  it("do not take a generation for a family name", () => {
    const name = "Anna Maria Müller Jr.";
    const junior = {
      ...caption,
      text: name,
      mentions: [{ text: name, span: { start: 0, end: name.length } }],
    };
    for (const { name: rule_, rewrite: _, ...other } of VARIATIONS) {
      const result = rewriteMention(junior, 0, rule(rule_), createRandom(1), entity);
      expect(result?.text ?? "", `${rule_} ${JSON.stringify(other)}`).not.toMatch(/^Jr\.(?:,|$)/);
    }
  });

  it("have different names, and at least one changes each name", () => {
    expect(new Set(VARIATIONS.map(({ name }) => name)).size).toBe(VARIATIONS.length);
  });
});

describe("rewriteMention", () => {
  it("keeps every mention at its place in the text, and the gold annotations", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...VARIATIONS),
        fc.integer({ min: 0, max: 1 }),
        fc.nat(),
        (variation, mention, seed) => {
          const result = rewriteMention(caption, mention, variation, createRandom(seed), entity);
          if (result === undefined) return;
          const [first, second, again] = result.mentions;
          expect([first, second].map((one) => one?.gold)).toEqual(caption.mentions.map(({ gold }) => gold));
          expect(again?.gold ?? caption.mentions[mention]!.gold).toEqual(caption.mentions[mention]!.gold);
          for (const { text: name, span } of result.mentions)
            expect(result.text.slice(span!.start, span!.end)).toBe(name);
          expect(result).not.toEqual(caption);
        },
      ),
    );
  });

  it("adds a repeated family name as another mention", () => {
    const result = rewriteMention(caption, 0, rule("repeated family name"), createRandom(1));
    expect(result?.text).toMatch(/^Left: Anna Maria Müller with Jean Desroches, 1905\. Müller /);
    expect(result?.mentions.map(({ text: name }) => name)).toEqual([
      "Anna Maria Müller",
      "Jean Desroches",
      "Müller",
    ]);
  });

  it("removes the position of a mention that overlaps the rewritten one", () => {
    const nested: Caption = {
      ...caption,
      mentions: [caption.mentions[0]!, { text: "Müller", span: at("Müller") }],
    };
    const result = rewriteMention(nested, 0, rule("capitals"), createRandom(1));
    expect(result?.mentions[1]).toEqual({ text: "Müller" });
  });

  it("returns undefined for a mention without a position", () => {
    const unplaced: Caption = { ...caption, mentions: [{ text: "Anna Maria Müller" }] };
    expect(rewriteMention(unplaced, 0, rule("capitals"), createRandom(1))).toBeUndefined();
  });
});

it("varied gives the same result for the same seed", () => {
  const draw = () => varied(caption, () => entity, createRandom("seed"));
  expect(draw()).toEqual(draw());
  expect(draw()?.caption.text).not.toBe(caption.text);
});
