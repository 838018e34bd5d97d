import { afterAll, beforeAll } from "vitest";
import { driverFor } from "../../src/kb/index.js";
import { type Cluster, describePostgres, startCluster } from "../support/postgres.js";
import { storeContract } from "./store-contract.js";

describePostgres("PostgreSQL", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = (await startCluster())!;
  });
  afterAll(() => cluster.stop());

  const subject = async () => {
    const url = new URL(await cluster.createDatabase());
    url.searchParams.set("kb", "a kb #1?");
    url.searchParams.set("retry", "1");
    return { driver: await driverFor(url.href), target: url.href, [Symbol.asyncDispose]: async () => {} };
  };
  storeContract("postgres", subject, 20);
});
