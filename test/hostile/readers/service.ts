import { once } from "node:events";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { captionFromWire, captionLines, type WireCaption } from "../../../src/formats/index.js";
import { importKb } from "../../../src/linker/index.js";
import { type Server, startServer } from "../../../src/server/index.js";
import { described, xmp } from "../../datasets/pictures/make.js";
import { expected, json, jsonLines, type Reader, text } from "../reader.js";
import { entities, REPO, wireCaptions } from "./demo.js";

let server: Promise<Server> | undefined;

/** One service for all rows. */
async function start(folder: string): Promise<Server> {
  await importKb(join(folder, "kb"), entities, { name: "base" });
  return startServer({
    kb: join(folder, "kb"),
    model: "lexical",
    images: join(REPO, "demo/images"),
    features: join(folder, "features"),
    catalogues: join(folder, "catalogues"),
    port: 0,
    version: "0.0.0",
    log: { level: "silent" },
    limits: { receiveSeconds: 2, answerSeconds: 10 },
  });
}

interface Given {
  readonly name?: string;
  readonly type?: string;
  readonly body?: Uint8Array;
  /** Whether the valid request gets the answer that there is no such thing. */
  readonly isMissing?: boolean;
}

/** A row whose inputs are requests: changes of the path with its parameters, and of the body. */
function requests(
  method: "GET" | "POST" | "DELETE",
  path: string,
  { name, type, body, isMissing = false }: Given = {},
): Reader {
  const [route = ""] = path.split("?");
  return {
    name: `${method} ${route}${name === undefined ? "" : ` (${name})`}`,
    async sample(folder) {
      server ??= start(folder);
      await server;
      return {
        path: text(path),
        ...(type !== undefined && { type: text(type) }),
        ...(body !== undefined && { body }),
      };
    },
    targets: body === undefined ? ["path"] : ["body", "body", "body", "body", "type", "path"],
    async read(input) {
      const head = [`${method} ${await readFile(join(input, "path"), "latin1")} HTTP/1.1`, "host: localhost"];
      if (type !== undefined) head.push(`content-type: ${await readFile(join(input, "type"), "latin1")}`);
      const sent = body === undefined ? Buffer.alloc(0) : await readFile(join(input, "body"));
      await ask((await server!).url, head, sent, isMissing ? [404] : [409]);
    },
    seconds: 10,
  };
}

/**
 * Sends a request. Throws an error unless the answer is one of those that are documented, and for the valid request
 * unless it is a success or one of `also`, such as 409 while the import of another row is running.
 */
async function ask(
  url: string,
  head: readonly string[],
  body: Uint8Array,
  also: readonly number[],
): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const parts: Buffer[] = [];
  socket.on("data", (part) => parts.push(part));
  socket.on("error", () => {}); // the service closes the connection of an invalid request
  const lines = [...head, `content-length: ${body.length}`, "connection: close"];
  socket.write(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));
  socket.write(body);
  await once(socket, "close");
  const answer = Buffer.concat(parts).toString();
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
  if (expected.valid && status >= 400 && !also.includes(status))
    throw new Error(`the valid request gets: ${answer.slice(0, 1000)}`);
  const isNamed = status < 500 || (status < 600 && /"code":"(?!INTERNAL)/.test(answer));
  if (!isNamed) throw new Error(`answer: ${answer.slice(0, 1000)}`);
}

