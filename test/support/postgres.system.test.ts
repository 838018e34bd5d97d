import { afterAll, beforeAll, expect, it } from "vitest";
import { type Cluster, describePostgres, startCluster } from "./postgres.js";
import { run } from "./postgres-given.js";

describePostgres("a PostgreSQL server for tests", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = (await startCluster())!;
  });
  afterAll(() => cluster.stop());

  it("has separate databases and requires the right password", async () => {
    const [one, other] = [await cluster.createDatabase(), await cluster.createDatabase()];
    await run(one, "create table kept (number int)");
    await run(one, "insert into kept values (7)");
    await expect(run(other, "select * from kept")).rejects.toMatchObject({ code: "42P01" });
    const wrong = new URL(one);
    wrong.password = "wrong";
    if (cluster.ours) await expect(run(wrong.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
  });
  it("keeps committed data and its address after a restart", async ({ skip }) => {
    if (!cluster.ours) skip("tests may not stop the server of MMEL_TEST_POSTGRES");
    const url = await cluster.createDatabase();
    await run(url, "create table kept as select 7 as number");
    await cluster.restart();
    expect(await run(url, "select number from kept")).toEqual([{ number: 7 }]);
    await cluster.kill();
    await expect(run(url, "select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await cluster.start();
    expect(await run(url, "select 1 as one")).toEqual([{ one: 1 }]);
  });
});
