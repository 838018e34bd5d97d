import { describe, expect, it } from "vitest";
import type { Entity } from "../../src/core/index.js";
import { createMemoryStore, textSearchOf } from "../../src/kb/index.js";

const entity = (id: string, rest: Partial<Entity>): Entity => ({
  id,
  label: id,
  aliases: [],
  properties: {},
  images: [],
  ...rest,
});

const STORE = createMemoryStore([
  entity("smith", { description: "Bréwer in York", popularity: 1 }),
  entity("jones", { properties: { occupation: ["brewer", "mayor"] }, popularity: 9 }),
  entity("black", { description: "brewery owner in Leeds", popularity: 5 }),
  entity("kyoto", { description: "京都の醸造家" }),
]);

const idsOf = async (query: string, limit = 10): Promise<string[]> =>
  (await (await textSearchOf(STORE))!.search(query, limit)).map((hit) => hit.entity.id);

describe("text search", () => {
  it("finds all words in names, descriptions and properties, in this order, then by popularity", async () => {
    expect(await idsOf("brewer")).toEqual(["black", "smith", "jones"]); // also the beginning of a word
    expect(await idsOf("BREWER york")).toEqual(["smith"]);
    expect(await idsOf("brewer mayor jones")).toEqual(["jones"]);
    expect(await idsOf("brew york leeds")).toEqual([]);
    expect(await idsOf("york brew")).toEqual(["smith"]);
    expect(await idsOf("醸造")).toEqual(["kyoto"]);
    expect(await idsOf("brewer", 1)).toEqual(["black"]);
    expect(await idsOf(" ?! ")).toEqual([]);
  });

  it("names the property that contains a word, unless the names and the description contain all", async () => {
    const hits = await (await textSearchOf(STORE))!.search("brewer", 10);
    expect(hits.map(({ property }) => property)).toEqual([undefined, undefined, "occupation"]);
  });

  it("indexes a store once, and no store with too many entities", async () => {
    expect(await textSearchOf(STORE)).toBe(await textSearchOf(STORE));
    expect(await textSearchOf(STORE, 3)).toBeUndefined();
  });
});
