import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { importKb } from "../../src/linker/index.js";
import { scratch, serving } from "./harness.js";
import * as schemas from "./reconcile-schemas.js";

const path = scratch();
const attack = `<img src=x onerror=alert(1)>"'&`;
await importKb(
  path("kb"),
  [
    { id: "a&b=c/d", label: attack, description: attack, properties: { [attack]: [attack] } },
    {
      id: "g1",
      label: "Georgia",
      properties: { type: ["country"], capital: ["Tbilisi"] },
      description: "country",
    },
    { id: "g2", label: "Georgia", properties: { type: ["state"], capital: ["Atlanta"] }, popularity: 3 },
    {
      id: "o",
      label: "Otis Redding",
      properties: { occupation: ["singer"], birth: ["1941"] },
      url: "https://x.test/o",
    },
    {
      id: "h1",
      label: "Ruth Halden",
      properties: { birth: ["1924"], occupation: ["painter"] },
      popularity: 9,
    },
    { id: "h2", label: "Ruth Halden", properties: { birth: ["1967"], occupation: ["painter"] } },
  ].map((entity) => ({ aliases: ["Peach State"], images: [], ...entity })) as never,
  { name: "small" },
);
const { get, server } = serving({ kb: path("kb") });
const post = (parameters: Record<string, string>) =>
  get("/reconcile", { method: "POST", body: new URLSearchParams(parameters) });
const ajv = new Ajv.default({ strict: false });

async function answer<T>(response: Response, schema: object): Promise<T> {
  expect(response.status).toBe(200);
  const body = await response.json();
  ajv.validate(schema, body);
  expect(ajv.errorsText()).toBe("No errors");
  return body as T;
}
type Batch = Record<
  string,
  { result: { id: string; name: string; match: boolean; score: number; features: object[] }[] }
>;
const queries = async (batch: object): Promise<Batch> =>
  answer<Batch>(await post({ queries: JSON.stringify(batch) }), schemas.resultBatch);

describe("the manifest", () => {
  it("is valid, and its endpoints work", async () => {
    const manifest = await answer<{ suggest: Record<string, { service_url: string; service_path: string }> }>(
      await get("/reconcile"),
      schemas.manifest,
    );
    expect(manifest).toMatchObject({ versions: ["0.2"], name: "small (mmel)" });
    for (const [kind, { service_url, service_path }] of Object.entries(manifest.suggest)) {
      expect(service_url).toBe(server().url);
      const found = await fetch(`${service_url}${service_path}?prefix=${kind === "entity" ? "otis" : ""}`);
      const { result } = await answer<{ result: object[] }>(found, schemas.suggestions);
      expect(result.length).toBeGreaterThan(0);
    }
  });
});

