import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startServer } from "../../src/server/index.js";
import { checkBind, isLoopback } from "../../src/server/security/access.js";
import { parseTokens } from "../../src/server/security/tokens.js";
import { importDemo, kerry, raw, STREAM_HEADERS, scratch, serving } from "./harness.js";

const LINK = "link-secret-0123456789";
const ADMIN = "admin-secret-0123456789";
const json = "content-type: application/json\r\n";

describe("bind address", () => {
  it("is loopback by default", async () => {
    const { server } = open;
    expect(new URL(server().url).hostname).toBe("127.0.0.1");
  });

  it.each(["0.0.0.0", "::", "192.168.1.7", "example.org"])("%s requires a token or --insecure", (host) => {
    expect(() => checkBind(host, { tokens: 0, insecure: false })).toThrow(/other machines can reach/);
    checkBind(host, { tokens: 1, insecure: false });
    checkBind(host, { tokens: 0, insecure: true });
  });

  it("recognizes loopback addresses in all forms", () => {
    expect(["127.0.0.1", "127.3.4.5", "::1", "localhost", "::ffff:127.0.0.1"].every(isLoopback)).toBe(true);
    expect(["0.0.0.0", "::", "10.0.0.1", "localhost.example.org"].some(isLoopback)).toBe(false);
  });

  it("is checked before anything is opened", async () => {
    await expect(
      startServer({ kb: "/nonexistent", host: "0.0.0.0", port: 0, version: "0" }),
    ).rejects.toMatchObject({ code: "CONFIG" });
  });
});

const open = serving();

describe("tokens", () => {
  const lines: string[] = [];
  const { get, post } = serving({
    tokens: `# tokens\nlink ${LINK}\nadmin ${ADMIN}\n`,
    log: { level: "debug", texts: true, write: (line) => lines.push(line) },
  });
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  it("are required, and must be known and have the scope", async () => {
    const status = async (path: string, init?: RequestInit) => (await get(path, init)).status;
    expect(await status("/v1/models")).toBe(401);
    expect(await status("/v1/models", bearer("wrong-secret-0123456789"))).toBe(401);
    expect(await status("/v1/models", bearer(LINK.slice(0, -1)))).toBe(401);
    expect(await status("/v1/models", { headers: { authorization: `Basic ${LINK}` } })).toBe(401);
    expect(await status("/v1/models", bearer(LINK))).toBe(200);
    expect(await status("/metrics", bearer(LINK))).toBe(403);
    expect(await status("/metrics", bearer(ADMIN))).toBe(200);
    expect(await status("/v1/models", bearer(ADMIN))).toBe(200);
    for (const path of ["/healthz", "/readyz", "/openapi.json"]) expect(await status(path)).toBe(200);
    expect((await post("/v1/link", kerry)).status).toBe(401);
    expect((await post("/v1/link", kerry, bearer(LINK))).status).toBe(200);
  });

  it("are checked before a body is read", async () => {
    const { status, headers } = await post("/v1/link", { id: "x".repeat(20 * 2 ** 20) });
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe("Bearer");
  });

  it("never appear in the log", async () => {
    await get("/v1/models", bearer(LINK));
    await get("/v1/models", bearer("wrong-secret-0123456789"));
    const log = lines.join("");
    expect(log).toContain("/v1/models");
    for (const secret of [LINK, ADMIN, "wrong-secret"]) expect(log).not.toContain(secret);
  });

  it("are rejected when too short, malformed or with an unknown scope, without being quoted", () => {
    for (const line of [
      "link short",
      "everything 0123456789abcdef",
      "0123456789abcdef",
      "link 0123456789abcdef x",
    ])
      expect(() => parseTokens(`# first\n${line}`, "the file")).toThrow(
        /^the line is not a valid token, the file, line 2; /,
      );
  });
});

