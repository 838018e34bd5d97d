import type { Client } from "pg";
import { MmelError, throwIfAborted } from "../../core/index.js";
import { type ConnectOptions, connect, persist } from "./connect.js";
import type { Target } from "./target.js";

/** One connection that is made again when it is lost. */
export interface Session extends AsyncDisposable {
  /** Does a step; when the server goes away in the middle of it, does it again from its start. Stops it when the signal fires. */
  run<T>(step: (client: Client) => Promise<T>): Promise<T>;
}

export interface SessionOptions extends ConnectOptions {
  readonly signal?: AbortSignal | undefined;
  /** What a new connection needs before anything else, such as locks; called for the first one too. */
  readonly begin: (client: Client) => Promise<void>;
}

export function createSession(target: Target, { signal, begin, ...options }: SessionOptions): Session {
  let client: Client | undefined;
  const close = async (): Promise<void> => {
    const old = client;
    client = undefined;
    await old?.end().catch(() => {});
  };
  const ready = async (): Promise<Client> => {
    if (client !== undefined) return client;
    const fresh = await connect(target, options);
    try {
      await begin(fresh);
    } catch (error) {
      await fresh.end().catch(() => {});
      throw error;
    }
    client = fresh;
    return fresh;
  };
  return {
    run: (step) =>
      persist(target, signal, async () => {
        const using = await ready();
        const cancel = (): void => void cancelOn(target, using);
        signal?.addEventListener("abort", cancel, { once: true });
        try {
          return await step(using);
        } catch (error) {
          if (!(error instanceof MmelError)) await close();
          throwIfAborted(signal);
          throw error;
        } finally {
          signal?.removeEventListener("abort", cancel);
        }
      }),
    [Symbol.asyncDispose]: close,
  };
}

/** Stops whatever the server does for a connection. */
async function cancelOn(target: Target, client: Client): Promise<void> {
  const { processID } = client as unknown as { processID: number | null };
  if (processID === null) return;
  const other = await connect(target).catch(() => undefined);
  await other?.query("select pg_cancel_backend($1)", [processID]).catch(() => {});
  await other?.end().catch(() => {});
}
