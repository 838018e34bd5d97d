import { Socket } from "node:net";

/** The sockets of some connections, to be cut all at once: a silent server never closes one. */
export interface Sockets {
  /** A new one, for a connection of `pg`. */
  readonly make: () => Socket;
  /** Closes those that are open, without a word to the server. */
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

/** Milliseconds that a server has for the last that is wanted of it. */
const FAREWELL = 2000;

/** Waits for the last that is wanted of a server, whether it fails or not; with one that is silent, cuts what it waits for. */
export async function farewell(last: Promise<unknown>, cut: () => void): Promise<void> {
  const late = setTimeout(cut, FAREWELL);
  await last.catch(() => {});
  clearTimeout(late);
}
