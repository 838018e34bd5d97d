import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexNames } from "../../bench/pictographs/compose.js";
import { isNearlySame, render, sideBySide } from "../../bench/pictographs/draw.js";
import { splitIds } from "../../bench/pictographs/generate.js";
import { CLAUSES, fill, TEMPLATES } from "../../bench/pictographs/templates.js";
import { createRandom } from "../../src/core/index.js";
import { fold } from "../../src/names/index.js";

const svg = (body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="224" height="224" viewBox="0 0 16 16">${body}</svg>`;

describe("fill and TEMPLATES", () => {
  it("have each slot of a row exactly once", () => {
    for (const rows of Object.values(TEMPLATES)) {
      for (const [row, templates] of rows.entries()) {
        for (const template of templates) {
          const slots = [...template.matchAll(/\{(\d)\}/g)].map((match) => Number(match[1])).sort();
          expect(slots).toEqual(Array.from({ length: row + 1 }, (_, at) => at));
        }
      }
    }
    expect(new Set(Object.values(TEMPLATES).flat(2)).size).toBeGreaterThan(48);
    expect(CLAUSES.every((clause) => clause.includes("{h}"))).toBe(true);
  });

  it("produce correct spans for any names", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 });
    const rows = Object.values(TEMPLATES).flat().flat();
    fc.assert(
      fc.property(
        fc.constantFrom(...rows),
        fc.constantFrom("", ...CLAUSES),
        fc.tuple(name, name, name),
        name,
        (template, clause, names, hint) => {
          const count = [...template.matchAll(/\{\d\}/g)].length;
          const { text, mentions } = fill(template + clause, names.slice(0, count), hint);
          expect(mentions).toHaveLength(count);
          for (const [at, { text: mention, span }] of mentions.entries()) {
            expect(text.slice(span.start, span.end)).toBe(mention);
            expect(mention.toUpperCase()).toBe(names[at]!.toUpperCase());
          }
          if (clause !== "") expect(text.slice(-clause.length - hint.length)).toContain(hint);
        },
      ),
    );
  });

  it("capitalise only the first letter", () => {
    expect(fill("{0} and {1}", ["swift", "python"])).toEqual({
      text: "Swift and python",
      mentions: [
        { text: "Swift", span: { start: 0, end: 5 } },
        { text: "python", span: { start: 10, end: 16 } },
      ],
    });
  });
});

describe("splitIds", () => {
  it("assigns each id to one split, 7:1:2, for any order of the ids", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 60 }), fc.nat(), (ids, seed) => {
        const splits = splitIds(ids, createRandom(seed));
        expect(splits.size).toBe(ids.length);
        expect(splitIds([...ids].reverse(), createRandom(seed))).toEqual(splits);
        const sizes = ["train", "dev", "test"].map(
          (part) => [...splits.values()].filter((one) => one === part).length,
        );
        for (const [at, share] of [0.7, 0.1, 0.2].entries())
          expect(Math.abs(sizes[at]! - share * ids.length)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("indexNames", () => {
  const entity = (id: string, label: string, ...aliases: string[]) => ({
    id,
    label,
    aliases,
    properties: {},
    images: [],
  });
  const many = Array.from({ length: 90 }, (_, at) =>
    entity(`${at}`, `thing ${at}`, "Everywhere", at < 5 ? "Café" : "x1"),
  );

  it("returns words shared by 5 to 80 entities, in any spelling", () => {
    const names = indexNames([...many, entity("crane", "crane", "CAFE")]);
    expect(names.holders("café")).toBe(6);
    expect(names.shared(many[0]!)).toEqual(["Café"]);
    expect(names.shared(many[80]!)).toEqual([]);
    expect(names.has(many[0]!, fold("cafe"))).toBe(true);
    expect(names.has(many[9]!, "cafe")).toBe(false);
  });
});

describe("render", () => {
  const disc = (fill: string, r: number) => svg(`<circle cx="8" cy="8" r="${r}" fill="${fill}"/>`);

  it("gives nearly the same picture for other margins, but not for another shade or shape", async () => {
    const [large, small, pale] = await Promise.all(
      [disc("#a00", 8), disc("#a00", 5), disc("#fc8", 8)].map(render),
    );
    const square = await render(svg('<path d="M0 0h16v16h-16z M4 4v8h8v-8z" fill="#a00"/>'));
    expect(isNearlySame(large!, small!)).toBe(true);
    expect(isNearlySame(large!, pale!)).toBe(false);
    expect(isNearlySame(large!, square!)).toBe(false);
  });

  it("returns undefined for drawings that are unreadable or invisible on white", async () => {
    expect(await render(svg(""))).toBeUndefined();
    expect(await render(disc("#fff", 8))).toBeUndefined();
    expect(await render("<svg>no end")).toBeUndefined();
  });

  it("is deterministic and derives the file name from the content", async () => {
    const [a, b, c] = await Promise.all([disc("#a00", 8), disc("#a00", 8), disc("#0a0", 8)].map(render));
    expect(b!.png.equals(a!.png)).toBe(true);
    expect(b!.file).toBe(a!.file);
    expect(c!.file).not.toBe(a!.file);
    const [pair, swapped] = await Promise.all([sideBySide([a!.png, c!.png]), sideBySide([c!.png, a!.png])]);
    expect(pair.file).not.toBe(swapped.file);
  });
});
