import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Caption, createRandom, type Entity } from "../../../src/core/index.js";
import { otherNames, renamePeople } from "../../../src/datasets/newsmel/rename.js";
import type { Resolved } from "../../../src/datasets/newsmel/resolve.js";
import { nameKey } from "../../../src/datasets/newsmel/resolve.js";
import { groupByKeys, leakKeys, splitGroups } from "../../../src/datasets/newsmel/split-captions.js";

const entity = (id: string, label: string, more: Partial<Entity> = {}): Entity => ({
  id,
  label,
  aliases: [],
  properties: {},
  images: [],
  ...more,
});

/** A caption that concatenates texts and people. */
function captionOf(id: string, ...parts: readonly (string | Entity)[]): Resolved {
  let text = "";
  const people = parts.flatMap((part): Resolved["people"] => {
    const start = text.length;
    text += typeof part === "string" ? part : part.label;
    if (typeof part === "string") return [];
    return [{ entity: part, mention: { text: part.label, span: { start, end: text.length } } }];
  });
  return { caption: { id, text, mentions: [] }, people };
}

const goldsOf = ({ mentions }: Caption) =>
  mentions.map(({ gold }) => (gold?.kind === "entity" ? gold.id : undefined));

const words = fc.stringMatching(/^[ \p{L}🚀]{0,12}$/u);

describe("otherNames", () => {
  it("returns aliases and nicknames in the same script that are not longer forms, and the family name", () => {
    const bill = entity("1", "William Jefferson Clinton", {
      aliases: [
        "Bill Clinton",
        "William Jefferson Blythe Clinton III",
        "the 42nd President",
        "Билл Клинтон",
        "BILL CLINTON",
      ],
      properties: { nickname: ["Slick Willie"] },
    });
    expect(otherNames(bill, "William Jefferson Clinton").map(({ text }) => text)).toEqual([
      "Bill Clinton",
      "the 42nd President",
      "Slick Willie",
      "Clinton",
    ]);
    expect(otherNames(bill, "Bill Clinton")).not.toContainEqual({ text: "Bill Clinton", kind: "alias" });
  });

  it("removes suffixes and qualifiers from the family name", () => {
    const family = (name: string) => otherNames(entity("1", name), name).map(({ text }) => text);
    expect(family("Martin Luther King, Jr.")).toEqual(["King"]);
    expect(family("Henry Ford II")).toEqual(["Ford"]);
    expect(family("Fred Stone (footballer, born 1979)")).toEqual(["Stone"]);
    expect(family("Sukarno")).toEqual([]);
  });
});

describe("renamePeople", () => {
  const people = Array.from({ length: 12 }, (_, index) =>
    entity(`e${index}`, `Given${index} Family${index}`, index % 2 === 0 ? { aliases: [`Nick${index}`] } : {}),
  );

  it("changes only the names and sets matching offsets", () => {
    const captions = fc.array(fc.array(fc.oneof(words, fc.constantFrom(...people)), { maxLength: 9 }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(captions, fc.nat(1000), (parts, seed) => {
        const resolved = parts.map((own, index) => captionOf(String(index), ...own));
        const renamed = renamePeople(resolved, createRandom(seed));
        renamed.forEach(({ caption, called }, index) => {
          const before = resolved[index]!;
          expect(goldsOf(caption)).toEqual(before.people.map(({ entity }) => entity.id));
          expect(called).toHaveLength(caption.mentions.length);
          let text = caption.text;
          [...caption.mentions].reverse().forEach(({ text: name, span }, from) => {
            expect(caption.text.slice(span!.start, span!.end)).toBe(name);
            const full = before.people.at(-1 - from)!.mention.text;
            text = text.slice(0, span!.start) + full + text.slice(span!.end);
          });
          expect(text).toBe(before.caption.text);
          for (const name of new Set(caption.mentions.map((mention) => nameKey(mention.text)))) {
            const whose = caption.mentions.flatMap((mention, position) =>
              nameKey(mention.text) === name ? [goldsOf(caption)[position]] : [],
            );
            expect(new Set(whose).size).toBe(1);
          }
        });
      }),
    );
  });

  it("renames half of the people, consistently within a caption", () => {
    const resolved = Array.from({ length: 400 }, (_, index) => {
      const [first, second] = [people[index % 12]!, people[(index + 5) % 12]!];
      return captionOf(String(index), first, " with ", second, " and again ", first);
    });
    const renamed = renamePeople(resolved, createRandom(1));
    const changed = renamed.flatMap(({ called }) => called.slice(0, 2)).filter((kind) => kind !== "full");
    expect(changed.length).toBe(400);
    expect(new Set(changed)).toEqual(new Set(["alias", "family"]));
    for (const { called, caption } of renamed) {
      expect(called[2]).toBe(called[0]);
      expect(caption.mentions[2]!.text).toBe(caption.mentions[0]!.text);
    }
  });

  it("keeps a full name that also occurs outside the mentions", () => {
    const [person] = people as [Entity, ...Entity[]];
    const captions = Array.from({ length: 20 }, (_, index) =>
      captionOf(String(index), person, ` as GIVEN0 family0 in 1950`),
    );
    for (const { called } of renamePeople(captions, createRandom(2))) expect(called).toEqual(["full"]);
  });
});

describe("groupByKeys, splitGroups and leakKeys", () => {
  it("keep captions with a common key together and use every caption once", () => {
    const keys = fc.array(fc.array(fc.nat(30).map(String), { maxLength: 3 }), { maxLength: 60 });
    fc.assert(
      fc.property(keys, fc.nat(100), (all, seed) => {
        const splits = splitGroups(groupByKeys(all), createRandom(seed));
        const lists = Object.values(splits);
        expect(lists.flat().sort((a, b) => a - b)).toEqual(all.map((_, index) => index));
        const holders = new Map<string, Set<number>>();
        lists.forEach((list, split) => {
          for (const index of list)
            for (const key of all[index]!) holders.set(key, (holders.get(key) ?? new Set()).add(split));
        });
        for (const held of holders.values()) expect(held.size).toBe(1);
      }),
    );
  });

  it("split 7:1:2 if the groups are small", () => {
    const splits = splitGroups(
      Array.from({ length: 1000 }, (_, index) => [index]),
      createRandom(1),
    );
    expect(Object.values(splits).map(({ length }) => length)).toEqual([700, 100, 200]);
  });

  it("compare texts without names and digits if enough words remain", () => {
    const [ann, bob] = [entity("1", "Ann Lee"), entity("2", "Bob Ray")];
    const keysOf = (resolved: Resolved, ...more: ["text" | "entity", string | undefined]) =>
      leakKeys(resolved, { caption: resolved.caption }, ...more);
    const key = (person: Entity, text: string) => keysOf(captionOf("1", person, text), "text", undefined)[0];
    const sentence = (year: number) => ` waving to the crowd from the balcony in ${year}`;
    expect(key(ann, sentence(1950))).toEqual(key(bob, sentence(1960)));
    expect(key(ann, " in London")).not.toEqual(key(bob, " in London"));
    expect(keysOf(captionOf("1", ann, " in London"), "entity", "ab")).toEqual([
      "text ann lee in london",
      "written ann lee in london",
      "picture ab",
      "entity 1",
    ]);
  });
});
