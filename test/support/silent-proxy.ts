import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can fall silent: it then passes nothing on and closes nothing, and takes connections all the same. */
export interface SilentProxy extends AsyncDisposable {
  /** The URL of the server, by way of this. */
  readonly url: string;
  /** From now on nothing is passed on. */
  silence(): void;
}

export async function silentProxy(url: string): Promise<SilentProxy> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let silent = false;
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on("error", () => {});
    from.on("data", (bytes) => silent || to.write(bytes));
    from.on("close", () => silent || to.destroy());
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect(Number(port), hostname);
    pass(client, upstream);
    pass(upstream, client);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const through = new URL(url);
  through.host = `127.0.0.1:${address.port}`;
  return {
    url: through.href,
    silence() {
      silent = true;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
