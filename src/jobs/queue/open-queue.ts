import type PgBoss from "pg-boss";
import { MmelError } from "../../core/index.js";
import {
  assertUtf8,
  DEFAULT_PATIENCE_MS,
  type Patience,
  parseAddress,
  withRetries,
} from "../../postgres/index.js";
import { type Database, openDatabase } from "../database.js";
import { startBoss } from "./pg-boss.js";
import { ensureTables, layoutOf } from "./tables.js";

/** A job queue on a server: submissions, their jobs, and the outcomes of their captions. */
export interface JobQueue extends AsyncDisposable {
  readonly database: Database;
  readonly boss: PgBoss;
}

export interface QueueOptions {
  /** Creates the tables if they do not exist. By default, missing tables are an error. */
  readonly create?: boolean;
  /** Runs the maintenance of pg-boss while the queue is open. For long-running processes. */
  readonly maintain?: boolean;
  /**
   * Limits the time for retries while the queue is being opened. Its signal also applies afterwards: once the signal
   * has fired, connections to a server that does not respond are closed.
   */
  readonly patience?: Patience;
}

/**
 * Opens the job queue at `postgres://…`. Throws `CONFIG` if the URL is invalid or a newer version created the tables.
 * Without `create`, also throws `CONFIG` if the tables are missing; with `create`, if the encoding of the database is
 * not UTF-8. Throws `QUEUE_UNAVAILABLE` if the server cannot be reached, `QUEUE_DENIED` if it refuses access, and
 * `ABORTED` if the signal fires.
 */
export async function openQueue(url: string, options: QueueOptions = {}): Promise<JobQueue> {
  const { create = false, maintain = false, patience = { patienceMs: DEFAULT_PATIENCE_MS } } = options;
  const database = await openDatabase(parseAddress(url, "--queue"), patience.signal);
  const start = async () => {
    const layout = await layoutOf(database, database.shown);
    if (layout === undefined && !create) throw noQueue(database.shown);
    if (create) await assertUtf8((sql) => database.query(sql), database.shown); // only for submitting; reading an existing queue is allowed
    return await ensureTables(database, () => startBoss(database, maintain));
  };
  try {
    const started = await withRetries(start, patience);
    return {
      database,
      boss: started.boss,
      [Symbol.asyncDispose]: async () => {
        await started[Symbol.asyncDispose]();
        await database[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}

function noQueue(where: string): MmelError {
  return new MmelError("CONFIG", {
    what: "the database does not contain a job queue",
    where,
    hint: "Run `mmel jobs submit FILE --queue postgres://…`, which creates one.",
  });
}
