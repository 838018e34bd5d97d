import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildCandidateIndex } from "../../src/candidates/index.js";
import type { Entity } from "../../src/core/index.js";
import { type EntityAnswer, entityAnswerSchema, parseWire } from "../../src/formats/index.js";
import { createMemoryStore, driverFor } from "../../src/kb/index.js";
import { createLinker, importKb } from "../../src/linker/index.js";
import { relationsOf } from "../../src/server/entity-relations.js";
import { named } from "../relations/bases.js";
import { scratch, serving } from "./harness.js";

const path = scratch();
/** Sixty players of one club, whose names end in letters, since a number is not a name. */
const players = Array.from({ length: 60 }, (_, at) => {
  const letters = String.fromCharCode(97 + Math.floor(at / 26), 97 + (at % 26));
  return named(`p${at + 10}`, `Player ${letters}`, { properties: { club: ["Ostwick FC"] }, popularity: at });
});
const entities: Entity[] = [
  named("fc", "Ostwick FC", {
    description: `${"x".repeat(199)}🦉`,
    properties: { squad: players.map(({ label }) => label), captain: ["Player aa"] },
  }),
  ...players,
  named("h1", "Hollow", { properties: { type: ["town"] } }),
  named("h2", "Hollow", { properties: { type: ["film"] } }),
  named("x", "Ada Fenn", {
    properties: { birth: ["1904, Hollow"], club: ["none", "Ostwick FC", "Ostwick FC"] },
  }),
];
await importKb(path("kb"), entities, { name: "small" });
await (await driverFor(path("old"))).import(path("old"), entities, {
  async finish(store, place) {
    if (place.kind !== "folder") return;
    const build = { version: store.manifest.version };
    await buildCandidateIndex(store.all(), join(place.folder, "candidates.bin"), build);
  },
});

async function answer(response: Response): Promise<EntityAnswer> {
  expect(response.status).toBe(200);
  return parseWire(entityAnswerSchema, await response.json(), "FORMAT");
}

describe("an entity in the service", () => {
  const { get } = serving({ kb: path("kb") });
  const related = async (id: string) =>
    (await answer(await get(`/v1/entities/${id}?relations=true`))).relations;

  it("has its relations only on request", async () => {
    expect(await answer(await get("/v1/entities/x"))).not.toHaveProperty("relations");
    expect(await answer(await get("/v1/entities/x?relations=false"))).not.toHaveProperty("relations");
    const club = { id: "fc", label: "Ostwick FC", description: `${"x".repeat(199)}…`, share: 1 };
    expect(await related("x")).toEqual({
      values: [
        {
          property: "birth",
          value: "1904, Hollow",
          entities: [
            { id: "h1", label: "Hollow", share: 0.5 },
            { id: "h2", label: "Hollow", share: 0.5 },
          ],
        },
        { property: "club", value: "Ostwick FC", entities: [club] },
      ],
      namedBy: [],
      namedByCount: 0,
    });
    const { share } = (await related("h1"))!.namedBy[0]!.entity;
    expect(share).toBe(0.5);
  });

  it("has at most 50 entities that name it, the most popular first, and their number", async () => {
    const { values, namedBy, namedByCount } = (await related("fc"))!;
    expect(values.map(({ value }) => value)).toEqual([...players.map(({ label }) => label), "Player aa"]);
    expect(namedByCount).toBe(61);
    expect(namedBy).toHaveLength(50);
    expect(namedBy[0]).toEqual({ properties: ["club"], entity: { id: "p59", label: "Player bx", share: 1 } });
    expect((await related("p10"))!.namedBy).toMatchObject([
      { properties: ["squad", "captain"], entity: { id: "fc" } },
    ]);
  });

  it("is not found under an unknown id, and rejects other parameters", async () => {
    const unknown = await get("/v1/entities/none?relations=true");
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: "NOT_FOUND" }]);
    for (const query of ["relations=maybe", "relations=true&relations=true", "related=true"]) {
      const refused = await get(`/v1/entities/x?${query}`);
      expect([refused.status, await refused.json()]).toMatchObject([400, { code: "USAGE" }]);
    }
  });
});

describe("an entity of a knowledge base that an older version imported", () => {
  const { get } = serving({ kb: path("old") });
  it("has no relations", async () => {
    expect(await answer(await get("/v1/entities/x?relations=true"))).not.toHaveProperty("relations");
  });
});

it("relations of a list of entities are those of a folder", async () => {
  const store = createMemoryStore(entities);
  await using list = await createLinker({ kb: entities, model: "lexical" });
  await using folder = await createLinker({ kb: path("kb"), model: "lexical" });
  for (const entity of entities)
    expect(await relationsOf(entity, list.relations, store)).toEqual(
      await relationsOf(entity, folder.relations, store),
    );
});
