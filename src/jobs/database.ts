import type { Pool, PoolClient, QueryResult, QueryResultRow } from "pg";
import { MmelError } from "../core/index.js";
import { createSockets } from "../postgres/sockets.js";
import type { Address } from "./database/address.js";
import { afterGrace } from "./database/after-grace.js";
import { isTransient, serverError } from "./database/server-error.js";

/** Something that statements can be sent to: the database, or one transaction on it. */
export interface Sql {
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Result<Row>>;
}

export interface Result<Row> {
  readonly rows: Row[];
  /** Rows that a statement changed. */
  readonly changed: number;
}

/** A database behind a pool of connections. Its errors are those of `serverError`, and `ABORTED` of one that was given up. */
export interface Database extends Sql, AsyncDisposable {
  /** As errors and logs may show it. */
  readonly shown: string;
  /** All of it or nothing: an error of `work` undoes what it did, and is thrown. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** One connection for what belongs to it, such as a lock; what fails in it is not used again. */
  session<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
}

const CONNECT_MS = 10_000;
/** Longest wait for one statement: a host that vanished sends nothing at all. */
const STATEMENT_MS = 120_000;
/** Longest wait for one answer when the user wants to leave, and for the end of connections. */
const LAST_MS = 3_000;

/**
 * Opens a database; connections are made when first needed. After `signal` work may go on, to bring it in order, while the
 * server answers: the first answer that does not come in time gives the database up.
 */
export async function openDatabase({ url, shown }: Address, signal?: AbortSignal): Promise<Database> {
  const { default: pg } = await import("pg");
  const sockets = createSockets();
  let givenUp = false;
  const giveUp = (): void => {
    givenUp = true;
    sockets.cut();
  };
  const inTime = async <T>(exchange: () => Promise<T>): Promise<T> => {
    const unwatch = afterGrace(signal, LAST_MS, giveUp);
    try {
      return await exchange();
    } finally {
      unwatch();
    }
  };
  const pool: Pool = new pg.Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
    keepAlive: true,
    application_name: "mmel jobs",
    stream: sockets.make,
  });
  pool.on("error", () => {}); // an idle connection that broke; the next statement makes another
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    if (givenUp) throw silent(shown);
    try {
      return await work();
    } catch (error) {
      const known = serverError(error, shown);
      throw givenUp && isTransient(known) ? silent(shown, error) : known;
    }
  };
  const session = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    told(async () => {
      const client = await inTime(() => pool.connect());
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
        const result = await work(sql); // when it fails, the connection is closed, which undoes what was done
        await sql.query("commit");
        return result;
      }),
    [Symbol.asyncDispose]: async () => {
      setTimeout(giveUp, LAST_MS).unref(); // the pool does not wait for its connections to end; the process would
      await pool.end();
    },
  };
}

function ignore(): void {} // the statement that runs, or the next one, tells it

const silent = (where: string, cause?: unknown): MmelError =>
  new MmelError("ABORTED", { what: "interrupted while the server did not answer", where, cause });

function sqlOf(client: PoolClient, inTime: <T>(exchange: () => Promise<T>) => Promise<T>): Sql {
  return {
    async query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]) {
      const answer: QueryResult<Row> | QueryResult<Row>[] = await inTime(() =>
        values === undefined ? client.query<Row>(text) : client.query<Row>(text, [...values]),
      );
      const result = Array.isArray(answer) ? answer.at(-1) : answer; // several statements in one text
      return { rows: result?.rows ?? [], changed: result?.rowCount ?? 0 };
    },
  };
}
