import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import { type Problem, readEntities, type WireLinks } from "../../src/formats/index.js";
import { importKb } from "../../src/linker/index.js";
import { type Server, type ServerOptions, startServer } from "../../src/server/index.js";

/** Returns paths in a new temporary folder, which is deleted after the tests of the file. */
export function scratch(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "mmel-server-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/** Imports the demo's knowledge base. */
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
  /** Sends a request to the service. */
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
  readonly post: (path: string, body: unknown, init?: RequestInit) => Promise<Response>;
  readonly server: () => Server;
}

/** Starts a service on a free port for the tests of a file, by default with the demo's knowledge base and the lexical model. */
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

/** Sends text over a raw connection and returns everything received until it is closed. */
export async function raw(server: Server, ...texts: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  const parts: Buffer[] = [];
  socket.on("data", (part) => parts.push(part));
  socket.on("error", () => {}); // the server may close it
  for (const text of texts) socket.write(text);
  await once(socket, "close");
  return Buffer.concat(parts).toString();
}

export const kerry = {
  id: "1",
  text: "John Kerry",
  mentions: [{ text: "John Kerry", start: 0, end: 10 }],
};

export const STREAM_HEADERS = { "content-type": "application/x-ndjson" };

/** An open stream that sends and receives lines on demand. */
export function openStream(url: string) {
  const sending = request(`${url}/v1/link`, { method: "POST", headers: STREAM_HEADERS });
  const answers: (WireLinks & Problem)[] = [];
  let status = 0;
  sending.on("error", () => {}); // the server may close the connection
  const ended = once(sending, "response").then(async ([response]) => {
    status = response.statusCode;
    let text = "";
    for await (const part of response) {
      const lines = (text + part).split("\n");
      text = lines.pop()!;
      answers.push(...lines.map((line) => JSON.parse(line)));
    }
  });
  ended.catch(() => {});
  return {
    send: (value: unknown) => sending.write(`${typeof value === "string" ? value : JSON.stringify(value)}\n`),
    end: () => sending.end(),
    leave: () => sending.destroy(),
    answers,
    status: () => status,
    ended,
    async received(count: number) {
      while (answers.length < count) await sleep(5);
    },
  };
}
