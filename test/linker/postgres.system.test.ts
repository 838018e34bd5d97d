import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Caption, CaptionLinks, Entity } from "../../src/core/index.js";
import { readCaptions, readEntities } from "../../src/formats/index.js";
import { driverFor } from "../../src/kb/index.js";
import { createLinker, importKb, indexRecall } from "../../src/linker/index.js";
import { openParts } from "../../src/linker/parts.js";
import { CROSS_SCRIPT_NAMES } from "../candidates/cross-script-names.js";
import { named } from "../candidates/names.js";
import { manyEntities } from "../kb/entities.js";
import { type Cluster, describePostgres, startCluster } from "../support/postgres.js";

describePostgres("linking on PostgreSQL", () => {
  let cluster: Cluster;
  let folder: string;
  let server: string;
  const captions: Caption[] = [];
  beforeAll(async () => {
    cluster = (await startCluster())!;
    folder = await mkdtemp(join(tmpdir(), "mmel-linking-"));
    server = await cluster.createDatabase();
    const entities: Entity[] = [];
    for await (const read of readEntities("demo/entities.jsonl"))
      if (read.kind === "record") entities.push(read.value);
    for await (const read of readCaptions("demo/captions.jsonl"))
      if (read.kind === "record") captions.push(read.value);
    const manifests = await Promise.all([importKb(folder, entities), importKb(server, entities)]);
    expect(manifests[0]!.version).toBe(manifests[1]!.version);
  });
  afterAll(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true });
  });

  it("links the demo's captions as a folder does", async () => {
    const [embedded, served] = [await linksOn(folder), await linksOn(server)];
    expect(embedded.length).toBe(captions.length);
    expect(served).toEqual(embedded);
  });
  it("has the same relations as a folder", async () => {
    await using embedded = await openParts({ kb: folder, model: "lexical" });
    await using served = await openParts({ kb: server, model: "lexical" });
    expect(served.relations.size).toBe(150);
    expect(served.relations.properties).toEqual(embedded.relations.properties);
    for await (const { id } of embedded.store.all()) {
      expect(served.relations.of(id)).toEqual(embedded.relations.of(id));
      expect(served.relations.related([id], 100)).toEqual(embedded.relations.related([id], 100));
      const all = { minShare: 0, limit: 100 };
      expect(served.relations.naming(id, all)).toEqual(embedded.relations.naming(id, all));
    }
  });
  it("measures the same index recall as a folder does", async () => {
    const names = captions.flatMap(({ mentions }) => mentions.map(({ text }) => text));
    const measured = await indexRecall(server, names, 100);
    expect(measured).toEqual(await indexRecall(folder, names, 100));
    expect(measured.recall).toBeGreaterThan(0.95);
  });
  it("finds the same candidates as a folder, in the same order with the same scores, even across scripts", async () => {
    const scripts = CROSS_SCRIPT_NAMES.flatMap((names, at) =>
      names.map((label, script) => named(`name-${at}-${script}`, label, { popularity: at % 5 })),
    );
    const kb = [...scripts.filter((_, at) => at % 3 > 0), ...manyEntities(4000)];
    const other = new URL(server);
    other.searchParams.set("kb", "scripts");
    const folderKb = join(folder, "scripts");
    await Promise.all([importKb(folderKb, kb), importKb(other.href, kb)]);
    await using embedded = await openParts({ kb: folderKb, model: "lexical" });
    await using served = await openParts({ kb: other.href, model: "lexical" });
    const asked = [
      ...scripts.map(({ label }) => label),
      "Surname7",
      "P. Surnam12",
      "Person 2p Surname3",
      "…",
    ];
    const [expected, found] = await Promise.all(
      [embedded, served].map(({ source }) => source.candidates(asked, 30)),
    );
    expect(found).toEqual(expected);
    const across = found!.filter((list, at) =>
      list.some(({ entity }) => at < scripts.length && entity.id === `name-${at >> 2}-${(at + 1) % 4}`),
    );
    expect(across.length).toBeGreaterThan(200);
  });
  it("throws KB_NOT_FOUND with a hint if a version has no candidate index", async () => {
    const older = new URL(server);
    older.searchParams.set("kb", "older");
    await (await driverFor(older.href)).import(older.href, manyEntities(5));
    await expect(createLinker({ kb: older.href, model: "lexical" })).rejects.toMatchObject({
      code: "KB_NOT_FOUND",
      message: expect.stringContaining("Import the knowledge base again."),
    });
  });

  async function linksOn(kb: string): Promise<CaptionLinks[]> {
    await using linker = await createLinker({ kb, model: "lexical" });
    const links: CaptionLinks[] = [];
    for await (const { links: linked } of linker.linkAll(captions))
      if (linked) links.push({ ...linked, kb: "" });
    return links;
  }
});
