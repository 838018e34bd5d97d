import { setTimeout } from "node:timers/promises";
import type { Client, ClientConfig } from "pg";
import { MmelError, throwIfAborted } from "../../core/index.js";
import { failure, isAway } from "./failures.js";
import type { Target } from "./target.js";

/** Milliseconds for a connection to come about. */
const CONNECT = 10_000;

export interface ConnectOptions {
  /** Milliseconds a statement may take; default none. */
  readonly timeout?: number;
  /** From which similarity on pg_trgm's `%` holds (0.3). */
  readonly similarity?: number;
}

/** How `pg` connects to a target. `search_path` is empty: every name is written with its schema. */
export function connectionConfig(
  target: Target,
  { timeout = 0, similarity = 0.3 }: ConnectOptions = {},
): ClientConfig {
  return {
    connectionString: target.connection,
    application_name: "mmel",
    connectionTimeoutMillis: CONNECT,
    keepAlive: true,
    statement_timeout: timeout === 0 ? false : timeout,
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
    void client.end().catch(() => {});
    throw error;
  }
}

/** Tries again, at growing distances and for `target.retry` in all, while the server is away. Then the error as users read it. */
export async function persist<T>(
  target: Target,
  signal: AbortSignal | undefined,
  action: () => Promise<T>,
): Promise<T> {
  const end = performance.now() + target.retry;
  for (let pause = 50; ; pause = Math.min(2000, 2 * pause)) {
    throwIfAborted(signal);
    try {
      return await action();
    } catch (error) {
      const left = end - performance.now();
      if (!isAway(error) || left <= 0) throw signal?.aborted ? aborted(signal) : failure(error, target);
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