describe("limits", () => {
  const { post, server } = serving({
    limits: {
      bodyBytes: 10_000,
      batch: 3,
      mentions: 4,
      textLength: 500,
      ratePerMinute: 40,
      receiveSeconds: 1,
    },
  });
  const mentions = Array.from({ length: 5 }, () => ({ text: "Kerry" }));

  it.each([
    ["a body", { ...kerry, language: "x".repeat(10_000) }],
    ["a batch", { captions: [1, 2, 3, 4].map((id) => ({ ...kerry, id: `${id}` })) }],
    ["mentions", { id: "1", text: "", mentions }],
    ["mentions in a batch, before the captions are validated", { captions: [{ mentions }] }],
    ["a text", { id: "1", text: "x".repeat(501), mentions: [{ text: "x" }] }],
  ])("rejects %s over the limit", async (_, body) => {
    const answer = await post("/v1/link", body);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: "TOO_LARGE" });
  });

  it("rejects a body by its content-length without reading it", async () => {
    const head = `POST /v1/link HTTP/1.1\r\nhost: localhost\r\n${json}content-length: 99999999\r\n\r\n`;
    expect(await raw(server(), head)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("disconnects a caller that sends headers or body too slowly", async () => {
    const head = `POST /v1/link HTTP/1.1\r\nhost: localhost\r\n${json}content-length: 100\r\n`;
    const [slowHead, slowBody] = await Promise.all([raw(server(), head), raw(server(), `${head}\r\n{"id":`)]);
    expect(slowHead).toMatch(/^(HTTP\/1\.1 408 .*)?/);
    expect(slowBody).toBe("");
  });

  it("rejects requests over the rate limit with Retry-After", async () => {
    const answers = await Promise.all(Array.from({ length: 45 }, () => post("/v1/link", kerry)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(5);
    expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused[0]!.json()).toMatchObject({ code: "BUSY", status: 429 });
  });
});

describe("a body budget of 3,000 bytes", () => {
  const { post, server } = serving({ limits: { allBodyBytes: 3000 } });
  const long = { ...kerry, text: `John Kerry${" ".repeat(1500)}` };

  it("is reserved until a request is answered or its caller disconnects", async () => {
    expect((await post("/v1/link", long)).status).toBe(200);
    expect((await post("/v1/link", long)).status).toBe(200);
    const { hostname, port } = new URL(server().url);
    const slow = connect(Number(port), hostname);
    slow.write(
      "POST /v1/link HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 2000\r\n\r\n{",
    );
    await sleep(500); // its headers arrive before the other requests
    await expect.poll(async () => (await post("/v1/link", long)).status).toBe(429);
    expect((await post("/v1/link", kerry)).status).toBe(200);
    slow.destroy();
    await expect.poll(async () => (await post("/v1/link", long)).status).toBe(200);
  });
});

describe("a queue of 4 captions and 4 connections", () => {
  const { post } = serving({ limits: { queue: 4, connections: 4 } });

  it("answers excess callers with 429 instead of closing their connections", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => post("/v1/link", kerry)));
    for (const { status } of answers) expect([200, 429]).toContain(status);
  });
});

