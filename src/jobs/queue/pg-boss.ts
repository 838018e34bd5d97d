import PgBoss from "pg-boss";
import type { Database, Sql } from "../database.js";

/** The data of a job in pg-boss: the id of our row in `mmel_jobs.piece`. */
export interface JobData {
  readonly piece: string;
}

export interface Boss extends AsyncDisposable {
  readonly boss: PgBoss;
}

/** Separates the tables of pg-boss from those of another pg-boss in the same database. */
const SCHEMA = "mmel_boss";
const RETENTION_DAYS = 10 * 365;
/** Seconds between two maintenance runs, which return expired jobs to the queue and archive finished ones. */
const MAINTENANCE_SECONDS = 60;

/** Starts pg-boss on our connections and creates or updates its tables. With `maintain` it also runs its maintenance at intervals. */
export async function startBoss(database: Database, maintain: boolean): Promise<Boss> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.query(text, values) },
    schema: SCHEMA,
    schedule: false,
    supervise: maintain,
    maintenanceIntervalSeconds: MAINTENANCE_SECONDS,
  });
  boss.on("error", () => {}); // errors of maintenance, which runs again; all other errors are thrown to the caller
  await boss.start();
  return {
    boss,
    [Symbol.asyncDispose]: () => boss.stop({ graceful: false, close: false }),
  };
}

/** The name of a submission's queue. Each has its own, so that a worker gets only jobs that it can link. */
export const queueOf = (submission: string): string => `mmel-${submission}`;

/** Creates the queue of a submission unless it exists. `retry-policy.ts` limits attempts, not pg-boss. */
export async function createQueue(boss: PgBoss, submission: string): Promise<void> {
  if ((await boss.getQueue(queueOf(submission))) !== null) return;
  await boss.createQueue(queueOf(submission), {
    name: queueOf(submission),
    policy: "standard",
    retryLimit: 1_000_000,
    retryDelay: 0,
    retryBackoff: false,
    expireInHours: 23,
    retentionDays: RETENTION_DAYS,
  });
}

/** Deletes the queue of a submission with its jobs. */
export async function deleteQueue(boss: PgBoss, submission: string): Promise<void> {
  await boss.purgeQueue(queueOf(submission));
  await boss.deleteQueue(queueOf(submission));
}

/**
 * Runs a call of pg-boss inside a transaction. Throws the errors of its statements: pg-boss swallows those of a fetch, which
 * would leave us in an aborted transaction.
 */
export async function within<T>(sql: Sql, call: (options: { db: PgBoss.Db }) => Promise<T>): Promise<T> {
  const failures: unknown[] = [];
  const executeSql = async (text: string, values: unknown[]) => {
    try {
      return await sql.query(text, values);
    } catch (error) {
      failures.push(error);
      throw error;
    }
  };
  const result = await call({ db: { executeSql } });
  if (failures.length > 0) throw failures[0];
  return result;
}

/** Number of jobs that a call of pg-boss changed; its types omit the return value. */
export function affected(response: unknown): number {
  const { affected: count } = (response ?? {}) as { affected?: unknown };
  return typeof count === "number" ? count : 0;
}
