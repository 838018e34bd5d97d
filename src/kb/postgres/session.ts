import type { Client } from "pg";
import { MmelError, throwIfAborted } from "../../core/index.js";
import {
  connect,
  connectionConfig,
  createSockets,
  disconnect,
  explainRights,
  type Sockets,
  settleOrCut,
  withRetries,
} from "../../postgres/index.js";
import { kbSubject, neededRights, type Purpose, type Target } from "./target.js";

export interface ServerOptions {
  /** Time limit for a statement, in milliseconds; default: no limit, because statements of an import may take long. */
  readonly timeout?: number;
  /** Minimum similarity for the operator `%` of pg_trgm; default 0.3. */
  readonly similarity?: number;
  /** The group to which the socket of the connection is added. */
  readonly sockets?: Sockets;
}

/**
 * Returns the configuration of `pg` for a target. `search_path` contains only the system schema, because statements
 * name the schema of each table.
 */
export function serverConfig(target: Target, { timeout = 0, similarity = 0.3, sockets }: ServerOptions = {}) {
  return connectionConfig(target, {
    applicationName: "mmel",
    statementMs: timeout,
    settings: { "pg_trgm.similarity_threshold": similarity, search_path: "pg_catalog" },
    ...(sockets && { sockets }),
  });
}

/**
 * Runs `action` and converts its errors to `MmelError`. While the server is unavailable, retries for up to
 * `target.retry` milliseconds.
 */
export function withServer<T>(
  target: Target,
  purpose: Purpose,
  signal: AbortSignal | undefined,
  action: () => Promise<T>,
): Promise<T> {
  const subject = kbSubject(target, purpose);
  return withRetries(action, {
    patienceMs: target.retry,
    signal,
    explain: (error) => explainRights(error, subject, target, neededRights(target, purpose)),
  });
}

/** A connection for importing, which is replaced when it is lost. */
export interface Session extends AsyncDisposable {
  /**
   * Runs a step, and repeats it from its start if the server becomes unavailable. Steps must be safe to repeat. When
   * the signal fires, cancels the step, and closes the connection if the server does not respond.
   */
  run<T>(step: (client: Client) => Promise<T>): Promise<T>;
}

export interface SessionOptions {
  readonly signal?: AbortSignal | undefined;
  /** Prepares each new connection, including the first, for example by taking locks. */
  readonly begin: (client: Client) => Promise<void>;
}

export function createSession(target: Target, { signal, begin }: SessionOptions): Session {
  const sockets = createSockets();
  let client: Client | undefined;
  const close = async (): Promise<void> => {
    const old = client;
    client = undefined;
    if (old !== undefined) await disconnect(old);
  };
  const ready = async (): Promise<Client> => {
    if (client !== undefined) return client;
    const fresh = await connect(target, serverConfig(target, { sockets }));
    try {
      await begin(fresh);
    } catch (error) {
      await disconnect(fresh);
      throw error;
    }
    client = fresh;
    return fresh;
  };
  const attempt = async <T>(step: (client: Client) => Promise<T>): Promise<T> => {
    try {
      return await step(await ready());
    } catch (error) {
      if (!(error instanceof MmelError)) await close();
      throwIfAborted(signal);
      throw error;
    }
  };
  return {
    run: (step) =>
      withServer(target, "importing", signal, async () => {
        const done = attempt(step);
        const stop = (): void => {
          if (client !== undefined) void cancelStatement(target, client, sockets);
          void settleOrCut(done, sockets.cut);
        };
        signal?.addEventListener("abort", stop, { once: true });
        return done.finally(() => signal?.removeEventListener("abort", stop));
      }),
    async [Symbol.asyncDispose]() {
      await close();
      sockets.cut();
    },
  };
}

/** Cancels the statement that the server is running for a connection. */
async function cancelStatement(target: Target, client: Client, sockets: Sockets): Promise<void> {
  const { processID } = client as unknown as { processID: number | null };
  if (processID === null) return;
  const other = await connect(target, serverConfig(target, { sockets })).catch(() => undefined);
  if (other === undefined) return;
  await other.query("select pg_cancel_backend($1)", [processID]).catch(() => {});
  await disconnect(other);
}

/** Settings of an import transaction: the server's memory limits for sorting and indexing, and durable commits. */
const STEP_SETTINGS =
  "set local work_mem = '128MB'; set local maintenance_work_mem = '256MB'; set local synchronous_commit = on";

/** Runs a step of an import in a transaction and returns its result. Rolls back if the step throws. */
export async function transaction<T>(client: Client, step: () => Promise<T>): Promise<T> {
  await client.query("begin");
  try {
    await client.query(STEP_SETTINGS);
    const result = await step();
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}
