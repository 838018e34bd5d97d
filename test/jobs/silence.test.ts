import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, it } from "vitest";
import { captionOf, importDemo, mmel, type Running, scratch, start, writeRecords } from "../cli/harness.js";
import { describePostgres } from "../support/postgres.js";
import { run } from "../support/postgres-given.js";
import { type SilentProxy, silentProxy } from "../support/silent-proxy.js";
import { clusterForTests, until } from "./harness.js";

const path = scratch();
const WORKER = ["worker", "--kb", path("kb"), "--model", "lexical", "--silence", "1"];

describePostgres("with a server that falls silent, Ctrl-C ends", () => {
  const cluster = clusterForTests();
  beforeAll(async () => {
    await importDemo(path("kb"));
    const many = Array.from({ length: 20_000 }, (_, at) => captionOf(`c${at}`, "nobody"));
    await writeRecords(path("many.jsonl"), many);
  });
  const submit = (url: string, chunk: string): Running =>
    start(["jobs", "submit", path("many.jsonl"), "--chunk", chunk, "--queue", url]);

  it.concurrent("jobs submit", async () => {
    const url = await cluster().createDatabase();
    await using proxy = await silentProxy(url);
    const submitting = submit(proxy.url, "10");
    await until(async () => (await count(url, "chunk")) >= 3);
    await interrupt(proxy, submitting);
    expect(await run(url, "select state from mmel_jobs.submission")).toEqual([{ state: "loading" }]);
  });

  it.concurrent("jobs status, before and after the first answer", async () => {
    const url = await cluster().createDatabase();
    await using watched = await silentProxy(url);
    await using asked = await silentProxy(url);
    await submit(url, "20000").ended;
    const watching = start(["jobs", "status", "--watch", "--every", "1", "--queue", watched.url]);
    await once(watching.child.stdout!, "data");
    asked.silence();
    const asking = start(["jobs", "status", "--queue", asked.url]);
    await until(() => asked.connections() > 0);
    await Promise.all([interrupt(watched, watching), interrupt(asked, asking)]);
  });

  it.concurrent("a worker that waits for jobs", async () => {
    const url = await cluster().createDatabase();
    await using proxy = await silentProxy(url);
    const waiting = start([...WORKER, "--queue", proxy.url]);
    await until(async () => (await count(url, "worker")) === 1);
    expect(await interrupt(proxy, waiting)).not.toMatch(/finishing or returning/);
  });

  it.concurrent("a worker that links, without its current job", async () => {
    const url = await cluster().createDatabase();
    await using proxy = await silentProxy(url);
    await submit(url, "20000").ended;
    const linking = start([...WORKER, "--queue", proxy.url]);
    await until(async () => (await count(url, "piece where state = 'active'")) === 1);
    expect(await interrupt(proxy, linking)).toMatch(/other workers take over its jobs/);
    expect((await mmel(["jobs", "results", "--queue", url])).stderr).toMatch(/20000 of 20000 captions/);
  });
});

async function count(url: string, table: string): Promise<number> {
  const rows = await run(url, `select count(*)::int as rows from mmel_jobs.${table}`).catch(() => []);
  return (rows[0] as { rows: number } | undefined)?.rows ?? 0;
}

/** Silences the server, sends SIGINT to the command and returns what it prints. */
async function interrupt(proxy: SilentProxy, { child, ended }: Running): Promise<string> {
  proxy.silence();
  await sleep(500); // until the command waits for an answer
  child.kill("SIGINT");
  const { code, stderr } = await ended;
  expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringMatching(/^mmel: ABORTED: /m) });
  return stderr;
}
