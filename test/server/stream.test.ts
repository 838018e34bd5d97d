import { describe, expect, it, vi } from "vitest";
import type { WireLinks } from "../../src/formats/index.js";
import { startServer } from "../../src/server/index.js";
import { withReceiveLimits } from "../../src/server/receive-limits.js";
import { STREAM_HEADERS as headers, importDemo, kerry, openStream, scratch, serving } from "./harness.js";

const { get, post, server } = serving({ limits: { streamWindow: 4, streams: 2, receiveSeconds: 1 } });

describe("a stream", () => {
  it("answers each line in order, invalid ones with a problem and its line, and skips blank ones", async () => {
    const lines = Array.from({ length: 50 }, (_, at) => ({ ...kerry, id: `${at}` }));
    const bad = [
      "{",
      '{"id":"x"}',
      JSON.stringify({ ...kerry, id: "off", mentions: [{ text: "Kerry", start: 0, end: 5 }] }),
    ];
    const body = [...lines.map((line) => JSON.stringify(line)), "", ...bad, JSON.stringify(kerry)].join("\n");
    const answer = await get("/v1/link", { method: "POST", headers, body });
    expect(answer.headers.get("content-type")).toContain("application/x-ndjson");
    const answers = (await answer.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(answers.slice(0, 50).map(({ id }) => id)).toEqual(lines.map(({ id }) => id));
    expect(answers.slice(50, 53)).toMatchObject([
      { status: 400, code: "FORMAT", line: 52 },
      { status: 422, code: "CAPTION_INVALID", line: 53 },
      { status: 422, code: "OFFSETS", line: 54, caption: "off" },
    ]);
    expect(answers[53]).toEqual(await (await post("/v1/link", kerry)).json());
    expect(answers).toHaveLength(54);
  });

  it("answers a line before the next one is sent, and accepts options in the query string", async () => {
    const stream = openStream(server().url);
    for (let at = 1; at <= 6; at++) {
      stream.send({ ...kerry, id: `${at}` });
      await stream.received(at);
    }
    stream.end();
    await stream.ended;
    expect(stream.answers.map(({ id }) => id)).toEqual(["1", "2", "3", "4", "5", "6"]);
    const one = await get("/v1/link?topK=1", {
      method: "POST",
      headers,
      body: JSON.stringify({ ...kerry, text: "Jordan", mentions: [{ text: "Jordan" }] }),
    });
    expect(((await one.json()) as WireLinks).mentions[0]!.candidates).toHaveLength(1);
  });

  it("is rejected when too many are open, and accepted after one ends or is aborted", async () => {
    const streams = [openStream(server().url), openStream(server().url)];
    for (const stream of streams) stream.send(kerry);
    for (const stream of streams) await stream.received(1);
    const third = await get("/v1/link", { method: "POST", headers, body: JSON.stringify(kerry) });
    expect(third.status).toBe(429);
    expect(third.headers.get("retry-after")).not.toBeNull();
    streams[0]!.leave();
    streams[1]!.end();
    await streams[1]!.ended;
    await expect
      .poll(
        async () => (await get("/v1/link", { method: "POST", headers, body: JSON.stringify(kerry) })).status,
      )
      .toBe(200);
  });

  it("is closed when it is idle for too long", async () => {
    const stream = openStream(server().url);
    stream.send(kerry);
    await stream.received(1);
    await expect(stream.ended).rejects.toThrow();
  });
});

describe("the limits on receiving a stream", () => {
  const closing = new AbortController().signal;
  /** Receives chunks of `size` bytes, one every `interval` seconds of a simulated clock, and returns their number. */
  const receive = async (size: number, interval: number, count: number): Promise<number> => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    async function* chunks() {
      for (let at = 0; at < count; at++) {
        vi.advanceTimersByTime(1000 * interval);
        yield new Uint8Array(size);
      }
    }
    let received = 0;
    try {
      const limits = { seconds: 20, bytesPerMinute: 256, closing };
      for await (const _ of withReceiveLimits(chunks(), limits)) received++;
    } finally {
      vi.useRealTimers();
    }
    return received;
  };

  it("end a stream that sends less than the minimum per minute", async () => {
    await expect(receive(10, 10, 30)).rejects.toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining("only 60 bytes"),
    });
    expect(await receive(100, 10, 30)).toBe(30);
  });
});

describe("shutting down", () => {
  it("answers all accepted captions, also of a stream, and accepts no more", async () => {
    const kb = await importDemo(scratch()("kb"));
    const server = await startServer({
      kb,
      model: "lexical",
      port: 0,
      version: "0",
      log: { level: "silent" },
    });
    const stream = openStream(server.url);
    stream.send(kerry);
    await stream.received(1);
    const captions = Array.from({ length: 100 }, (_, at) => ({ ...kerry, id: `${at}` }));
    const accepted = fetch(`${server.url}/v1/link`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ captions }),
    });
    stream.send({ ...kerry, id: "2" });
    await stream.received(2);
    const closed = server.close();
    const answer = await accepted;
    expect(((await answer.json()) as { links: WireLinks[] }).links).toHaveLength(100);
    await stream.ended;
    expect(stream.answers.map(({ id, code }) => id ?? code)).toEqual(["1", "2", "BUSY"]);
    await closed;
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });
});

describe("a caller that disconnects", () => {
  it("is dropped, and the others are answered", async () => {
    const leaving = new AbortController();
    const captions = Array.from({ length: 200 }, (_, at) => ({ ...kerry, id: `${at}` }));
    const left = post("/v1/link", { captions }, { signal: leaving.signal });
    const stayed = post("/v1/link", kerry);
    setTimeout(() => leaving.abort(), 30);
    await expect(left).rejects.toThrow(/abort/i);
    expect((await stayed).status).toBe(200);
    await expect
      .poll(async () => /^mmel_queue_captions (\d+)$/m.exec(await (await get("/metrics")).text())?.[1])
      .toBe("0");
  });
});
