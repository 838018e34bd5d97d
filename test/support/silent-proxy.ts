import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A proxy that can fall silent: it keeps connections open and accepts new ones, but forwards nothing. */
export interface SilentProxy extends AsyncDisposable {
  /** The server's URL through the proxy. */
  readonly url: string;
  silence(): void;
  /** Number of connections accepted so far. */
  connections(): number;
}

export async function silentProxy(target: string): Promise<SilentProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let silent = false;
  let connections = 0;
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on("data", (bytes) => silent || to.write(bytes));
    from.on("end", () => silent || to.end());
    from.on("error", () => {});
    from.on("close", () => sockets.delete(from));
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    connections += 1;
    const far = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    pass(near, far);
    pass(far, near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    silence: () => {
      silent = true;
    },
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
