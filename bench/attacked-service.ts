/**
 * Measures the service while it is attacked: `npm run build && npx tsx bench/attacked-service.ts [SECONDS]`. Sends 20 good
 * requests per second. Meanwhile, sends each hostile request in turn, and continues for SECONDS (default 5) after its
 * response. Prints a row per attack: the status, the time until the response, the good requests that failed or were answered
 * wrongly, and the latency of /healthz. Runs all attacks twice and compares the memory after each round. Ends with exit code
 * 1 if a good request failed, if the 99th percentile of /healthz is above 100 ms, or if the memory grew by more than 10 %.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type Caption, createLinker, importKb } from "mmel";
import { captionToWire, linksToWire, type Read, readCaptions, readEntities } from "mmel/formats";
import { Agent, request } from "undici";
import { hugePng } from "../test/encoders/image/pictures.js";

const GOOD_PER_SECOND = 20;
const seconds = Number(process.argv[2] ?? 5);
const folder = await mkdtemp(join(tmpdir(), "mmel-bench-"));
const kb = join(folder, "kb");
await importKb(kb, values(readEntities("demo/entities.jsonl")), { name: "demo" });
const captions: Caption[] = [];
for await (const caption of values(readCaptions("demo/captions.jsonl"))) captions.push(caption);
const expected = await linkedEntities();
const service = await startService();
const good = new Agent({ connections: 64 });
const health = new Agent();
const hostile = new Agent({ headersTimeout: 120_000, bodyTimeout: 120_000 });

type Outcome = string;
type Attack = () => Promise<Outcome>;

const post = (path: string, type: string, body: string | Buffer): Promise<Outcome> =>
  request(`${service.url}${path}`, {
    method: "POST",
    headers: { "content-type": type },
    body,
    dispatcher: hostile,
  }).then(
    async ({ statusCode, body: answer }) => {
      await answer.dump();
      return String(statusCode);
    },
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
const json = (body: unknown): Promise<Outcome> => post("/v1/link", "application/json", JSON.stringify(body));
const pictured = (picture: Buffer | string): Promise<Outcome> =>
  json({
    id: "x",
    text: "Paris",
    mentions: [{ text: "Paris" }],
    imageData: Buffer.from(picture).toString("base64"),
  });
const detected = (text: string): Promise<Outcome> => json({ id: "x", text, detect: true });
const svg = (content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">${content}</svg>`;

/** Sends the start of a request and then one byte per second until the service closes the connection. */
const dripped = (head: string): Promise<Outcome> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname, () => socket.write(head));
    const timer = setInterval(() => socket.write(" "), 1000);
    const limit = setTimeout(() => socket.destroy(new Error("still open after 90 s")), 90_000);
    let status = "closed";
    socket.on("data", (data) => {
      status = /^HTTP\/1\.1 (\d+)/.exec(String(data))?.[1] ?? status;
    });
    socket.on("error", (error) => {
      if (error.message.startsWith("still")) status = error.message;
    });
    socket.on("close", () => {
      clearInterval(timer);
      clearTimeout(limit);
      resolve(status);
    });
  });

/** Built in advance, because that would block this process during the measurement. */
const MANY_KEYS = Buffer.from(
  `{"id":"x","text":"Paris","mentions":[],${Array.from({ length: 1_000_000 }, (_, at) => `"k${at}":1`).join(",")}}`,
);

const ATTACKS: Readonly<Record<string, Attack>> = {
  "SVG: 100 feMorphology of radius 1,000": () =>
    pictured(
      svg(
        `<filter id="f" filterUnits="userSpaceOnUse" x="0" y="0" width="10000" height="10000">${'<feMorphology operator="dilate" radius="1000"/>'.repeat(100)}</filter><rect width="100" height="100" filter="url(#f)"/>`,
      ),
    ),
  "SVG: a path of 5 MB": () => pictured(svg(`<path d="M0 0${" L1 1 C1 2 3 4 5 6".repeat(270_000)}"/>`)),
  "SVG: nested use": () =>
    pictured(
      svg(
        `<g id="u0"><rect width="1" height="1"/></g>${Array.from({ length: 12 }, (_, at) => `<g id="u${at + 1}">${`<use href="#u${at}"/>`.repeat(10)}</g>`).join("")}<use href="#u12"/>`,
      ),
    ),
  "PNG of 1 × 50,000,000": () => pictured(hugePng(1, 50_000_000)),
  "PNG of 30,000 × 30,000": () => pictured(hugePng(30_000, 30_000)),
  "JSON: [ eight million times": () => post("/v1/link", "application/json", "[".repeat(8_000_000)),
  "JSON: a million unknown keys": () => post("/v1/link", "application/json", MANY_KEYS),
  'detection: "St. " 10,000 times': () => detected("St. ".repeat(10_000)),
  'detection: "A.B. Mc\'D-" 10,000 times': () => detected("A.B. Mc'D-".repeat(10_000)),
  'detection: "St. " 900 times': () => detected("St. ".repeat(900)),
  "a form without a boundary": () => post("/v1/link", "multipart/form-data", "x"),
  "a form that is cut off": () =>
    post(
      "/v1/link",
      "multipart/form-data; boundary=b",
      '--b\r\ncontent-disposition: form-data; name="caption"\r\n\r\n{"id"',
    ),
  "invalid UTF-8": () =>
    post(
      "/v1/link",
      "application/json",
      Buffer.from([...Buffer.from('{"id":"x","text":"'), 0xff, ...Buffer.from('","mentions":[]}')]),
    ),
  "a body that drips": () =>
    dripped(
      `POST /v1/link HTTP/1.1\r\nhost: ${new URL(service.url).host}\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{`,
    ),
  "a stream that drips": () =>
    dripped(
      `POST /v1/link HTTP/1.1\r\nhost: ${new URL(service.url).host}\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n`,
    ),
};

