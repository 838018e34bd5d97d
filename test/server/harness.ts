import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { readEntities } from "../../src/formats/index.js";
import { importKb } from "../../src/linker/index.js";
import { type Server, type ServerOptions, startServer } from "../../src/server/index.js";

/** A folder of its own below the system's temporary one, gone after the file's tests. */
export function scratch(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "mmel-server-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/** The demo's knowledge base, imported. */
export async function importDemo(kb: string): Promise<string> {
  await importKb(kb, demoEntities(), { name: "demo" });
  return kb;
}

async function* demoEntities() {
  for await (const read of readEntities("demo/entities.jsonl")) {
    if (read.kind === "rejected") throw read.error;
    yield read.value;
  }
}

export interface Served {
  /** Fetches an address of the service. */
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
  readonly post: (path: string, body: unknown, init?: RequestInit) => Promise<Response>;
  readonly server: () => Server;
}

/** A service on a free port, for the tests of a file; of the demo's knowledge base with the lexical model unless told. */
export function serving(options: Partial<ServerOptions> = {}): Served {
  const path = scratch();
  let server: Server | undefined;
  beforeAll(async () => {
    const kb = options.kb ?? (await importDemo(path("kb")));
    server = await startServer({
      kb,
      model: "lexical",
      port: 0,
      version: "0.0.0",
      log: { level: "silent" },
      ...options,
    });
  });
  afterAll(() => server?.close());
  const get = (path: string, init?: RequestInit) => fetch(`${server!.url}${path}`, init);
  return {
    get,
    post: (path, body, init) =>
      get(path, {
        method: "POST",
        body: JSON.stringify(body),
        ...init,
        headers: { "content-type": "application/json", ...init?.headers },
      }),
    server: () => server!,
  };
}

/** What a raw connection gets back for some text, until it is closed. */
export async function raw(server: Server, ...texts: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  const parts: Buffer[] = [];
  socket.on("data", (part) => parts.push(part));
  socket.on("error", () => {}); // closed by the other side
  for (const text of texts) socket.write(text);
  await once(socket, "close");
  return Buffer.concat(parts).toString();
}

export const kerry = {
  id: "1",
  text: "John Kerry",
  mentions: [{ text: "John Kerry", start: 0, end: 10 }],
};
