import { randomBytes } from "node:crypto";
import pg from "pg";
import type { Cluster } from "./postgres-cluster.js";

/** Uses a running server: creates databases and drops them at the end, but cannot restart the server. */
export function onServer(url: string): Cluster {
  const made: string[] = [];
  const cannot = async (): Promise<never> => {
    throw new Error("tests may not stop the server of MMEL_TEST_POSTGRES");
  };
  return {
    url,
    ours: false,
    async createDatabase() {
      const name = await createDatabase(url);
      made.push(name);
      return withDatabase(url, name);
    },
    restart: cannot,
    kill: cannot,
    start: cannot,
    async stop() {
      for (const name of made.splice(0)) await run(url, `drop database if exists ${name} with (force)`);
    },
    async [Symbol.asyncDispose]() {
      await this.stop();
    },
  };
}

/** Creates a database and returns its name. */
export async function createDatabase(url: string): Promise<string> {
  const name = `mmel_test_${randomBytes(6).toString("hex")}`;
  await run(url, `create database ${name}`);
  return name;
}

export function withDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/** Runs a statement on a new connection and returns its rows. */
export async function run(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
