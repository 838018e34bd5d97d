import type { Client } from "pg";
import { MmelError } from "../../core/index.js";
import { codeOf } from "../../postgres/index.js";
import type { Manifest } from "../store.js";
import { PARTITIONED } from "./migrations.js";
import { importText } from "./statements.js";
import type { Target } from "./target.js";

/** The row of a version. While the version is being filled, `name`, `hash` and both counts are null. */
export interface VersionRow {
  readonly version: string;
  readonly name: string;
  readonly hash: string;
  readonly entities: string;
  readonly names: string;
  readonly layout: number;
}

export function manifestOf({ name, hash, entities, names, layout }: VersionRow): Manifest {
  return { name, version: hash, schema: layout, entities: Number(entities), names: Number(names) };
}

const LOCK_TIMEOUT = "55P03";

/**
 * The key of the lock on a version, as SQL. Readers share the lock. An importer must hold it exclusively to remove
 * the version. The lock ends with the connection.
 */
const READERS = "hashtext('mmel readers ' || $1), $2::int";

/** Prevents importers from removing a version while the connection lasts. */
export async function lockForReading(client: Client, schema: string, version: string): Promise<void> {
  await client.query(`select pg_advisory_lock_shared(${READERS})`, [schema, version]);
}

/**
 * Makes this the only import into a knowledge base while the connection lasts. Throws `KB_BUSY` if another import is
 * running.
 */
export async function lockForImport(client: Client, target: Target): Promise<void> {
  const { rows } = await client.query(
    "select pg_try_advisory_lock(hashtext('mmel import ' || $1), hashtext($2)) as ours",
    [target.schema, target.kb],
  );
  if (rows[0].ours) return;
  throw new MmelError("KB_BUSY", {
    what: "another import into the knowledge base is running",
    where: target.shown,
    hint: "Try again when the other import has finished. The current version stays readable.",
  });
}

/**
 * Adds a version that readers cannot see yet, with its partitions and staging tables. Returns the number of the
 * version.
 */
export async function startVersion(client: Client, { schema, kb }: Target, layout: number): Promise<string> {
  await client.query("begin");
  try {
    const { rows } = await client.query(importText("addVersion", { schema }), [kb, layout]);
    const version: string = rows[0].version;
    for (const table of PARTITIONED)
      await client.query(importText("makePartition", { schema, version, table }));
    await client.query(importText("makeStages", { schema, version }));
    await client.query("commit");
    return version;
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

/** Removes all versions that are neither current nor in use, including incomplete versions from killed imports. */
export async function removeOldVersions(client: Client, { schema, kb }: Target): Promise<void> {
  const { rows } = await client.query(importText("oldVersions", { schema }), [kb]);
  for (const { version } of rows) await removeVersion(client, schema, version);
}

/** Removes a version, unless a reader holds its lock or its tables stay locked for two seconds. */
export async function removeVersion(client: Client, schema: string, version: string): Promise<void> {
  await client.query("begin");
  try {
    await client.query("set local lock_timeout = '2s'");
    const { rows } = await client.query(`select pg_try_advisory_xact_lock(${READERS}) as alone`, [
      schema,
      version,
    ]);
    if (rows[0].alone) {
      for (const table of PARTITIONED)
        await client.query(importText("dropPartition", { schema, version, table }));
      await client.query(importText("dropStages", { schema, version }));
      await client.query(importText("removeVersion", { schema }), [version]);
    }
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    if (codeOf(error) !== LOCK_TIMEOUT) throw error;
  }
}
