import { Socket } from "node:net";

/*
 * If the server's machine or the network fails, the server never closes its connections. Closing must not wait for such
 * a server, so this side closes the sockets when a response is late.
 */

/** Milliseconds to wait for a server's last response when a connection is closed, or after Ctrl-C. */
export const LAST_ANSWER_MS = 3000;

/** The sockets of a group of connections. */
export interface Sockets {
  /** Returns a new socket for a connection of `pg`. */
  readonly make: () => Socket;
  /** Closes all open sockets without notifying the server. */
  readonly cut: () => void;
}

export function createSockets(): Sockets {
  const open = new Set<Socket>();
  return {
    make() {
      const socket = new Socket();
      open.add(socket);
      socket.once("close", () => open.delete(socket));
      return socket;
    },
    cut() {
      for (const socket of open) socket.destroy();
    },
  };
}

/**
 * Waits until the last exchange with a server succeeds or fails. Calls `cut` if the exchange takes longer than
 * `LAST_ANSWER_MS`.
 */
export async function settleOrCut(last: Promise<unknown>, cut: () => void): Promise<void> {
  const late = setTimeout(cut, LAST_ANSWER_MS);
  await last.catch(() => {});
  clearTimeout(late);
}

/**
 * Calls `act` once, `delayMs` after the signal fires, or `delayMs` from now if the signal has already fired. Returns
 * a function that cancels the call.
 */
export function afterAbort(signal: AbortSignal | undefined, delayMs: number, act: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    if (delayMs === 0) act();
    else timer = setTimeout(act, delayMs);
  };
  if (signal?.aborted) start();
  else signal?.addEventListener("abort", start, { once: true });
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", start);
  };
}
