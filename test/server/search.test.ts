import { describe, expect, it } from "vitest";
import { type EntityInput, entityOf } from "../../src/core/index.js";
import type { Problem, SearchAnswer } from "../../src/formats/index.js";
import { importKb, updateKb } from "../../src/linker/index.js";
import { startServer } from "../../src/server/index.js";
import { describePostgres, startCluster } from "../support/postgres.js";
import { scratch } from "./harness.js";

const path = scratch();

const PEOPLE: readonly EntityInput[] = [
  { id: "smith", label: "Anna Smith", description: "Bréwer in York", popularity: 1 },
  { id: "jones", label: "Bo Jones", properties: { occupation: ["brewer", "mayor"] }, popularity: 9 },
  { id: "okafor", label: "Carl Okafor", description: "Brewer in Leeds" },
];

/** Tests the search of a service on a new knowledge base at `target`. */
async function testSearch(target: string): Promise<void> {
  await importKb(target, PEOPLE.map(entityOf), { name: "people" });
  const options = {
    kb: target,
    model: "lexical",
    port: 0,
    version: "0.0.0",
    log: { level: "silent" },
  } as const;
  await using started = await startServer({ ...options, watchSeconds: 0.1 }).then((server) => ({
    ...server,
    [Symbol.asyncDispose]: () => server.close(),
  }));
  const ask = (query: string) => fetch(`${started.url}/v1/search?${query}`);
  const search = async (query: string) => {
    const { hits, texts } = (await (await ask(query)).json()) as SearchAnswer;
    return [
      hits.map(({ entity }) => entity.id),
      texts?.map(({ entity, property }) => [entity.id, property ?? ""].join(" ").trim()),
    ];
  };
  for (const fields of ["", "&fields=names"])
    expect(await search(`name=Carl%20Okafor${fields}`)).toEqual([["okafor"], undefined]);
  expect(await search("name=Carl%20Okafor&fields=all")).toEqual([["okafor"], []]);
  expect(await search("name=BREWER%20york&fields=all")).toEqual([[], ["smith"]]);
  expect(await search("name=mayor&fields=all")).toEqual([[], ["jones occupation"]]);
  expect(await search("name=brewer&fields=all")).toEqual([[], ["smith", "okafor", "jones occupation"]]);
  expect((await search("name=brewer&fields=all&limit=1"))[1]).toHaveLength(1);
  const refused = await ask("name=x&fields=descriptions");
  expect([refused.status, ((await refused.json()) as Problem).code]).toEqual([400, "USAGE"]);

  await updateKb(target, {
    entities: [entityOf({ id: "new", label: "Dee", description: "Brewer in York" })],
  });
  await expect
    .poll(() => search("name=BREWER%20york&fields=all"), { timeout: 30_000 })
    .toEqual([[], ["smith", "new"]]);
}

describe("GET /v1/search?fields=all", () => {
  it("finds words of descriptions and properties besides names, also in a new version", async () => {
    await testSearch(path("people"));
  });
});

describePostgres("GET /v1/search?fields=all on PostgreSQL", () => {
  it("finds the same", async () => {
    await using cluster = (await startCluster())!;
    const target = new URL(await cluster.createDatabase());
    target.searchParams.set("kb", "people");
    await testSearch(target.href);
  });
});
