import type { Client } from "pg";
import { MmelError, throwIfAborted } from "../../core/index.js";
import { connect, disconnect, persist } from "./connect.js";
import { createSockets, farewell, type Sockets } from "../../postgres/sockets.js";
import type { Target } from "./target.js";

/** One connection for importing, made again when it is lost. */
export interface Session extends AsyncDisposable {
  /**
   * Does a step; when the server goes away in the middle of it, does it again from its start. Stops it when the signal fires, by
   * cutting the connection if the server does not answer.
   */
  run<T>(step: (client: Client) => Promise<T>): Promise<T>;
}

export interface SessionOptions {
  readonly signal?: AbortSignal | undefined;
  /** What a new connection needs before anything else, such as locks; called for the first one too. */
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
    const fresh = await connect(target, { sockets });
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
      persist(target, "importing", signal, async () => {
        const done = attempt(step);
        const stop = (): void => {
          if (client !== undefined) void cancelOn(target, client, sockets);
          void farewell(done, sockets.cut);
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

/** Stops whatever the server does for a connection. */
async function cancelOn(target: Target, client: Client, sockets: Sockets): Promise<void> {
  const { processID } = client as unknown as { processID: number | null };
  if (processID === null) return;
  const other = await connect(target, { sockets }).catch(() => undefined);
  if (other === undefined) return;
  await other.query("select pg_cancel_backend($1)", [processID]).catch(() => {});
  await disconnect(other);
}
