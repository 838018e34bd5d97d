import PgBoss from "pg-boss";
import type { Database, Sql } from "../database.js";

/** What a job of pg-boss carries: the piece it is for. */
export interface JobData {
  readonly piece: string;
}

export interface Boss extends AsyncDisposable {
  readonly boss: PgBoss;
}

/** pg-boss's own tables stay apart from those of another pg-boss in the same database. */
const SCHEMA = "mmel_boss";
const YEARS = 10 * 365;
/** Seconds between two tidyings: expired jobs go back, finished ones to the archive. */
const TIDY_SECONDS = 60;

/** Starts pg-boss on our connections, making or updating its tables. With `tidy` it also does its upkeep now and then. */
export async function startBoss(database: Database, tidy: boolean): Promise<Boss> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.query(text, values) },
    schema: SCHEMA,
    schedule: false,
    supervise: tidy,
    maintenanceIntervalSeconds: TIDY_SECONDS,
  });
  boss.on("error", () => {}); // of the upkeep, which comes again; whatever else fails is thrown to its caller
  await boss.start();
  return {
    boss,
    [Symbol.asyncDispose]: () => boss.stop({ graceful: false, close: false }),
  };
}

/** The queue of a submission: each has its own, so that a worker takes only what it can link. */
export const queueOf = (submission: string): string => `mmel-${submission}`;

/** Makes the queue unless it is there. How often a piece is tried is decided by us (`treatment.ts`), not by a count of jobs. */
export async function createQueue(boss: PgBoss, submission: string): Promise<void> {
  if ((await boss.getQueue(queueOf(submission))) !== null) return;
  await boss.createQueue(queueOf(submission), {
    name: queueOf(submission),
    policy: "standard",
    retryLimit: 1_000_000,
    retryDelay: 0,
    retryBackoff: false,
    expireInHours: 23,
    retentionDays: YEARS,
  });
}

/** Takes away the queue of a submission that nobody has begun. */
export async function deleteQueue(boss: PgBoss, submission: string): Promise<void> {
  await boss.purgeQueue(queueOf(submission));
  await boss.deleteQueue(queueOf(submission));
}

/**
 * Runs a call of pg-boss inside a transaction. pg-boss keeps the errors of a fetch to itself, which would leave us in a
 * transaction that is lost: here they are thrown.
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

/** How many jobs a command of pg-boss changed; its types say nothing of what it returns. */
export function affected(response: unknown): number {
  const { affected: count } = (response ?? {}) as { affected?: unknown };
  return typeof count === "number" ? count : 0;
}
