import { setTimeout } from "node:timers/promises";
import type { Client, ClientConfig } from "pg";
import { MmelError, throwIfAborted } from "../../core/index.js";
import { failure, isAway, type Purpose } from "../../postgres/errors.js";
import { farewell, type Sockets } from "../../postgres/sockets.js";
import type { Target } from "./target.js";

/** Milliseconds for a connection to come about. */
const CONNECT = 10_000;

/** Milliseconds that an answer may be late by: the server ends a statement that takes too long, unless it is silent. */
const GRACE = 2000;

/** Milliseconds without traffic after which a server's machine is asked whether it is still there. */
const IDLE = 30_000;

export interface ConnectOptions {
  /** Milliseconds a statement may take; default none, which long ones of an import need. */
  readonly timeout?: number;
  /** From which similarity on pg_trgm's `%` holds (0.3). */
  readonly similarity?: number;
  /** Those that the connection's socket is to belong to. */
  readonly sockets?: Sockets;
}

/** How `pg` connects to a target. `search_path` is empty: every name is written with its schema. */
export function connectionConfig(
  target: Target,
  { timeout = 0, similarity = 0.3, sockets }: ConnectOptions = {},
): ClientConfig {
  const limited = timeout > 0;
  return {
    connectionString: target.connection,
    application_name: "mmel",
    connectionTimeoutMillis: limited ? Math.min(CONNECT, timeout + GRACE) : CONNECT,
    keepAlive: true,
    keepAliveInitialDelayMillis: IDLE,
    statement_timeout: limited && timeout,
    ...(limited && { query_timeout: timeout + GRACE }),
    ...(sockets && { stream: sockets.make }),
    options: `-c pg_trgm.similarity_threshold=${similarity} -c search_path=pg_catalog`,
  };
}

/** One connection; its loss is told by the next query. `KB_UNAVAILABLE`, `KB_DENIED`, `KB_NOT_FOUND` as raw errors of `pg`. */
export async function connect(target: Target, options?: ConnectOptions): Promise<Client> {
  const { default: pg } = await import("pg");
  const client = new pg.Client(connectionConfig(target, options));
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    void disconnect(client);
    throw error;
  }
}

/** Ends a connection, also with a server that is silent. */
export async function disconnect(client: Client): Promise<void> {
  await farewell(client.end(), () => client.connection.stream.destroy());
}

/**
 * Tries again, at growing distances and for `target.retry` since the first failure, while the server is away. Then the error as
 * users read it. `ABORTED`.
 */
export async function persist<T>(
  target: Target,
  purpose: Purpose,
  signal: AbortSignal | undefined,
  action: () => Promise<T>,
): Promise<T> {
  let end: number | undefined;
  for (let pause = 50; ; pause = Math.min(2000, 2 * pause)) {
    throwIfAborted(signal);
    try {
      return await action();
    } catch (error) {
      end ??= performance.now() + target.retry;
      const left = end - performance.now();
      if (!isAway(error) || left <= 0)
        throw signal?.aborted ? aborted(signal) : failure(error, target, purpose);
      await setTimeout(
        Math.min(pause * (0.75 + 0.5 * Math.random()), left),
        undefined,
        signal && { signal },
      ).catch(() => {});
    }
  }
}

function aborted(signal: AbortSignal): MmelError {
  return new MmelError("ABORTED", { what: "interrupted", cause: signal.reason });
}
