import type { Client, ClientConfig } from "pg";
import type { Address } from "./address.js";
import { type Sockets, settleOrCut } from "./sockets.js";

/** Milliseconds for a connection to be established. */
const CONNECT_MS = 10_000;

/** Milliseconds by which an answer may be late. The server itself ends a statement that takes too long, unless it is silent. */
const GRACE_MS = 2000;

/** Milliseconds without traffic before the operating system probes whether the server's machine is still reachable. */
const IDLE_MS = 30_000;

export interface ConnectionOptions {
  /** Name shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Milliseconds that a statement may take; 0 (the default) is no limit. The server enforces it. */
  readonly statementMs?: number;
  /** Milliseconds to wait for the answer to a statement; default `statementMs` and a little more, or no limit. */
  readonly answerMs?: number;
  /** Settings of the session, such as `search_path`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** The group that the connection's socket joins. */
  readonly sockets?: Sockets;
}

/** The configuration of a client or pool of `pg`. */
export function connectionConfig(
  { connection }: Address,
  { applicationName, statementMs = 0, answerMs, settings = {}, sockets }: ConnectionOptions,
): ClientConfig {
  const answer = answerMs ?? (statementMs > 0 ? statementMs + GRACE_MS : undefined);
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  return {
    connectionString: connection,
    application_name: applicationName,
    connectionTimeoutMillis: Math.min(CONNECT_MS, answer ?? CONNECT_MS),
    keepAlive: true,
    keepAliveInitialDelayMillis: IDLE_MS,
    statement_timeout: statementMs > 0 && statementMs,
    ...(answer !== undefined && { query_timeout: answer }),
    ...(sockets !== undefined && { stream: sockets.make }),
    ...(options.length > 0 && { options: options.join(" ") }),
  };
}

/** Opens one connection. A later loss of it is reported by the next query. Throws the errors of `pg`. */
export async function connect(config: ClientConfig): Promise<Client> {
  const { default: pg } = await import("pg");
  const client = new pg.Client(config);
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    void disconnect(client);
    throw error;
  }
}

/** Closes a connection, even if the server is silent. */
export async function disconnect(client: Client): Promise<void> {
  await settleOrCut(client.end(), () => client.connection.stream.destroy());
}