const boundary = "x5cJ0";
const form = Buffer.concat([
  text(
    `--${boundary}\r\ncontent-disposition: form-data; name="caption"\r\n\r\n${JSON.stringify(wireCaptions[0])}\r\n--${boundary}\r\n` +
      'content-disposition: form-data; name="image"; filename="a.png"\r\ncontent-type: image/png\r\n\r\n',
  ),
  readFileSync(join(REPO, "demo/images/entities/jordan.png")),
  text(`\r\n--${boundary}--\r\n`),
]);
const tableForm = (fields: Readonly<Record<string, string>>): Uint8Array =>
  text(
    [
      ...Object.entries(fields).map(
        ([name, value]) =>
          `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      ),
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n`,
      "no;name;born\r\n01;Ann Vale;1891\r\n02;Bo Lind;1902\r\n",
      `\r\n--${boundary}--\r\n`,
    ].join(""),
  );
const multipart = `multipart/form-data; boundary=${boundary}`;
const mapping = JSON.stringify({
  delimiter: ";",
  columns: { no: "id", name: "label", born: "properties.birth" },
});
const captionMapping = JSON.stringify({ columns: { no: "id", name: "text" } });
const encoded = (fields: Readonly<Record<string, unknown>>): string =>
  new URLSearchParams(
    Object.entries(fields).map(([name, value]): [string, string] => [name, JSON.stringify(value)]),
  ).toString();

const queries = {
  q0: {
    query: "Jordan",
    type: "person",
    limit: 3,
    properties: [{ pid: "occupation", v: ["actor", { id: "x" }] }],
  },
  q1: { query: "Paris", type_strict: "should" },
};
const extend = { ids: [entities[0]!.id], properties: [{ id: "occupation" }] };
const id = encodeURIComponent(entities[0]!.id);
const FORM = "application/x-www-form-urlencoded";

async function nifOf(wires: readonly WireCaption[]): Promise<string> {
  let all = "";
  const captions = wires.map((wire) => captionFromWire(wire));
  for await (const text of captionLines(captions, { format: "nif" })) all += text;
  return all;
}

/** Requests to every route of the service. */
export const SERVICE_READERS: readonly Reader[] = [
  requests("POST", "/v1/link?topK=3&format=displacy", {
    name: "caption",
    type: "application/json",
    body: json(wireCaptions[0]),
  }),
  requests("POST", "/v1/link?detect=true", {
    name: "batch",
    type: "application/json",
    body: json({ captions: wireCaptions.slice(0, 3) }),
  }),
  requests("POST", "/v1/link", {
    name: "stream",
    type: "application/x-ndjson",
    body: jsonLines(wireCaptions.slice(0, 3)),
  }),
  requests("POST", "/v1/link", {
    name: "form",
    type: `multipart/form-data; boundary=${boundary}`,
    body: form,
  }),
  requests("POST", "/v1/nif?entityBase=http://example.org/&detect=true", {
    type: "text/turtle",
    body: text(await nifOf(wireCaptions.slice(0, 3))),
  }),
  requests("GET", `/v1/entities/${id}?relations=true`),
  requests("GET", `/v1/entities/${id}/images/0`),
  requests("GET", "/v1/search?name=Jordan&limit=5"),
  requests("GET", "/v1/images?path=entities/jordan.png"),
  requests("GET", "/v1/models?catalogue=base"),
  requests("GET", "/v1/catalogues"),
  requests("POST", "/v1/tables/preview", {
    name: "form",
    type: multipart,
    body: tableForm({ as: "entities", mapping }),
  }),
  requests("POST", "/v1/tables/captions", {
    name: "form",
    type: multipart,
    body: tableForm({ mapping: captionMapping }),
  }),
  requests("POST", "/v1/pictures/caption", {
    name: "form",
    type: multipart,
    body: tableForm({ path: "a.jpg", sidecar: xmp(described(["en", "Ada"])) }),
  }),
  requests("POST", "/v1/catalogues", {
    name: "form",
    type: multipart,
    body: tableForm({ name: "people", update: "false", mapping }),
  }),
  requests("POST", "/v1/catalogues/none/entities", {
    name: "additions",
    type: "application/json",
    body: json({ entities: [{ id: "x", label: "X" }] }),
    isMissing: true,
  }),
  requests("DELETE", "/v1/catalogues/none", { isMissing: true }),
  requests("GET", "/v1/imports/none", { isMissing: true }),
  requests("DELETE", "/v1/imports/none", { isMissing: true }),
  requests("GET", "/v1/imports/none/rejects", { isMissing: true }),
  requests("GET", "/healthz"),
  requests("GET", "/readyz"),
  requests("POST", "/v1/admin/reload"),
  requests("GET", "/metrics"),
  requests("GET", "/openapi.json"),
  requests("GET", `/reconcile?${encoded({ queries })}`),
  requests("POST", "/reconcile", { name: "queries", type: FORM, body: text(encoded({ queries })) }),
  requests("POST", "/reconcile", { name: "extension", type: FORM, body: text(encoded({ extend })) }),
  requests("GET", "/reconcile/properties?type=person&limit=5"),
  requests("GET", `/reconcile/preview?id=${id}`),
  requests("GET", "/reconcile/suggest/entity?prefix=Jor&cursor=1"),
  requests("GET", "/reconcile/suggest/type?prefix=per"),
  requests("GET", "/reconcile/suggest/property?prefix=occ"),
];
