import type { Client, ClientConfig } from "pg";
import type { Address } from "./address.js";
import { type Sockets, settleOrCut } from "./sockets.js";

/** Time limit for establishing a connection, in milliseconds. */
const CONNECT_MS = 10_000;

/**
 * Milliseconds to wait for a response after the statement's own time limit. Normally the server cancels a slow
 * statement itself; this limit applies if the server no longer responds.
 */
const GRACE_MS = 2000;

/** Milliseconds without traffic before the operating system checks whether the server is still reachable. */
const IDLE_MS = 30_000;

export interface ConnectionOptions {
  /** Name of the connection in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Time limit for a statement, in milliseconds, enforced by the server; default 0, which means no limit. */
  readonly statementMs?: number;
  /**
   * Time limit for the response to a statement, in milliseconds. Default: `statementMs` plus 2 seconds, or no limit
   * if `statementMs` is 0.
   */
  readonly answerMs?: number;
  /** Settings of the session, such as `search_path`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** The group to which the socket of the connection is added. */
  readonly sockets?: Sockets;
}

/** Returns the configuration for a client or pool of `pg`. */
export function connectionConfig(
  { connection, encryption, connectMs = CONNECT_MS, sessionOptions }: Address,
  { applicationName, statementMs = 0, answerMs, settings = {}, sockets }: ConnectionOptions,
): ClientConfig {
  const answer = answerMs ?? (statementMs > 0 ? statementMs + GRACE_MS : undefined);
  const own = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const options = [sessionOptions, ...own].filter((option) => option !== "");
  return {
    connectionString: connection,
    application_name: applicationName,
    ssl: encryption.current,
    connectionTimeoutMillis: Math.min(connectMs, answer ?? connectMs),
    keepAlive: true,
    keepAliveInitialDelayMillis: IDLE_MS,
    statement_timeout: statementMs > 0 && statementMs,
    ...(answer !== undefined && { query_timeout: answer }),
    ...(sockets !== undefined && { stream: sockets.make }),
    ...(options.length > 0 && { options: options.join(" ") }),
  };
}

/**
 * Opens a connection with this configuration, with or without TLS. If the connection is lost later, the next query
 * throws. Throws the errors of `pg`.
 */
export function connect({ encryption }: Address, config: ClientConfig): Promise<Client> {
  return encryption.connect((ssl) => open({ ...config, ssl }));
}

async function open(config: ClientConfig): Promise<Client> {
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

/** Closes a connection, even if the server does not respond. */
export async function disconnect(client: Client): Promise<void> {
  await settleOrCut(client.end(), () => client.connection.stream.destroy());
}
