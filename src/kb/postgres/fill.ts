import type { Client } from "pg";
import { throwIfAborted } from "../../core/index.js";
import { createVersionHash } from "../content.js";
import { PARTITIONED } from "./migrations.js";
import type { Session } from "./session.js";
import type { Staged } from "./stage.js";
import { importText } from "./statements.js";

/** Lines fetched at once when they are hashed. */
const FETCHED = 2000;

/** What sorting and indexing may use of the server's memory; and a step that is done stays done. */
const SETTINGS =
  "set local work_mem = '128MB'; set local maintenance_work_mem = '256MB'; set local synchronous_commit = on";

const FILLING = ["fillIds", "fillEntities", "fillTokens", "fillPostings", "indexTokens"] as const;

/**
 * Makes the tables of a version of what was staged, each step in a transaction that can be done again. The version is the
 * distribution's constant; numbers count by fame, then id, as the embedded index does.
 */
export async function fillVersion(
  session: Session,
  schema: string,
  version: string,
  staged: Staged,
  extension: string,
): Promise<void> {
  const place = { schema, version, extension };
  await session.run((client) => assertStaged(client, importText("countStaged", place), staged));
  const steps = [
    importText("rank", place),
    ...PARTITIONED.map((table) => importText("emptyPartition", { ...place, table })),
    ...FILLING.map((name) => importText(name, place)),
  ];
  await session.run((client) =>
    transaction(client, async () => {
      for (const step of steps) await client.query(step);
    }),
  );
  await session.run(async (client) => {
    for (const table of PARTITIONED)
      await client.query(importText("analyzePartition", { schema, version, table }));
  });
}

/** The version's hash, of the staged lines in order of id. */
export function hashStaged(
  session: Session,
  schema: string,
  version: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  return session.run((client) =>
    transaction(client, async () => {
      const hash = createVersionHash();
      await client.query(importText("stagedLines", { schema, version }));
      for (;;) {
        throwIfAborted(signal);
        const { rows } = await client.query(`fetch ${FETCHED} from lines`);
        if (rows.length === 0) return hash.version();
        for (const { line } of rows) hash.add(line);
      }
    }),
  );
}

/** Staging tables survive the server's end; if one does not, the version must not come out short. */
async function assertStaged(client: Client, counting: string, { entities }: Staged): Promise<void> {
  const { rows } = await client.query(counting);
  if (Number(rows[0].count) !== entities)
    throw new Error(`the server kept ${rows[0].count} of ${entities} entities`);
}

export async function transaction<T>(client: Client, action: () => Promise<T>): Promise<T> {
  await client.query("begin");
  try {
    await client.query(SETTINGS);
    const result = await action();
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}
