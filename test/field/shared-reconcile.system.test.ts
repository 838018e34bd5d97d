import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHARED } from "../../experiments/field/sets.js";
import type { Entity } from "../../src/core/index.js";
import { readEntities } from "../../src/formats/index.js";
import { importKb } from "../../src/linker/index.js";
import { type Server, startServer } from "../../src/server/index.js";

const field = join(SHARED, "field");
const MODELS = ["mmel-mini-en", "lexical"];

interface Query {
  readonly query: string;
  readonly properties: readonly { readonly pid: string; readonly v: string }[];
}
interface Result {
  readonly id: string;
  readonly match: boolean;
}

async function entitiesOf(file: string): Promise<readonly Entity[]> {
  const entities: Entity[] = [];
  for await (const read of readEntities(join(field, file))) {
    if (read.kind === "rejected") throw read.error;
    entities.push(read.value);
  }
  return entities;
}

/** Sends a batch of queries to a service and returns each query's results, best first. */
async function reconcile(
  { url }: Server,
  queries: Readonly<Record<string, Query>>,
): Promise<ReadonlyMap<string, readonly Result[]>> {
  const body = new URLSearchParams({ queries: JSON.stringify(queries) });
  const response = await fetch(`${url}/reconcile`, { method: "POST", body });
  const answers = (await response.json()) as Record<string, { result: Result[] }>;
  return new Map(Object.entries(answers).map(([key, { result }]) => [key, result]));
}

const born = (query: string, year: string): Query => ({ query, properties: [{ pid: "birth", v: year }] });

describe.skipIf(!existsSync(field)).each(MODELS)(
  "reconciliation with a year of birth, model %s (skipped without ../shared/field)",
  { timeout: 5 * 60_000 },
  (model) => {
    let folder = "";
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "mmel-field-"));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    async function serve(entities: readonly Entity[], name: string): Promise<Server> {
      const kb = join(folder, name);
      await importKb(kb, entities);
      return startServer({ kb, model, port: 0, version: "0.0.0", log: { level: "silent" } });
    }

    it("ranks the namesake with the stated year first and never accepts another person", async () => {
      await using server = await serve(await entitiesOf("moma-kb.jsonl"), "moma");
      const file = join(field, "reconcile-birth/moma-namesakes-queries.json");
      const queries = JSON.parse(readFileSync(file, "utf8")) as Record<string, Query>;
      const found = [...(await reconcile(server, queries))].map(([key, [first]]) => ({ key, first }));
      const right = found.filter(({ key, first }) => first?.id === key);
      const accepted = found.filter(({ first }) => first?.match);
      console.log(
        `${model}: ${right.length} of ${found.length} first, ${accepted.length} accepted automatically`,
      );
      expect(right).toHaveLength(found.length);
      expect(accepted.filter(({ key, first }) => first?.id !== key)).toEqual([]);
    });

    it("ranks a person with the stated year first, and accepts nobody if the year fits nobody", async () => {
      const entities = await entitiesOf("reconcile-birth/kb.jsonl");
      await using server = await serve(entities, "small");
      const own = Object.fromEntries(
        entities.map(({ id, label, properties }) => [id, born(label, properties.birth![0]!)]),
      );
      for (const [id, results] of await reconcile(server, own)) expect(results[0]?.id).toBe(id);
      const wrong = Object.fromEntries(entities.map(({ id, label }) => [id, born(label, "1800")]));
      for (const results of (await reconcile(server, wrong)).values())
        expect(results.filter(({ match }) => match)).toEqual([]);
    });
  },
);
