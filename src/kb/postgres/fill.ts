import type { Client } from "pg";
import { throwIfAborted } from "../../core/index.js";
import { createVersionHash } from "../content.js";
import { PART, PARTITIONED } from "./migrations.js";
import type { Session } from "./session.js";
import type { Staged } from "./stage.js";

/** Lines fetched at once when they are hashed. */
const FETCHED = 2000;

/** What sorting and indexing may use of the server's memory; and a step that is done stays done. */
const SETTINGS =
  "set local work_mem = '128MB'; set local maintenance_work_mem = '256MB'; set local synchronous_commit = on";

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
  const part = (table: string): string => `"${schema}"."${table}_${version}"`;
  const into = (table: string): string => `"${schema}"."${table}"`;
  await session.run((client) => assertStaged(client, part("stage_entity"), staged));
  const steps = [
    `drop table if exists ${part("stage_rank")}; create table ${part("stage_rank")} as select seq, key,
       (row_number() over (order by coalesce(fame, -1) desc, key) - 1)::int as number from ${part("stage_entity")}`,
    ...PARTITIONED.map((table) => `truncate ${part(table)}`),
    `insert into ${into("id")} select ${version}, key, number from ${part("stage_rank")} order by key`,
    `insert into ${into("entity")} select ${version}, number, line from ${part("stage_entity")}
       join ${part("stage_rank")} using (seq) order by number`,
    `insert into ${into("token")} select ${version}, token, count(*)::int from ${part("stage_token")} group by token`,
    `insert into ${into("posting")} select ${version}, token, (place / ${PART})::int,
       string_agg(int4send(number) || int2send(share), ''::bytea order by place)
       from (select token, number, share, row_number() over (partition by token order by share desc, number) - 1 as place
             from ${part("stage_token")} join ${part("stage_rank")} using (seq)) as placed group by token, place / ${PART}`,
    `create index on ${part("token")} using gin (token "${extension}".gin_trgm_ops)`,
  ];
  await session.run((client) =>
    transaction(client, async () => {
      for (const step of steps) await client.query(step);
    }),
  );
  await session.run(async (client) => {
    for (const table of PARTITIONED) await client.query(`analyze ${part(table)}`);
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
      await client.query(
        `declare lines no scroll cursor for select line from "${schema}"."stage_entity_${version}" order by key`,
      );
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
async function assertStaged(client: Client, table: string, { entities }: Staged): Promise<void> {
  const { rows } = await client.query(`select count(*) as count from ${table}`);
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
