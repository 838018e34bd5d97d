import { readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type Entity, type EntityInput, entityOf } from "../../src/core/index.js";
import type { SearchAnswer, WireLinks } from "../../src/formats/index.js";
import { importKb, updateKb } from "../../src/linker/index.js";
import { type Server, type ServerOptions, startServer } from "../../src/server/index.js";
import { describePostgres, startCluster } from "../support/postgres.js";
import { openStream, scratch } from "./harness.js";

const path = scratch();
let count = 0;
let server: Server | undefined;
afterEach(() => server?.close());

/** The entities of the old version: eight people, and `gone`, who is the best candidate for her name. */
const people: readonly EntityInput[] = [
  { id: "gone", label: "Ada Quill", description: "painter" },
  ...Array.from({ length: 8 }, (_, at) => ({
    id: `p${at}`,
    label: `Ada Quill ${at}`,
    description: "sculptor",
  })),
];
const changes: readonly Entity[] = [
  entityOf({ id: "p1", label: "Ada Quill 1", description: "engraver" }),
  entityOf({ id: "new", label: "Ada Quill", description: "potter" }),
];
const update = async (kb: string): Promise<string> => {
  const { manifest } = await updateKb(kb, { entities: changes, remove: new Set(["gone"]) });
  return `${manifest.name}@${manifest.version}`;
};
const caption = { id: "1", text: "Ada Quill, 1931", mentions: [{ text: "Ada Quill" }] };

