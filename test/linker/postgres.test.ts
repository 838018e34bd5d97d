import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Caption, CaptionLinks, Entity } from "../../src/core/index.js";
import { readCaptions, readEntities } from "../../src/formats/index.js";
import { createLinker, importKb, indexRecall } from "../../src/linker/index.js";
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

  it("gives the demo's captions the links that they have on a folder", async () => {
    const [embedded, served] = [await linksOn(folder), await linksOn(server)];
    expect(embedded.length).toBe(captions.length);
    expect(served).toEqual(embedded);
  });
  it("finds the candidates of the exact lists", async () => {
    const names = captions.flatMap(({ mentions }) => mentions.map(({ text }) => text));
    const { recall, equalLists } = await indexRecall(server, names, 100);
    expect(recall).toBeGreaterThan(0.97);
    expect(equalLists).toBeGreaterThan(0.5);
  });

  async function linksOn(kb: string): Promise<CaptionLinks[]> {
    await using linker = await createLinker({ kb, model: "lexical" });
    const links: CaptionLinks[] = [];
    for await (const one of linker.linkAll(captions)) links.push({ ...one, kb: "" });
    return links;
  }
});
