/**
 * Compares the service with the library: `npm run build && npx tsx bench/serve.ts [SECONDS]`. Measures the latency of POST
 * /v1/link and of `linker.link` for captions with two mentions. Measures the throughput of the service (with 16 concurrent
 * clients) and of `linker.linkAll`. Then overloads the service for SECONDS (default 60) with five times the request rate of the
 * throughput test, and compares every response with the library's result.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type Caption, createLinker, importKb, type Linker } from "mmel";
import {
  captionToWire,
  linksToWire,
  type Read,
  readCaptions,
  readEntities,
  type WireLinks,
} from "mmel/formats";
import { Agent, request } from "undici";

const ROUNDS = 150;
const CALLERS = 16;
const OVERLOAD = 5;

const seconds = Number(process.argv[2] ?? 60);
const folder = await mkdtemp(join(tmpdir(), "mmel-bench-"));
const kb = join(folder, "kb");
await importKb(kb, values(readEntities("demo/entities.jsonl")), { name: "demo" });
const captions: Caption[] = [];
for await (const caption of values(readCaptions("demo/captions.jsonl"))) captions.push(caption);
const linker = await createLinker({ kb });
const service = await startService();
const agent = new Agent({ connections: 900, pipelining: 1 }); // enough connections that requests do not wait for each other
const metricsAgent = new Agent(); // for reading the metrics during the overload

try {
  const expected = await linkAll(linker, captions); // also warms up the library
  await latency(captions.filter(({ mentions }) => mentions.length === 2));
  const rate = await throughput();
  await overload(rate, expected);
} finally {
  await agent.close();
  await metricsAgent.close();
  service.child.kill("SIGTERM");
  await once(service.child, "exit");
  await linker.close();
  await rm(folder, { recursive: true, force: true });
}

async function latency(pairs: readonly Caption[]): Promise<void> {
  const ours: number[] = [];
  const library: number[] = [];
  for (let round = -10; round < ROUNDS; round++) {
    const caption = pairs[(round + 10) % pairs.length]!;
    const took = [await timed(() => post(caption)), await timed(() => linker.link(caption))] as const;
    if (round < 0) continue;
    ours.push(took[0]);
    library.push(took[1]);
  }
  const [a, b] = [median(ours), median(library)]; // for the same captions, because only some captions need the network
  console.log(
    `latency p50: service ${a.toFixed(1)} ms, library ${b.toFixed(1)} ms, ratio ${(a / b).toFixed(3)}`,
  );
}

/**
 * Measures the throughput of the service and of the library in alternating rounds, in captions per second. Each of the
 * concurrent clients waits for a response before it sends the next request. Returns the service's best rate.
 */
async function throughput(): Promise<number> {
  const many = Array.from({ length: 8 }, () => captions).flat();
  const ratios: number[] = [];
  let best = 0;
  for (let round = 0; round < 3; round++) {
    const library = many.length / ((await timed(() => linkAll(linker, many))) / 1000);
    const waiting = [...many];
    const call = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await post(next);
    };
    const ours =
      many.length / ((await timed(() => Promise.all(Array.from({ length: CALLERS }, call)))) / 1000);
    ratios.push(ours / library);
    best = Math.max(best, ours);
    console.log(`captions per second: service ${ours.toFixed(1)}, library ${library.toFixed(1)}`);
  }
  console.log(`throughput ratio, median of ${ratios.length}: ${median(ratios).toFixed(3)}`);
  return best;
}

async function overload(rate: number, expected: ReadonlyMap<string, WireLinks>): Promise<void> {
  const counts = { answered: 0, busy: 0, wrong: 0, failed: 0 };
  const open = new Set<Promise<void>>();
  const memory: number[] = [];
  const interval = 1000 / (OVERLOAD * rate);
  const from = performance.now();
  let sent = 0;
  for (; performance.now() - from < seconds * 1000; await sleep(Math.max(1, interval))) {
    for (; sent * interval < performance.now() - from; sent++) {
      const pending = ask(captions[sent % captions.length]!, expected, counts);
      open.add(pending);
      void pending.finally(() => open.delete(pending));
    }
    if (memory.length < (performance.now() - from) / 2000) memory.push(await residentMiB());
  }
  await Promise.all(open);
  memory.push(await residentMiB());
  console.log(
    `overload, ${OVERLOAD} times the rate for ${seconds} s: ${sent} requests, ${JSON.stringify(counts)}; memory: ${memory[0]} MiB at the start, ${Math.max(...memory)} MiB at most, ${memory.at(-1)} MiB at the end`,
  );
  if (counts.wrong > 0 || counts.failed > 0 || service.child.exitCode !== null) process.exitCode = 1;
}

async function ask(
  caption: Caption,
  expected: ReadonlyMap<string, WireLinks>,
  counts: Record<"answered" | "busy" | "wrong" | "failed", number>,
): Promise<void> {
  try {
    const { status, body } = await send(caption);
    if (status === 429) counts.busy += 1;
    else if (status !== 200) counts.failed += 1;
    else {
      counts.answered += 1;
      if (!same(body as WireLinks, expected.get(caption.id)!)) counts.wrong += 1;
    }
  } catch {
    counts.failed += 1;
  }
}

/** Returns whether two results contain the same entities and candidates in the same order, with scores equal within 1e-5. */
function same(a: WireLinks, b: WireLinks): boolean {
  return a.mentions.every(({ entity, candidates }, at) => {
    const other = b.mentions[at]!;
    return (
      entity?.id === other.entity?.id &&
      candidates.every(({ id, score }, place) => {
        const there = other.candidates[place];
        return there?.id === id && Math.abs(there.score - score) < 1e-5;
      })
    );
  });
}

async function startService() {
  const child = spawn(
    process.execPath,
    ["dist/cli/main.js", "serve", "--kb", kb, "--port", "0", "--log-level", "error"],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  for await (const line of createInterface(child.stdout)) {
    const url = /^(http:\S+) serves/.exec(line)?.[1];
    if (url !== undefined) return { child, url };
  }
  throw new Error("the service did not start");
}

async function send(caption: Caption): Promise<{ status: number; body: unknown }> {
  const { statusCode, body } = await request(`${service.url}/v1/link`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(captionToWire(caption)),
    dispatcher: agent,
  });
  return { status: statusCode, body: await body.json() };
}

async function post(caption: Caption): Promise<void> {
  const { status } = await send(caption);
  if (status !== 200) throw new Error(`the service returned status ${status}`);
}

async function residentMiB(): Promise<number> {
  const { body } = await request(`${service.url}/metrics`, { dispatcher: metricsAgent });
  const bytes = /^process_resident_memory_bytes (\d+)/m.exec(await body.text())?.[1];
  return Math.round(Number(bytes) / 2 ** 20);
}

async function linkAll(linker: Linker, all: readonly Caption[]): Promise<Map<string, WireLinks>> {
  const found = new Map<string, WireLinks>();
  for await (const { links, error } of linker.linkAll(all)) {
    if (error !== undefined) throw error;
    found.set(links.id, linksToWire(links));
  }
  return found;
}

async function* values<T>(reads: AsyncIterable<Read<T>>): AsyncGenerator<T> {
  for await (const read of reads) if (read.kind === "record") yield read.value;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
