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

/** Submissions, their jobs and the outcomes of their captions, on a server. */
export interface JobQueue extends AsyncDisposable {
  readonly database: Database;
  readonly boss: PgBoss;
}

export interface QueueOptions {
  /** Creates the tables if there are none; by default that is an error. */
  readonly create?: boolean;
  /** Runs the maintenance of pg-boss while the queue is open; for processes that run long. */
  readonly maintain?: boolean;
  /** For opening the queue. Its signal also applies later: once it fired, a server that falls silent is given up. */
  readonly patience?: Patience;
}

/**
 * Opens the job queue at `postgres://…`. Throws `CONFIG` for a bad address, missing tables, tables of a newer version and, with `create`,
 * a database that is not in UTF-8; also `QUEUE_UNAVAILABLE`, `QUEUE_DENIED` and `ABORTED`.
 */
export async function openQueue(url: string, options: QueueOptions = {}): Promise<JobQueue> {
  const { create = false, maintain = false, patience = { patienceMs: DEFAULT_PATIENCE_MS } } = options;
  const database = await openDatabase(parseAddress(url, "--queue"), patience.signal);
  const start = async () => {
    const layout = await layoutOf(database, database.shown);
    if (layout === undefined && !create) throw noQueue(database.shown);
    if (create) await assertUtf8((sql) => database.query(sql), database.shown); // reading an existing queue is still allowed
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
    what: "the database has no job queue",
    where,
    hint: "Run `mmel jobs submit FILE --queue postgres://…`, which creates one.",
  });
}
