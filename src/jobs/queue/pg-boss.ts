import PgBoss from "pg-boss";
import type { Database, Sql } from "../database.js";

/** The data of a pg-boss job: the id of our row in `mmel_jobs.piece`. */
export interface JobData {
  readonly piece: string;
}

export interface Boss extends AsyncDisposable {
  readonly boss: PgBoss;
}

/**
 * Schema for the tables of pg-boss. It separates them from the tables of another pg-boss installation in the same
 * database.
 */
const SCHEMA = "mmel_boss";
const RETENTION_DAYS = 10 * 365;
/** Number of seconds between two maintenance runs, which return expired jobs to the queue and archive finished jobs. */
const MAINTENANCE_SECONDS = 60;

/**
 * Starts pg-boss with our connections, and creates or updates its tables. With `maintain`, pg-boss also runs its
 * maintenance at intervals.
 */
export async function startBoss(database: Database, maintain: boolean): Promise<Boss> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.query(text, values) },
    schema: SCHEMA,
    schedule: false,
    supervise: maintain,
    maintenanceIntervalSeconds: MAINTENANCE_SECONDS,
  });
  boss.on("error", () => {}); // only maintenance reports errors here, and it runs again; all other errors are thrown to the caller
  await boss.start();
  return {
    boss,
    [Symbol.asyncDispose]: () => boss.stop({ graceful: false, close: false }),
  };
}

/**
 * Returns the name of a submission's queue. Each submission has its own queue, so that a worker receives only jobs that
 * it can link.
 */
export const queueOf = (submission: string): string => `mmel-${submission}`;

/**
 * Creates the queue of a submission unless it exists. Its `retryLimit` is never reached, because `retry-policy.ts`
 * limits the attempts.
 */
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

/** Deletes the queue of a submission, including the jobs in the queue. */
export async function deleteQueue(boss: PgBoss, submission: string): Promise<void> {
  await boss.purgeQueue(queueOf(submission));
  await boss.deleteQueue(queueOf(submission));
}

/**
 * Runs a call to pg-boss inside a transaction. Throws the errors of the SQL statements in the call. This is necessary
 * because pg-boss swallows the errors of a fetch, and the caller would continue in an aborted transaction.
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

/**
 * Returns the number of jobs that a call to pg-boss changed. The types of pg-boss omit the return value of the call.
 */
export function affected(response: unknown): number {
  const { affected: count } = (response ?? {}) as { affected?: unknown };
  return typeof count === "number" ? count : 0;
}
