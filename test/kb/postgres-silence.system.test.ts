import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { driverFor, openStore, prepareStore } from "../../src/kb/index.js";
import { type Cluster, describePostgres, startCluster } from "../support/postgres.js";
import { type SilentProxy, silentProxy } from "../support/silent-proxy.js";
import { entity, manyEntities } from "./entities.js";

describePostgres("a store whose PostgreSQL server falls silent", () => {
  let cluster: Cluster;
  let direct: string;
  let proxy: SilentProxy;
  const through = (parameters: string): string => `${proxy.url}?${parameters}`;
  const load = async (target: string, count: number) =>
    (await driverFor(target)).import(target, manyEntities(count));

  beforeAll(async () => {
    cluster = (await startCluster())!;
  });
  afterAll(() => cluster.stop());
  beforeEach(async () => {
    direct = await cluster.createDatabase();
    proxy = await silentProxy(direct);
    return () => proxy[Symbol.asyncDispose]();
  });

  it("throws KB_UNAVAILABLE and can be closed", async () => {
    await load(direct, 5);
    const store = await openStore(through("timeout=0.2&retry=0"));
    proxy.silence();
    await expect(store.getMany(["Q1"])).rejects.toMatchObject({
      code: "KB_UNAVAILABLE",
      message: expect.stringContaining("(timeout)"),
    });
    await store.close();
    await expect(openStore(through("timeout=0.2&retry=0"))).rejects.toMatchObject({
      code: "KB_UNAVAILABLE",
    });
  });

  it("can be closed while it waits for the server", async () => {
    await load(direct, 5);
    const store = await openStore(through("timeout=0&retry=30"));
    proxy.silence();
    const waiting = expect(store.getMany(["Q1"])).rejects.toMatchObject({ code: "INTERNAL" });
    await store.close();
    await waiting;
  });

  it("can be aborted while it reads, opens or prepares tables", async () => {
    await load(direct, 5);
    const target = through("timeout=0&retry=30");
    const abort = new AbortController();
    const { signal } = abort;
    await using store = await openStore(target, { signal });
    proxy.silence();
    const waiting = [
      store.getMany(["Q1"]),
      store.searchNames("Person"),
      openStore(target, { signal }),
      prepareStore(target, { signal }),
    ].map((one) => expect(one).rejects.toMatchObject({ code: "ABORTED" }));
    setTimeout(() => abort.abort(), 100);
    await Promise.all(waiting);
  });

  it("keeps the old version when an import is aborted", async () => {
    const old = await load(direct, 5);
    const abort = new AbortController();
    const cut = async function* () {
      yield* manyEntities(1500);
      proxy.silence();
      setTimeout(() => abort.abort(), 100);
      yield* Array.from({ length: 1500 }, (_, at) => entity(`R${at}`));
    };
    const target = through("retry=30");
    const importing = (await driverFor(target)).import(target, cut(), { signal: abort.signal });
    await expect(importing).rejects.toMatchObject({ code: "ABORTED" });
    await using store = await openStore(direct);
    expect(store.manifest).toEqual(old);
  });
});
