import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CaptionLinks, Entity, MentionLink, Span } from "../../src/core/index.js";
import {
  annotationPageSchema,
  displacySchema,
  linkLines,
  linksToAnnotations,
  linksToDisplacy,
} from "../../src/formats/index.js";

const pieces = ["a", "é", "e\u0301", "😀", "👨‍👩‍👧", "🇬🇪", "ا", "中", " ", "\u0301", "𝒳", "\n", "<b>"];
const entity = (id: string, url?: string) => ({
  id,
  label: `L ${id}`,
  aliases: [],
  properties: {},
  images: [],
  ...(url !== undefined && { url }),
});
const linksOf = (id: string, mentions: readonly MentionLink[]): CaptionLinks => ({
  id,
  mentions,
  model: "toy@1",
  kb: "small@2",
});

const mentionOf = (text: string, place: Partial<Span>, to: Entity | null): MentionLink => ({
  text,
  ...place,
  ...(to === null ? { outcome: "nil", entity: to } : { outcome: "linked", entity: to }),
  probability: null,
  candidates: [],
});

/** A text with mentions at random places, cut between code points. */
const linked = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).chain((parts) => {
  const text = parts.join("");
  const at = [0];
  for (const character of text) at.push(at.at(-1)! + character.length);
  const place = fc.constantFrom(...at);
  const mention = fc.tuple(place, place, fc.boolean()).map(([a, b, nil]): MentionLink => {
    const span = { start: Math.min(a, b), end: Math.max(a, b) };
    return mentionOf(text.slice(span.start, span.end) || "x", span, nil ? null : entity("Q1"));
  });
  return fc.record({ text: fc.constant(text), mentions: fc.array(mention, { maxLength: 8 }) });
});

/** The result of `text[start:end]` in Python. */
const sliced = (text: string, { start, end }: { start: number; end: number }): string =>
  [...text].slice(start, end).join("");

describe("linksToDisplacy", () => {
  it("counts code points and returns ordered, disjoint spans", () => {
    fc.assert(
      fc.property(linked, ({ text, mentions }) => {
        const { ents, ...rest } = displacySchema.parse(linksToDisplacy(linksOf("1", mentions), text));
        expect(rest).toEqual({ text, title: "1" });
        const texts = mentions.map((mention) => mention.text);
        for (const ent of ents) expect(texts).toContain(sliced(text, ent));
        for (const [at, { start }] of ents.entries())
          if (at > 0) expect(start).toBeGreaterThanOrEqual(ents[at - 1]!.end);
      }),
    );
  });

  it("returns all mentions that do not overlap, with id and URL, and NIL by name", () => {
    const text = "😀 Bank of England, e\u0301 May";
    const mention = (word: string, to: Entity | null): MentionLink => {
      const start = text.indexOf(word);
      return mentionOf(word, { start, end: start + word.length }, to);
    };
    const bank = entity("Q183231", "https://example.org/bank");
    const { ents } = linksToDisplacy(
      linksOf("1", [
        mention("May", null),
        mention("England", null),
        mention("Bank of England", bank),
        mentionOf("elsewhere", {}, null),
      ]),
      text,
    );
    expect(ents).toEqual([
      { start: 2, end: 17, label: "L Q183231", kb_id: "Q183231", kb_url: "https://example.org/bank" },
      { start: 22, end: 25, label: "NIL", kb_id: "", kb_url: "#" },
    ]);
  });
});

/** Captions whose mentions have no offsets, and the parts of the text that the output should mark. */
const WITHOUT_OFFSETS: readonly (readonly [string, readonly MentionLink[], readonly string[]])[] = [
  [
    "😀 Franz met Anna",
    [mentionOf("Anna", {}, null), mentionOf("Franz", {}, entity("Q1"))],
    ["Franz", "Anna"],
  ],
  [
    "Ann, Annie and Ann",
    [mentionOf("Ann", { start: 0, end: 3 }, null), mentionOf("Ann", {}, null)],
    ["Ann", "Ann"],
  ],
  ["Ann", [mentionOf("Bob", {}, null), mentionOf("Ann", {}, null)], ["Ann"]],
];

