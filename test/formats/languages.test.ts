import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entity } from "../../src/core/index.js";
import { entityLines, readEntities } from "../../src/formats/index.js";
import { entityArbitrary } from "./arbitraries.js";
import { all, chunks, outcomes, values } from "./files.js";

const reads = (entity: unknown, languages?: readonly string[], onWarning?: (warning: string) => void) =>
  readEntities(chunks(JSON.stringify(entity)), {
    ...(languages && { languages }),
    ...(onWarning && { onWarning }),
  });
const read = async (entity: unknown, languages?: readonly string[]): Promise<Entity> =>
  (await values(reads(entity, languages)))[0]!;

const HOLM = {
  id: "1",
  labels: { en: "Ida Holm", "de-AT": "Ida Holmin", ru: "Ида Хольм" },
  aliases: { en: ["I. Holm"], de: ["Die Holm", "I. Holm"] },
  descriptions: { de: "norwegische Malerin", en: "Norwegian painter" },
};

describe("readEntities with texts in several languages", () => {
  it("uses the first label and the description in its language, and keeps all other texts", async () => {
    expect(await read(HOLM)).toEqual({
      id: "1",
      label: "Ida Holm",
      aliases: ["Ida Holmin", "Ида Хольм", "I. Holm", "Die Holm"],
      description: "Norwegian painter",
      properties: { "description.de": ["norwegische Malerin"] },
      images: [],
    });
  });

  it("uses only the given languages, in their order, with their regional variants", async () => {
    expect(await read(HOLM, ["de", "en"])).toMatchObject({
      label: "Ida Holmin",
      aliases: ["Ida Holm", "Die Holm", "I. Holm"],
      description: "norwegische Malerin",
      properties: { "description.en": ["Norwegian painter"] },
    });
    expect(await read(HOLM, ["ru"])).toMatchObject({ label: "Ида Хольм", aliases: [], properties: {} });
    expect(await read(HOLM, ["fr"])).toMatchObject({ label: "Ida Holm", aliases: [] });
  });

  it("reads texts as objects, as in Wikidata dumps", async () => {
    const term = (language: string, value: string) => ({ language, value });
    const dumped = {
      id: "1",
      labels: { en: term("en", "Ida Holm"), de: term("de", "Ida Holmin") },
      aliases: { de: [term("de", "Die Holm")] },
      descriptions: { en: term("en", "Norwegian painter") },
    };
    expect(await read(dumped)).toMatchObject({ label: "Ida Holm", aliases: ["Ida Holmin", "Die Holm"] });
    const listed = {
      id: "1",
      label: "Ida Holm",
      aliases: ["I. Holm", term("de", "Die Holm"), term("fr", "La Holm")],
    };
    expect(await read(listed)).toMatchObject({ aliases: ["I. Holm", "Die Holm", "La Holm"] });
    expect(await read(listed, ["de"])).toMatchObject({ aliases: ["Die Holm", "I. Holm"] });
  });

  it("keeps a given label, description and properties", async () => {
    const given = { label: "Holm", description: "painter", properties: { birth: ["1905"] } };
    expect(await read({ ...HOLM, ...given })).toMatchObject({
      label: "Holm",
      description: "painter",
      aliases: expect.arrayContaining(["Ida Holm"]),
      properties: {
        birth: ["1905"],
        "description.en": ["Norwegian painter"],
        "description.de": ["norwegische Malerin"],
      },
    });
  });

  it("does not report labels and descriptions as unknown fields", async () => {
    const warnings: string[] = [];
    await all(reads({ ...HOLM, colour: "red" }, undefined, (warning) => warnings.push(warning)));
    expect(warnings).toEqual([expect.stringContaining('"colour"')]);
  });

  it.each([
    ["labels that are a list", { labels: ["Ida"] }, /labels/],
    ["a label that is a number", { labels: { en: 5 } }, /labels\.en/],
    ["a language that is not a tag", { labels: { "not a tag": "Ida" } }, /labels/],
    ["a blank label", { labels: { en: " " } }, /label/],
    ["no label", { descriptions: { en: "painter" } }, /label/],
    ["a long label in another language", { labels: { en: "Ida", de: "x".repeat(1001) } }, /aliases/],
    ["an alias without a text", { labels: { en: "Ida" }, aliases: [{ language: "de" }] }, /aliases/],
    ["a lone surrogate", { labels: { en: "\ud83d" } }, /surrogate/],
  ])("rejects %s", async (_, fields, message) => {
    const [rejected] = await all(reads({ id: "1", ...fields }));
    expect(rejected).toMatchObject({ kind: "rejected", id: "1" });
    expect((rejected as { error: Error }).error.message).toMatch(message);
    const lines = `${JSON.stringify({ id: "1", ...fields })}\n{"id":"2","label":"Bo"}`;
    expect(await outcomes(readEntities(chunks(lines)), ({ id }) => id)).toHaveLength(2);
  });

  it("reads an entity with one language like an entity without languages", async () => {
    await fc.assert(
      fc.asyncProperty(entityArbitrary, async (entity) => {
        const [line] = await all(entityLines([entity]));
        const { label, description, aliases = [], ...wire } = JSON.parse(line!);
        const multilingual = {
          ...wire,
          labels: { en: label },
          aliases: { en: aliases },
          ...(description !== undefined && { descriptions: { en: description } }),
        };
        const expected = {
          ...entity,
          aliases: [...new Set(entity.aliases)].filter((alias) => alias !== label),
        };
        expect(await read(multilingual)).toEqual(expected);
        expect(await read(multilingual, ["en", "de"])).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});
