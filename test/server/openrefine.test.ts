import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WireEntity } from "../../src/formats/index.js";
import { scratch, serving } from "./harness.js";
import { type OpenRefine, openRefineIsHere, startOpenRefine } from "./openrefine-peer.js";

const why = openRefineIsHere ? "" : " (SKIPPED: /usr/bin/openrefine is not installed)";
const engine = JSON.stringify({ facets: [], mode: "row-based" });

describe.skipIf(!openRefineIsHere)(`the real OpenRefine${why}`, () => {
  const path = scratch();
  const { server } = serving({ model: "mmel-mini-en" });
  let refine: OpenRefine;
  let entities: WireEntity[] = [];
  beforeAll(async () => {
    refine = await startOpenRefine(path("openrefine"));
    entities = (await readFile("demo/entities.jsonl", "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as WireEntity);
  });
  afterAll(async () => refine?.[Symbol.asyncDispose]());

  it("reconciles a column of 200 names and fetches what is known of them", async () => {
    const invented = Array.from({ length: 200 - entities.length }, (_, at) => `Xyzzy Quuxley ${at}`);
    const names = [...entities.map(({ label }) => label), ...invented];
    expect(names).toHaveLength(200);
    const project = await refine.createProject("name", names);
    const service = { identifierSpace: "urn:mmel:kb:demo", schemaSpace: "urn:mmel:properties" };
    const config = {
      mode: "standard-service",
      service: `${server().url}/reconcile`,
      ...service,
      type: null,
      autoMatch: true,
      columnDetails: [],
      limit: 0,
    };
    await refine.run("reconcile", { project, columnName: "name", engine, config: JSON.stringify(config) });

    const rows = await refine.rows(project);
    expect(rows.map(({ cells: [cell] }) => cell?.v)).toEqual(names);
    const judged = rows.map(({ cells: [cell] }) => cell!.recon!);
    const matched = judged.filter(({ j }) => j === "matched");
    for (const [at, { label, id }] of entities.entries()) {
      const { j, m, c = [] } = judged[at]!;
      if (j === "matched") expect(m).toMatchObject({ name: label });
      else expect(c.map((candidate) => candidate.id)).toContain(id);
    }
    expect(judged.slice(entities.length).filter(({ j }) => j === "matched")).toEqual([]);
    const right = entities.filter(({ id }, at) => judged[at]!.m?.id === id).length;
    expect(right).toBeGreaterThanOrEqual(0.95 * matched.length);
    expect(right).toBeGreaterThanOrEqual(0.7 * entities.length);

    await refine.run("extend-data", {
      project,
      engine,
      columnName: "name",
      baseColumnName: "name",
      endpoint: config.service,
      ...service,
      columnInsertIndex: "1",
      extension: JSON.stringify({ properties: [{ id: "country", name: "country" }] }),
    });
    const extended = await refine.rows(project);
    const pippen = extended.find(({ cells: [cell] }) => cell?.v === "Scottie Pippen");
    expect(pippen?.cells.map((cell) => cell?.v)).toContain("United States");
  }, 120_000);
});