describe("queries", () => {
  it("are answered in a batch under their keys, by POST or GET", async () => {
    const batch = { q0: { query: "Otis Redding" }, __proto: { query: "Nobody Quuxley" }, q2: { query: "" } };
    const found = await queries(batch);
    expect(Object.keys(found)).toEqual(Object.keys(batch));
    expect(found.q0!.result[0]).toMatchObject({ id: "o", name: "Otis Redding", match: true });
    expect(found.q2!.result).toEqual([]);
    const address = await get(`/reconcile?queries=${encodeURIComponent(JSON.stringify(batch))}`);
    expect(await address.json()).toEqual(found);
  });

  it("are answered one at a time", async () => {
    const named = (await (await get("/reconcile?query=Otis+Redding")).json()) as { result: { id: string }[] };
    expect(named.result[0]).toMatchObject({ id: "o" });
    const object = await post({ query: JSON.stringify({ query: "Otis Redding", limit: 1 }) });
    expect(((await object.json()) as typeof named).result).toHaveLength(1);
  });

  it("respect the type, the limit and the other cells of a row", async () => {
    const capital = (v: unknown) => ({ query: "Georgia", properties: [{ pid: "capital", v }] });
    const found = await queries({
      country: { query: "Georgia", type: "country" },
      state: { query: "Georgia", type: ["state", "none"], type_strict: "any" },
      both: { query: "Georgia", type: ["state", "country"], type_strict: "all" },
      one: { query: "Georgia", limit: 1 },
      tbilisi: capital("Tbilisi"),
      atlanta: capital([{ id: "x", name: "Atlanta" }]),
    });
    const ids = (key: string) => found[key]!.result.map(({ id }) => id);
    expect(ids("country")).toEqual(["g1"]);
    expect(ids("state")).toEqual(["g2"]);
    expect(ids("both")).toEqual([]);
    expect(ids("one")).toHaveLength(1);
    const featuresOf = (key: string, id: string) => found[key]!.result.find((one) => one.id === id)!.features;
    expect(featuresOf("tbilisi", "g1")).toContainEqual({ id: "capital", value: true });
    expect(featuresOf("atlanta", "g1")).toContainEqual({ id: "capital", value: false });
    expect(featuresOf("atlanta", "g2")).toContainEqual({ id: "capital", value: true });
  });

  it("compare the row's properties with those of the entities", async () => {
    const born = (query: string, v: string) => ({ query, properties: [{ pid: "birth", v }] });
    const found = await queries({
      elder: born("Ruth Halden", "1924"),
      younger: born("Ruth Halden", "1967"),
      inverted: born("Halden, Ruth", "1967-05-01"),
      neither: born("Ruth Halden", "1800"),
      none: { query: "Ruth Halden" },
      role: { query: "Ruth Halden", properties: [{ pid: "occupation", v: "Malerin" }] },
      wrong: born("Otis Redding", "1800"),
      right: born("Otis Redding", "1941"),
    });
    const best = (key: string) => found[key]!.result[0]!;
    expect(best("elder")).toMatchObject({ id: "h1", match: true });
    expect(best("younger")).toMatchObject({ id: "h2", match: true });
    expect(best("inverted")).toMatchObject({ id: "h2" });
    expect(best("neither").match).toBe(false);
    expect(best("none").match).toBe(false);
    expect(best("role").match).toBe(false);
    expect(best("role").features).toContainEqual({ id: "occupation", value: true });
    expect(best("wrong")).toMatchObject({ id: "o", match: false });
    expect(best("wrong").features).toContainEqual({ id: "contradicts:birth", value: true });
    expect(best("right")).toMatchObject({ id: "o", match: true });
    for (const { result } of Object.values(found))
      for (const [index, { score }] of result.entries())
        expect(score).toBeLessThanOrEqual(result[index - 1]?.score ?? 100);
  });

  it.each(["{", "[]", '{"q":1}', '{"q":{"query":1}}', '{"q":{"properties":[{}]}}'])(
    "are rejected if invalid: %s",
    async (text) => {
      const refused = await post({ queries: text });
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ code: "USAGE" });
    },
  );

  it("are rejected beyond the batch limit", async () => {
    const batch = Object.fromEntries(Array.from({ length: 257 }, (_, at) => [`q${at}`, { query: "x" }]));
    expect((await post({ queries: JSON.stringify(batch) })).status).toBe(413);
  });
});

describe("extend", () => {
  it("returns property values, and none for an unknown entity", async () => {
    const extend = {
      ids: ["o", "g1", "gone"],
      properties: ["occupation", "alias", "url", "constructor"].map((id) => ({ id })),
    };
    const { rows } = await answer<{ rows: Record<string, unknown> }>(
      await post({ extend: JSON.stringify(extend) }),
      schemas.extension,
    );
    expect(rows).toEqual({
      o: {
        occupation: [{ str: "singer" }],
        alias: [{ str: "Peach State" }],
        url: [{ str: "https://x.test/o" }],
        constructor: [],
      },
      g1: { occupation: [], alias: [{ str: "Peach State" }], url: [], constructor: [] },
      gone: { occupation: [], alias: [], url: [], constructor: [] },
    });
  });

  it("proposes the properties of a type", async () => {
    const proposed = (await (await get("/reconcile/properties?type=country&limit=2")).json()) as object;
    expect(proposed).toEqual({
      limit: 2,
      type: "country",
      properties: [
        { id: "capital", name: "capital" },
        { id: "type", name: "type" },
      ],
    });
  });
});

describe("previews", () => {
  it("escape everything, run no scripts, and can be framed", async () => {
    const page = await get(`/reconcile/preview?id=${encodeURIComponent("a&b=c/d")}`);
    expect(page.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; .*frame-ancestors http: https:$/,
    );
    const text = await page.text();
    expect(text).not.toContain("<img");
    expect(text.match(/&lt;img src=x onerror=alert\(1\)&gt;&quot;&#39;&amp;/g)).toHaveLength(5);
    expect((await get("/reconcile/preview?id=none")).status).toBe(404);
  });
});

describe("cross-origin access", () => {
  it("is allowed to pages on this machine only, and to the reconciliation API only", async () => {
    const from = async (origin: string) =>
      (await get("/reconcile/suggest/entity?prefix=otis", { headers: { origin } })).headers.get(
        "access-control-allow-origin",
      );
    expect(await from("http://127.0.0.1:3333")).toBe("http://127.0.0.1:3333");
    expect(await from("http://localhost:3333")).toBe("http://localhost:3333");
    expect(await from("https://evil.example")).toBeNull();
    const models = await get("/v1/models", { headers: { origin: "http://127.0.0.1:3333" } });
    expect(models.headers.get("access-control-allow-origin")).toBeNull();
  });
});