try {
  await attacked("nothing", async () => "–"); // also warms up the service
  const memory: number[] = [];
  let isGood = true;
  for (const round of [1, 2]) {
    console.log(`\nround ${round}`);
    for (const [name, attack] of Object.entries(ATTACKS)) isGood = (await attacked(name, attack)) && isGood;
    await sleep(2000);
    memory.push(await residentMiB());
  }
  const grown = memory[1]! / memory[0]! - 1;
  console.log(`\nmemory after the first round: ${memory[0]} MiB, after the second: ${memory[1]} MiB`);
  const stopping = performance.now();
  service.child.kill("SIGTERM");
  await once(service.child, "exit");
  console.log(`SIGTERM ended the service after ${Math.round(performance.now() - stopping)} ms`);
  if (!isGood || grown > 0.1) process.exitCode = 1;
} finally {
  service.child.kill("SIGKILL");
  await Promise.all([good.close(), health.close(), hostile.destroy()]);
  await rm(folder, { recursive: true, force: true });
}

/** Runs an attack with good requests and health checks around it, and prints its row. Returns whether the service kept up. */
async function attacked(name: string, attack: Attack): Promise<boolean> {
  const counts = { sent: 0, wrong: 0, failed: 0 };
  const latencies: number[] = [];
  const open: Promise<void>[] = [];
  const stop = new AbortController();
  const good = repeated(GOOD_PER_SECOND, stop.signal, () => open.push(ask(counts)));
  const checks = repeated(20, stop.signal, () => open.push(check(latencies)));
  const start = performance.now();
  const outcome = await attack();
  const took = performance.now() - start;
  await sleep(seconds * 1000);
  stop.abort();
  await Promise.all([good, checks]);
  await Promise.all(open);
  latencies.sort((a, b) => a - b);
  const p99 = latencies[Math.floor(latencies.length * 0.99)]!;
  console.log(
    `${name.padEnd(42)} ${outcome.padEnd(10)} ${`${Math.round(took)} ms`.padStart(10)}  good: ${counts.sent} sent, ${counts.failed} failed, ${counts.wrong} wrong  /healthz p99 ${Math.round(p99)} ms, max ${Math.round(latencies.at(-1)!)} ms`,
  );
  return counts.failed === 0 && counts.wrong === 0 && p99 <= 100;
}

/** Calls `act` at a constant rate until the signal fires. */
async function repeated(perSecond: number, signal: AbortSignal, act: () => void): Promise<void> {
  const start = performance.now();
  for (let count = 0; !signal.aborted; count++) {
    act();
    await sleep(Math.max(0, start + ((count + 1) * 1000) / perSecond - performance.now()));
  }
}

async function ask(counts: { sent: number; wrong: number; failed: number }): Promise<void> {
  const caption = captions[counts.sent++ % captions.length]!;
  try {
    const { statusCode, body } = await request(`${service.url}/v1/link`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(captionToWire(caption)),
      dispatcher: good,
    });
    const links = (await body.json()) as { mentions?: { entity: { id: string } | null }[] };
    if (statusCode !== 200) counts.failed += 1;
    else if (
      JSON.stringify(links.mentions?.map(({ entity }) => entity?.id ?? null)) !== expected.get(caption.id)
    )
      counts.wrong += 1;
  } catch {
    counts.failed += 1;
  }
}

async function check(latencies: number[]): Promise<void> {
  const start = performance.now();
  try {
    const { statusCode, body } = await request(`${service.url}/healthz`, { dispatcher: health });
    await body.dump();
    latencies.push(statusCode === 200 ? performance.now() - start : Infinity);
  } catch {
    latencies.push(Infinity);
  }
}

async function linkedEntities(): Promise<ReadonlyMap<string, string>> {
  await using linker = await createLinker({ kb });
  const found = new Map<string, string>();
  for await (const { links, error } of linker.linkAll(captions)) {
    if (error !== undefined) throw error;
    found.set(links.id, JSON.stringify(linksToWire(links).mentions.map(({ entity }) => entity?.id ?? null)));
  }
  return found;
}

async function startService() {
  const child = spawn(
    process.execPath,
    ["dist/cli/main.js", "serve", "--kb", kb, "--port", "0", "--log-level", "error"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  for await (const line of createInterface(child.stdout)) {
    const url = /^(http:\S+) serves/.exec(line)?.[1];
    if (url !== undefined) return { child, url };
  }
  throw new Error("the service did not start");
}

async function residentMiB(): Promise<number> {
  const status = await readFile(`/proc/${service.child.pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

async function* values<T>(reads: AsyncIterable<Read<T>>): AsyncGenerator<T> {
  for await (const read of reads) if (read.kind === "record") yield read.value;
}
