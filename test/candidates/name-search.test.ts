import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCandidateSource } from "../../src/candidates/index.js";
import { entities, named } from "./names.js";

const source = createCandidateSource([
  named("1", "Hanna Lindqvist"),
  named("2", "Lindqvist Museum of Glass"),
  named("3", "Glass"),
  named("4", "Orla (singer)"),
  named("5", "International Harbour Board"),
  named("6", "于红梅"),
  named("7", "Boris Kamenev", { aliases: ["Борис Каменев"] }),
  named("8", "Reykja"),
]);

const found = async (text: string) =>
  (await source.namesIn(text))
    .filter(({ kind }) => kind !== "given")
    .map(({ start, end, kind, inflected, holders }) => [
      text.slice(start, end),
      inflected ? `inflected ${kind}` : kind,
      holders.map(({ name }) => name).join("; "),
    ]);

describe("namesIn", () => {
  it("finds complete names and family names", async () => {
    expect(await found("with hanna LINDQVIST.")).toEqual([
      ["hanna LINDQVIST", "name", "Hanna Lindqvist"],
      ["LINDQVIST", "family", "Hanna Lindqvist"],
    ]);
  });

  it("finds all names that begin at a word", async () => {
    expect(await found("The Lindqvist Museum of Glass")).toEqual([
      ["Lindqvist", "family", "Hanna Lindqvist"],
      ["Lindqvist Museum of Glass", "name", "Lindqvist Museum of Glass"],
      ["Museum", "family", "Lindqvist Museum of Glass"],
      ["Glass", "name", "Glass"],
      ["Glass", "family", "Lindqvist Museum of Glass"],
    ]);
  });

  it("finds a name without its qualifier in brackets", async () => {
    expect(await found("Orla at sea")).toEqual([["Orla", "name", "Orla (singer)"]]);
  });

  it.each([
    ["Каменева", [["Каменева", "inflected family", "Борис Каменев"]]],
    ["IHB", [["IHB", "acronym", "International Harbour Board"]]],
    ["画家于红梅的展览", [["于红梅", "name", "于红梅"]]],
    ["畫家於紅梅的展覽", [["於紅梅", "name", "于红梅"]]],
    ["Reyk- ja", [["Reyk- ja", "name", "Reykja"]]],
  ])(
    "finds inflected names, acronyms, names in unspaced text and hyphenated names: %s",
    async (text, names) => {
      expect(await found(text)).toEqual(expect.arrayContaining(names));
    },
  );

  it("finds nothing in a text without names", async () => {
    expect(await found("a boat by the shore, 1910")).toEqual([]);
    expect(await found("")).toEqual([]);
  });

  it("finds every label in a text that contains it", async () => {
    await fc.assert(
      fc.asyncProperty(entities, fc.nat(), async (base, pick) => {
        const { label } = base[pick % base.length]!;
        const text = `x ${label} y`;
        const names = await createCandidateSource(base).namesIn(text);
        const whole = names.filter(({ start, kind }) => kind === "name" && start === 2);
        expect(Math.max(0, ...whole.map(({ end }) => end))).toBeGreaterThanOrEqual(
          2 + label.replace(/\W*$/u, "").length - 3,
        );
        expect(
          whole.some(({ holders }) =>
            holders.some(({ entity }) => entity.label === label || entity.aliases.includes(label)),
          ),
        ).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
