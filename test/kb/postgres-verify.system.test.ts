import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { driverFor, type EntityStore, openStore, type Verification } from "../../src/kb/index.js";
import { createLinker, importKb } from "../../src/linker/index.js";
import { type Cluster, describePostgres, startCluster } from "../support/postgres.js";
import { manyEntities } from "./entities.js";

describePostgres("damage in a knowledge base on PostgreSQL", () => {
  let cluster: Cluster;
  let url: string;
  let client: Client;
  beforeAll(async () => {
    cluster = (await startCluster())!;
    url = `${await cluster.createDatabase()}?retry=1`;
    await importKb(url, manyEntities(1500));
    client = new Client({ connectionString: url.replace("?retry=1", "") });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await cluster.stop();
  });

  const verify = async (): Promise<Verification> => (await driverFor(url)).verify(url);
  const read = async (store: EntityStore): Promise<void> => {
    for await (const _ of store.all());
  };

  /** Changes data, and restores it when disposed. */
  async function altered(table: string, change: string): Promise<AsyncDisposable> {
    await client.query(`create table kept as select * from mmel.${table}`);
    const { rowCount } = await client.query(change);
    expect(rowCount).toBeGreaterThan(0);
    return {
      [Symbol.asyncDispose]: async () => {
        await client.query(`delete from mmel.${table}`);
        await client.query(`insert into mmel.${table} overriding system value select * from kept`);
        await client.query("drop table kept");
      },
    };
  }

  it("is not found in an intact one", async () => {
    const { manifest, checked, damage } = await verify();
    expect(damage).toEqual([]);
    expect(manifest).toMatchObject({ name: "main", entities: 1500, schema: 2 });
    expect(checked.map(({ what }) => what)).toEqual(["entity", "word", "block"]);
    for (const { what, count } of checked) expect([what, count > 0]).toEqual([what, true]);
    const driver = await driverFor(url);
    await expect(driver.verify(url, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
  });

  it("is found in the text of an entity, which is never read altered", async () => {
    await using _ = await altered(
      "entity",
      "update mmel.entity set line = replace(line, 'Person 2 ', 'Parson 2 ')",
    );
    const { damage } = await verify();
    expect(damage.map(({ detail }) => detail.where)).toEqual([
      expect.stringMatching(/table entity, number \d+$/),
    ]);
    await using store = await openStore(url);
    const code = { code: "KB_DAMAGED" };
    await expect(read(store)).rejects.toMatchObject(code);
    await expect(store.getMany(["Q2"])).rejects.toMatchObject(code);
    await expect(store.searchNames("Person 2 Surname2")).rejects.toMatchObject(code);
    expect((await store.getMany(["Q3"])).size).toBe(1);
  });

  it("is found in missing rows and in the index of ids", async () => {
    for (const [table, change] of [
      ["entity", "delete from mmel.entity where number = 7"],
      ["id", "delete from mmel.id where number = 7"],
      ["id", "update mmel.id set number = 8 where number = 7"],
      ["id", "update mmel.id set key = key || '\\x0041' where number = 7"],
      ["version", "update mmel.version set entities = entities + 1"],
      ["version", "update mmel.version set hash = 'feedfeedfeedfeed'"],
    ] as const) {
      await using _ = await altered(table, change);
      expect((await verify()).damage.length, change).toBeGreaterThan(0);
      if (change.includes("hash")) continue;
      await using store = await openStore(url);
      await expect(read(store), change).rejects.toMatchObject({ code: "KB_DAMAGED" });
    }
  });

  it("is found in the words of the name search", async () => {
    for (const [table, change] of [
      ["posting", "update mmel.posting set entries = set_byte(entries, 3, 9) where token = 'surname5'"],
      ["posting", "delete from mmel.posting where token = 'surname5'"],
      ["token", "update mmel.token set entities = entities + 1 where token = 'surname5'"],
      ["token", "update mmel.token set token = 'zurname5' where token = 'surname5'"],
    ] as const) {
      await using _ = await altered(table, change);
      const { damage } = await verify();
      expect(damage[0]?.message, change).toMatch(/table posting/);
    }
    await using _ = await altered(
      "posting",
      "update mmel.posting set entries = set_byte(entries, 3, 9) where token = 'surname5'",
    );
    await using store = await openStore(url);
    await expect(store.searchNames("Surname5")).rejects.toMatchObject({ code: "KB_DAMAGED" });
  });

  it("is found in the candidate index, with its block", async () => {
    for (const change of [
      "update mmel.attachment set bytes = set_byte(bytes, 5000, 1 + get_byte(bytes, 5000) % 255) where name = 'candidates.bin'",
      "update mmel.attachment set size = size + 3000000 where name = 'candidates.bin'",
      "update mmel.attachment set size = size - 1 where name = 'candidates.bin'",
    ]) {
      await using _ = await altered("attachment", change);
      const damaged = expect.stringMatching(/candidates\.bin, block \d/);
      expect((await verify()).damage.map(({ detail }) => detail.where)).toEqual([damaged]);
      await expect(createLinker({ kb: url, model: "lexical" })).rejects.toMatchObject({
        code: "KB_DAMAGED",
        message: damaged,
      });
    }
  });

  it("can only be found in versions without checksums if it is not JSON; they are still read", async () => {
    await using _ = await altered("entity", "update mmel.entity set sum = null");
    await using __ = await altered2("update mmel.version set layout = 1");
    const { manifest, damage } = await verify();
    expect([manifest.schema, damage]).toEqual([1, []]);
    await client.query("update mmel.entity set line = '{' where number = 5");
    expect((await verify()).damage.map(({ code }) => code)).toEqual(["KB_DAMAGED"]);
  });

  async function altered2(change: string): Promise<AsyncDisposable> {
    await client.query(change);
    return {
      [Symbol.asyncDispose]: async () => void (await client.query("update mmel.version set layout = 2")),
    };
  }
});
