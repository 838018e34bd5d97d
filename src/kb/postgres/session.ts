import type { Client } from "pg";
import { MmelError, throwIfAborted } from "../../core/index.js";
import {
  connect,
  connectionConfig,
  createSockets,
  disconnect,
  explain,
  type Sockets,
  settleOrCut,
  withRetries,
} from "../../postgres/index.js";
import { kbSubject, type Purpose, type Target } from "./target.js";

export interface ServerOptions {
  /** Milliseconds that a statement may take; default no limit, because those of an import may take long. */
  readonly timeout?: number;
  /** The similarity from which `%` of pg_trgm holds (0.3). */
  readonly similarity?: number;
  /** The group that the connection's socket joins. */
  readonly sockets?: Sockets;
}

/** The configuration of `pg` for a target. `search_path` holds only system tables, because statements name the schema of each table. */
export function serverConfig(target: Target, { timeout = 0, similarity = 0.3, sockets }: ServerOptions = {}) {
  return connectionConfig(target, {
    applicationName: "mmel",
    statementMs: timeout,
    settings: { "pg_trgm.similarity_threshold": similarity, search_path: "pg_catalog" },
    ...(sockets && { sockets }),
  });
}

/** Retries `action` for `target.retry` while the server is unavailable, and turns its errors into MmelErrors. */
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
    explain: (error) => explain(error, subject),
  });
}

/** One connection for importing, replaced when it is lost. */
export interface Session extends AsyncDisposable {
  /**
   * Runs a step, and repeats it from its start if the server becomes unavailable; steps must be safe to repeat. When the signal
   * fires, the step is cancelled, and the connection is closed if the server does not answer.
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
    const fresh = await connect(serverConfig(target, { sockets }));
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

/** Cancels the statement that the server runs for a connection. */
async function cancelStatement(target: Target, client: Client, sockets: Sockets): Promise<void> {
  const { processID } = client as unknown as { processID: number | null };
  if (processID === null) return;
  const other = await connect(serverConfig(target, { sockets })).catch(() => undefined);
  if (other === undefined) return;
  await other.query("select pg_cancel_backend($1)", [processID]).catch(() => {});
  await disconnect(other);
}

/** Memory of the server for sorting and indexing, and durable commits. */
const STEP_SETTINGS =
  "set local work_mem = '128MB'; set local maintenance_work_mem = '256MB'; set local synchronous_commit = on";

/** Runs a step of an import in a transaction. */
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