describe("mentions without offsets", () => {
  it.each(WITHOUT_OFFSETS)("are located in %s", async (text, mentions, marked) => {
    const links = linksOf("7", mentions);
    const { ents } = linksToDisplacy(links, text);
    expect(ents.map((ent) => sliced(text, ent))).toEqual(marked);
    const places = linksToAnnotations(links, text).items.flatMap(({ target: { selector } }) =>
      selector.flatMap((one) => (one.type === "TextPositionSelector" ? [sliced(text, one)] : [])),
    );
    expect(places.sort()).toEqual([...marked].sort());

    for (const format of ["displacy", "webannotation"] as const) {
      const lost: [string, number][] = [];
      const onUnplaced = (id: string, count: number) => lost.push([id, count]);
      const offsets = { unit: "utf16", textOf: () => text } as const;
      for await (const line of linkLines([links], { format, offsets, onUnplaced }))
        expect(line).toContain("7");
      expect(lost).toEqual(marked.length < mentions.length ? [["7", 1]] : []);
    }
  });

  it("are located in linear time, in a text that repeats a name", () => {
    const mentions = Array.from({ length: 1000 }, () => mentionOf("aa", {}, null));
    expect(linksToDisplacy(linksOf("1", mentions), "a".repeat(500_000)).ents).toHaveLength(50);
  });
});

describe("linksToAnnotations", () => {
  it("selects each mention by position and by quotation, in code points", () => {
    fc.assert(
      fc.property(linked, ({ text, mentions }) => {
        const page = annotationPageSchema.parse(linksToAnnotations(linksOf("1", mentions), text));
        expect(page.items).toHaveLength(mentions.length);
        for (const [at, { target }] of page.items.entries()) {
          const [position, quote] = target.selector;
          if (position?.type !== "TextPositionSelector" || quote?.type !== "TextQuoteSelector")
            throw new Error("selectors");
          const { start, end } = mentions[at]!;
          expect(sliced(text, position)).toBe(text.slice(start, end));
          expect(quote.exact).toBe(sliced(text, position));
          expect(text).toContain(`${quote.prefix}${quote.exact}${quote.suffix}`);
          expect(`${quote.prefix}${quote.exact}${quote.suffix}`).not.toMatch(/\p{Surrogate}/u);
        }
      }),
    );
  });

  it("identifies entities without URL by an escaped URN", () => {
    const mention = (to: Entity | null) => mentionOf("x", { start: 0, end: 1 }, to);
    const page = linksToAnnotations(
      linksOf("a/b c", [
        { ...mention(entity("x#y")), probability: 0.5 },
        mention(entity("z", "https://example.org/z")),
        mention(null),
      ]),
      "x",
    );
    expect(page.id).toBe("urn:mmel:caption:a%2Fb%20c:annotations");
    const [first, second, third] = page.items;
    expect(first!.body).toEqual([
      { type: "SpecificResource", purpose: "identifying", source: "urn:mmel:entity:small:x%23y" },
      { type: "TextualBody", purpose: "describing", value: "L x#y" },
    ]);
    expect(first!.probability).toBe(0.5);
    expect(second).not.toHaveProperty("probability");
    expect(second!.body[0]).toMatchObject({ source: "https://example.org/z" });
    expect(third!.body).toEqual([{ type: "TextualBody", purpose: "tagging", value: "NIL" }]);
    expect(new Set(page.items.map(({ id }) => id)).size).toBe(3);
  });
});

describe("linkLines", () => {
  it.each([
    ["displacy", displacySchema],
    ["webannotation", annotationPageSchema],
  ] as const)("writes one line per caption as %s", async (format, schema) => {
    const links = ["1", "2"].map((id) => linksOf(id, []));
    const lines: string[] = [];
    const offsets = { unit: "utf16", textOf: (id: string) => `text ${id}` } as const;
    for await (const line of linkLines(links, { format, offsets })) lines.push(line);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(schema.parse(JSON.parse(line))).toEqual(JSON.parse(line));
  });
});