describe("pages of other origins", () => {
  const { get, post, server } = serving({
    cors: ["https://review.example.org"],
    allowHosts: ["mmel.example.org"],
  });
  const from = (origin: string) => ({ headers: { origin } });

  it("may call only if they are listed", async () => {
    const allowed = await post("/v1/link", kerry, from("https://review.example.org"));
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://review.example.org");
    for (const origin of ["https://evil.example", "null", "https://review.example.org.evil.example"]) {
      const refused = await post("/v1/link", kerry, from(origin));
      expect(refused.status).toBe(403);
      expect(refused.headers.get("access-control-allow-origin")).toBeNull();
      expect((await get("/v1/models", from(origin))).headers.get("access-control-allow-origin")).toBeNull();
    }
    expect((await post("/v1/link", kerry, from(server().url))).status).toBe(200);
  });

  it("get a CORS preflight answer only if they are listed", async () => {
    const ask = (origin: string) =>
      get("/v1/link", {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type",
        },
      });
    const allowed = await ask("https://review.example.org");
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://review.example.org");
    expect((await ask("https://evil.example")).headers.get("access-control-allow-origin")).toBeNull();
  });

  it("cannot use a host name of their own (DNS rebinding)", async () => {
    const ask = (host: string) =>
      raw(server(), `GET /v1/models HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
    for (const host of [
      "evil.example",
      "evil.example:8080",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
    ])
      expect(await ask(host)).toMatch(/^HTTP\/1\.1 403 /);
    for (const host of ["localhost", "LOCALHOST:1", "127.0.0.1:80", "[::1]:8080", "mmel.example.org"])
      expect(await ask(host)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("hostile JSON", () => {
  const { get, post } = open;
  const send = (body: string) =>
    get("/v1/link", { method: "POST", headers: { "content-type": "application/json" }, body });

  it("cannot reach prototypes", async () => {
    for (const body of [
      '{"id":"1","text":"x","__proto__":{"detect":true}}',
      '{"id":"1","text":"x","constructor":{"prototype":{"detect":true}}}',
      '{"captions":[{"id":"1","text":"x","__proto__":{"mentions":[]}}]}',
    ])
      expect((await send(body)).status).toBe(400);
    expect(Object.hasOwn(Object.prototype, "detect")).toBe(false);
    const links = await send(
      `{"id":"__proto__","text":"x","mentions":[{"text":"constructor"},{"text":"__proto__"}]}`,
    );
    expect(links.status).toBe(200);
    expect((await get("/v1/entities/__proto__")).status).toBe(404);
    expect((await get("/v1/search?name=x&__proto__=1")).status).toBe(400);
  });

  it("is rejected if invalid, deeply nested or of another type", async () => {
    for (const body of [
      "",
      "{",
      "null",
      "[]",
      '"x"',
      "[".repeat(100_000),
      '{"captions":{}}',
      '{"captions":[null]}',
    ])
      expect(String((await send(body)).status)).toMatch(/^4/);
    const form = await get("/v1/link", { method: "POST", body: new URLSearchParams({ id: "1" }) });
    expect(form.status).toBe(415);
  });

  it.each([
    ["eight million brackets", "[".repeat(8_000_000), 400],
    ["33 levels", `${"[".repeat(33)}${"]".repeat(33)}`, 400],
    ["a million unknown keys", `{${Array.from({ length: 1e6 }, (_, at) => `"k${at}":0`)}}`, 413],
    ["a long text", JSON.stringify({ ...kerry, language: "x".repeat(2 ** 20) }), 413],
    ["a long text of quotes", JSON.stringify({ ...kerry, language: '"'.repeat(2 ** 20) }), 413],
    ["other bytes in a picture", `{"imageData":"${'\\"'.repeat(2 ** 20)}"}`, 413],
    ["letters of several bytes", JSON.stringify({ ...kerry, language: "é".repeat(2 ** 19) }), 413],
  ])("is rejected before it is parsed: %s", async (_, body, status) => {
    const answer = await send(body);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      status,
      status === 413 ? "TOO_LARGE" : "FORMAT",
    ]);
    const lines = `${JSON.stringify(kerry)}\n${body}\n`;
    const stream = await get("/v1/link", { method: "POST", headers: STREAM_HEADERS, body: lines });
    const answers = (await stream.text()).trim().split("\n");
    expect(answers.map((line) => (JSON.parse(line) as { status?: number }).status)).toEqual([
      undefined,
      status,
    ]);
  });

  it("may have a large picture, and 32 levels", async () => {
    const picture = { ...kerry, imageData: "A".repeat(5_000_000) };
    expect(await (await post("/v1/link", picture)).json()).toMatchObject({ code: "IMAGE_UNREADABLE" });
    const deep = `{"id":"1","text":"x","mentions":[{"text":"x"}],"x":${"[".repeat(31)}${"]".repeat(31)}}`;
    expect((await send(deep)).status).toBe(200);
  });

  it("is rejected if it is not UTF-8, like a form", async () => {
    const body = Buffer.from('{"id":"1","text":"Caf\xe9","mentions":[{"text":"x"}]}', "latin1");
    const headers = { "content-type": "application/json" };
    const answer = await get("/v1/link", { method: "POST", headers, body });
    expect([answer.status, await answer.json()]).toMatchObject([422, { code: "ENCODING" }]);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    for (const body of ["query=Caf%E9", Buffer.from("query=Caf\xe9", "latin1")]) {
      const answer = await get("/reconcile", { method: "POST", headers: form, body });
      expect([answer.status, await answer.json()]).toMatchObject([422, { code: "ENCODING" }]);
    }
    const many = await get("/reconcile", { method: "POST", headers: form, body: "a&".repeat(100_000) });
    expect(many.status).toBe(400);
  });

  it("gets a problem document if the URL itself is malformed", async () => {
    const answer = await get("/v1/entities/%E0%A4%A");
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(await answer.json()).toMatchObject({ status: 400, code: "FORMAT" });
  });

  it("cannot block the service with repetitive text", async () => {
    const repeated = [
      "(".repeat(10_000),
      "a ".repeat(10_000),
      "A. ".repeat(6_000),
      "\u0301".repeat(20_000),
      "-".repeat(20_000),
    ];
    for (const text of repeated) {
      await post("/v1/link", { id: "1", text, detect: true });
      await post("/v1/link", { id: "1", text: "", mentions: [{ text: text.slice(0, 1000) }] });
      await get(`/v1/search?name=${encodeURIComponent(text.slice(0, 200))}`);
    }
    expect((await get("/healthz")).status).toBe(200);
  }, 20_000);
});

describe("errors and logs", () => {
  it("reveal no caption text, and share the request id", async () => {
    const path = scratch();
    const kb = await importDemo(path("kb"));
    const lines: string[] = [];
    await using server = await startServer({
      kb,
      model: "lexical",
      port: 0,
      version: "0",
      log: { level: "info", write: (line) => lines.push(line) },
      limits: { answerSeconds: 0.000_001 },
    });
    const answer = await fetch(`${server.url}/v1/link`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-request-id": "mine-1" },
      body: JSON.stringify({ ...kerry, text: "John Kerry in secret" }),
    });
    expect(answer.status).toBe(504);
    expect(answer.headers.get("x-request-id")).toBe("mine-1");
    expect(await answer.json()).toMatchObject({ code: "TIMEOUT", instance: "mine-1" });
    const log = lines.map((line) => JSON.parse(line)).find(({ reqId }) => reqId === "mine-1");
    expect(log).toMatchObject({ route: "/v1/link", status: 504, code: "TIMEOUT" });
    expect(lines.join("")).not.toMatch(/Kerry|secret/);
  });
});
