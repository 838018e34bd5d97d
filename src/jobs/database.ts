import type { Pool, PoolClient, QueryResult, QueryResultRow } from "pg";
import { MmelError } from "../core/index.js";
import {
  type Address,
  afterAbort,
  connectionConfig,
  createSockets,
  explainRights,
  isTransient,
  LAST_ANSWER_MS,
  type NeededRights,
  type Subject,
} from "../postgres/index.js";

/** Runs SQL statements, either on the database or within one transaction or session. */
export interface Sql {
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Result<Row>>;
}

export interface Result<Row> {
  readonly rows: Row[];
  /** Number of rows that the statement changed or, for a SELECT, returned. */
  readonly changed: number;
}

/**
 * A pool of connections to a database. Its methods throw `QUEUE_UNAVAILABLE` if the server cannot be reached, and
 * `QUEUE_DENIED` if it refuses the login or a statement. They throw `CONFIG` if the database's encoding cannot
 * represent a character, and `ABORTED` if the signal has fired and the server does not respond.
 */
export interface Database extends Sql, AsyncDisposable {
  /** URL of the database, without its secrets. */
  readonly shown: string;
  /** Runs `work` in a transaction. If `work` throws, the transaction is rolled back. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /**
   * Runs `work` on a single connection, for locks and other state of the connection. If `work` throws, closes the
   * connection.
   */
  session<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
}

/** Maximum number of milliseconds to wait for a response. A crashed host never responds. */
const ANSWER_MS = 120_000;

/**
 * Linking needs these rights on the tables. Submitting and deleting also create and drop tables of pg-boss, which only
 * their owner may do.
 */
const NEEDED: NeededRights = {
  schemas: ["mmel_jobs", "mmel_boss"],
  onTables: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  extensions: [],
  owner: "otherwise",
};

/** Returns the terms and hints for error messages about a job queue on a server. */
export function queueSubject(where: string): Subject {
  return {
    codes: "QUEUE",
    where,
    words: {
      subject: "job queue",
      item: "submission",
      wait: "Give workers more time with `--patience SECONDS`.",
      timeLimit: "Raise `statement_timeout` on the server.",
      create: "Run `mmel jobs submit FILE --queue …`, which creates the tables.",
      repeat: "Submit the file again.",
      privilege: "rights on the schemas mmel_jobs and mmel_boss and their tables",
      grant: "Log in as the owner of the tables.",
    },
  };
}

/**
 * Opens a database. Connections are opened when they are first needed. After `signal` fires, statements still run, so
 * that callers can clean up. However, all connections are then closed as soon as a response takes longer than
 * `LAST_ANSWER_MS`.
 */
export async function openDatabase(address: Address, signal?: AbortSignal): Promise<Database> {
  const { default: pg } = await import("pg");
  const { shown } = address;
  const subject = queueSubject(shown);
  const sockets = createSockets();
  let givenUp = false;
  const giveUp = (): void => {
    givenUp = true;
    sockets.cut();
  };
  const inTime = async <T>(exchange: () => Promise<T>): Promise<T> => {
    const unwatch = afterAbort(signal, LAST_ANSWER_MS, giveUp);
    try {
      return await exchange();
    } finally {
      unwatch();
    }
  };
  const config = connectionConfig(address, { applicationName: "mmel jobs", answerMs: ANSWER_MS, sockets });
  const pool: Pool = new pg.Pool({ ...config, max: 4 });
  pool.on("error", () => {}); // an idle connection was lost; the next statement opens a new connection
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    if (givenUp) throw silent(shown);
    try {
      return await work();
    } catch (error) {
      const known = await explainRights(error, subject, address, NEEDED);
      throw givenUp && isTransient(known) ? silent(shown, error) : known;
    }
  };
  const session = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    explained(async () => {
      const client = await inTime(() =>
        address.encryption.connect((ssl) => {
          pool.options.ssl = ssl;
          return pool.connect();
        }),
      );
      client.on("error", ignore);
      try {
        const result = await work(sqlOf(client, inTime));
        client.off("error", ignore);
        client.release();
        return result;
      } catch (error) {
        client.release(true);
        throw error;
      }
    });
  return {
    shown,
    query: (text, values) => session((sql) => sql.query(text, values)),
    session,
    transaction: (work) =>
      session(async (sql) => {
        await sql.query("begin");
        const result = await work(sql); // if it throws, the connection is closed, which rolls back
        await sql.query("commit");
        return result;
      }),
    [Symbol.asyncDispose]: async () => {
      setTimeout(giveUp, LAST_ANSWER_MS).unref(); // `pool.end` does not wait until the sockets are closed, and open sockets keep the process alive
      await pool.end();
    },
  };
}

function ignore(): void {} // the current or the next statement reports the error

const silent = (where: string, cause?: unknown): MmelError =>
  new MmelError("ABORTED", { what: "interrupted while the server was not responding", where, cause });

function sqlOf(client: PoolClient, inTime: <T>(exchange: () => Promise<T>) => Promise<T>): Sql {
  return {
    async query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]) {
      const answer: QueryResult<Row> | QueryResult<Row>[] = await inTime(() =>
        values === undefined ? client.query<Row>(text) : client.query<Row>(text, [...values]),
      );
      const result = Array.isArray(answer) ? answer.at(-1) : answer; // several results if the text contains several statements
      return { rows: result?.rows ?? [], changed: result?.rowCount ?? 0 };
    },
  };
}
