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

/** Submissions, their jobs, and what became of their captions, on a server. */
export interface JobQueue extends AsyncDisposable {
  readonly database: Database;
  readonly boss: PgBoss;
}

export interface QueueOptions {
  /** Make the tables when there are none; otherwise that is an error. */
  readonly create?: boolean;
  /** Do pg-boss's upkeep while the queue is open, as one that stays does. */
  readonly tidy?: boolean;
  /** For the opening; a server that falls silent after its signal is given up at any time. */
  readonly patience?: Patience;
}

/**
 * Opens the job queue at `postgres://…`. `CONFIG` for a bad address, for tables that a newer version made, and with `create`
 * for a database that is not in UTF-8; `QUEUE_UNAVAILABLE`, `QUEUE_DENIED`.
 */
export async function openQueue(url: string, options: QueueOptions = {}): Promise<JobQueue> {
  const { create = false, tidy = false, patience = { patienceMs: DEFAULT_PATIENCE_MS } } = options;
  const database = await openDatabase(parseAddress(url, "--queue"), patience.signal);
  const start = async () => {
    const layout = await layoutOf(database, database.shown);
    if (layout === undefined && !create) throw noQueue(database.shown);
    if (create) await assertUtf8((sql) => database.query(sql), database.shown); // whoever only looks may still get out what is in one
    return await ensureTables(database, () => startBoss(database, tidy));
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
    what: "nothing was ever submitted to this database",
    where,
    hint: "mmel jobs submit FILE --queue postgres://…",
  });
}