async function serve(options: Partial<ServerOptions> = {}, name = "people") {
  const { kb = path(`kb-${count++}`) } = options;
  const { version } = await importKb(kb, people.map(entityOf), { name });
  const lines: string[] = [];
  const log = { level: "info", write: (line: string) => lines.push(line) } as const;
  const started = await startServer({ model: "lexical", port: 0, version: "0", log, ...options, kb });
  server = started;
  const call = (route: string, init?: RequestInit) => fetch(`${started.url}${route}`, init);
  const post = (route: string, body: unknown) =>
    call(route, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const reload = (headers: Record<string, string> = {}) =>
    call("/v1/admin/reload", { method: "POST", headers });
  const logged = () => lines.map((line) => JSON.parse(line) as { msg?: string; kb?: string });
  return { kb, old: `${name}@${version}`, url: started.url, call, post, reload, logged };
}

describe("a new version of the knowledge base", () => {
  it("replaces the old one under load: every request succeeds, and none returns a removed entity after the swap", async () => {
    const { kb, old, call, post, reload } = await serve();
    const seen = new Set<string | null>();
    let swapped = "";
    let requests = 0;
    let stop = false;
    const check = async (sent: Promise<Response>, ids: (answer: never) => readonly string[]) => {
      const after = swapped;
      const response = await sent;
      expect(response.status).toBe(200);
      const used = response.headers.get("x-mmel-kb");
      seen.add(used);
      const answer = (await response.json()) as { kb?: string };
      if (answer.kb !== undefined) expect(answer.kb).toBe(used);
      if (after !== "") expect(used).toBe(after);
      expect(ids(answer as never).includes("gone")).toBe(used === old);
      requests += 1;
    };
    const idsOf = ({ mentions }: WireLinks) =>
      mentions.flatMap(({ candidates }) => candidates.map(({ id }) => id));
    const load = async (): Promise<void> => {
      while (!stop) {
        await check(post("/v1/link", caption), idsOf);
        await check(
          post("/v1/link", { captions: [caption, { ...caption, id: "2" }] }),
          ({ links }: { links: WireLinks[] }) => {
            expect(new Set(links.map(({ kb }) => kb)).size).toBe(1);
            return links.flatMap(idsOf);
          },
        );
        await check(call("/v1/search?name=Ada%20Quill&limit=20"), ({ hits }: SearchAnswer) =>
          hits.map(({ entity }) => entity.id),
        );
        await check(call(`/reconcile?query=${encodeURIComponent("Ada Quill")}`), ({ result }: never) =>
          (result as { id: string }[]).map(({ id }) => id),
        );
        const entity = await call("/v1/entities/gone");
        expect(entity.status).toBe(entity.headers.get("x-mmel-kb") === old ? 200 : 404);
      }
    };
    const running = Promise.all(Array.from({ length: 6 }, load));
    await sleep(100);
    const next = await update(kb);
    const answer = await reload();
    swapped = next;
    expect(await answer.json()).toEqual({ kb: next, previous: old });
    await sleep(200);
    stop = true;
    await running;
    expect([...seen]).toEqual([old, next]);
    expect(requests).toBeGreaterThan(20);
    expect(await (await call("/readyz")).json()).toEqual({ status: "ok", kb: next });
    const changed = (await (await call("/v1/entities/p1")).json()) as { description: string };
    expect(changed.description).toBe("engraver");
    const metrics = await (await call("/metrics")).text();
    expect(metrics).toContain(`mmel_kb_info{kb="${next}"} 1`);
    expect(metrics).not.toContain(old);
    expect(metrics).toContain('mmel_kb_reloads_total{outcome="replaced"} 1');
    expect(await (await reload()).json()).toEqual({ kb: next });
  });

  it("is not used by a stream that began before it; the old version is closed with the stream", async () => {
    const { kb, old, url, call, reload } = await serve();
    const stream = openStream(url);
    stream.send(caption);
    await stream.received(1);
    const next = await update(kb);
    await reload();
    stream.send({ ...caption, id: "2" });
    await stream.received(2);
    expect(stream.answers.map((answer) => [answer.kb, answer.mentions[0]!.entity?.id])).toEqual([
      [old, "gone"],
      [old, "gone"],
    ]);
    const open = await (await call("/metrics")).text();
    expect(open).toContain(`mmel_kb_info{kb="${old}"} 0`);
    expect(open).toContain(`mmel_kb_info{kb="${next}"} 1`);
    stream.end();
    await stream.ended;
    await sleep(50);
    expect(await (await call("/metrics")).text()).not.toContain(old);
  });

  it("is noticed without a request, and named in the log", async () => {
    const { kb, old, call, logged } = await serve({ watchSeconds: 0.05 });
    const next = await update(kb);
    while ((await call("/healthz")).headers.get("x-mmel-kb") === old) await sleep(20);
    expect(logged()).toContainEqual(
      expect.objectContaining({ msg: "the knowledge base was replaced", kb: next, previous: old }),
    );
  });

  it("that is damaged is reported in the log, and the old version stays in use", async () => {
    const { kb, old, call, post, reload, logged } = await serve();
    await update(kb);
    const [folder] = (await readdir(kb))
      .filter((entry) => entry.startsWith("version-"))
      .sort()
      .reverse();
    await truncate(join(kb, folder!, "candidates.bin"), 100);
    const failed = await reload();
    expect([failed.status, await failed.json()]).toEqual([
      500,
      expect.objectContaining({ code: "KB_DAMAGED" }),
    ]);
    const links = (await (await post("/v1/link", caption)).json()) as WireLinks;
    expect([links.kb, links.mentions[0]!.entity?.id]).toEqual([old, "gone"]);
    expect(logged().filter(({ msg }) => msg?.includes("the old one stays in use"))).toEqual([
      expect.objectContaining({
        kb: old,
        err: expect.objectContaining({ message: expect.stringContaining("100 bytes") }),
      }),
    ]);
    expect(await (await call("/metrics")).text()).toContain('mmel_kb_reloads_total{outcome="failed"} 1');
    await writeFile(join(kb, "manifest.json"), "{");
    expect((await reload()).status).toBe(500);
    expect((await post("/v1/link", caption)).status).toBe(200);
  });

  it("is opened on request only for a token with the scope admin, and not for other pages", async () => {
    const tokens = "link the-secret-of-a-reader\nadmin the-secret-of-an-admin";
    const { reload } = await serve({ tokens });
    const status = async (headers?: Record<string, string>) => (await reload(headers)).status;
    expect(await status()).toBe(401);
    expect(await status({ authorization: "Bearer the-secret-of-a-reader" })).toBe(403);
    const admin = { authorization: "Bearer the-secret-of-an-admin" };
    expect(await status(admin)).toBe(200);
    expect(await status({ ...admin, origin: "https://example.org" })).toBe(403);
  });

  it("may have any name", async () => {
    const { old, call } = await serve({}, "Köche & 料理人\n");
    const name = (await call("/healthz")).headers.get("x-mmel-kb");
    expect(decodeURI(name!)).toBe(old);
  });
});

describePostgres("a new version on PostgreSQL", () => {
  it("is noticed and used for new requests, and a stream that began before it keeps the old one", async () => {
    await using cluster = (await startCluster())!;
    const target = new URL(await cluster.createDatabase());
    target.searchParams.set("kb", "people");
    const { kb, old, url, call, post } = await serve({ kb: target.href, watchSeconds: 0.1 });
    const stream = openStream(url);
    stream.send(caption);
    await stream.received(1);
    const next = await update(kb);
    while ((await call("/healthz")).headers.get("x-mmel-kb") === old) await sleep(20);
    const links = (await (await post("/v1/link", caption)).json()) as WireLinks;
    expect([links.kb, links.mentions[0]!.entity?.id]).toEqual([next, "new"]);
    stream.send({ ...caption, id: "2" });
    await stream.received(2);
    expect(stream.answers.map((answer) => [answer.kb, answer.mentions[0]!.entity?.id])).toEqual([
      [old, "gone"],
      [old, "gone"],
    ]);
    stream.end();
    await stream.ended;
    await server?.close();
  });
});
