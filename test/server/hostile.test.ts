import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WireLinks } from "../../src/formats/index.js";
import { HOSTILE_DRAWINGS, hugePng } from "../encoders/image/pictures.js";
import { importDemo, kerry, scratch } from "./harness.js";

const path = scratch();

/** Starts `mmel serve` as a process of its own, and returns it with its URL. */
async function startProcess() {
  const args = ["dist/cli/main.js", "serve", "--kb", path("kb"), "--model", "lexical", "--port", "0"];
  const server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  const [line] = (await once(createInterface(server.stdout), "line")) as [string];
  return { server, url: line.split(" ", 1)[0]! };
}

let running: Awaited<ReturnType<typeof startProcess>>;
beforeAll(async () => {
  await importDemo(path("kb"));
  running = await startProcess();
});
afterAll(() => {
  running.server.kill("SIGKILL");
});

const post = (
  body: string | FormData,
  headers: Record<string, string> = { "content-type": "application/json" },
) => fetch(`${running.url}/v1/link`, { method: "POST", headers, body });
const json = async (body: unknown): Promise<number> => (await post(JSON.stringify(body))).status;
const picture = async (bytes: Buffer): Promise<number> => {
  const form = new FormData();
  form.set("caption", JSON.stringify(kerry));
  form.set("image", new Blob([new Uint8Array(bytes)]));
  return (await post(form, {})).status;
};
const detect = (text: string): Promise<number> => json({ id: "1", text, detect: true });
/** Sends a body byte by byte until the service ends the connection. */
const drip = async (): Promise<number> => {
  const { hostname, port } = new URL(running.url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {}).resume();
  socket.write(
    `POST /v1/link HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n`,
  );
  const timer = setInterval(() => socket.write(" "), 1_000);
  await once(socket, "close");
  clearInterval(timer);
  return 0;
};

const uses = Array.from(
  { length: 30 },
  (_, at) => `<g id="a${at + 1}"><use href="#a${at}"/><use href="#a${at}" x="1"/></g>`,
);
const nested = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><defs><g id="a0"><rect width="9" height="9"/></g>${uses.join("")}</defs><use href="#a30"/></svg>`,
);
const spaces = `1${" ".repeat(290)}1`;

describe("a hostile request", () => {
  it.each<[string, () => Promise<number>, number]>([
    ["abbreviations to detect names in", () => detect("St. ".repeat(5_000)), 200],
    ["initials to detect names in", () => detect("A.B. Mc'D-".repeat(2_000)), 200],
    ["soft hyphens to detect names in", () => detect(`a${"\u00ad".repeat(19_000)}b`), 200],
    [
      "names of white space",
      () => json({ id: "1", text: "x", mentions: Array(200).fill({ text: spaces }) }),
      200,
    ],
    ["an SVG with large filters", () => picture(HOSTILE_DRAWINGS[0]!), 422],
    ["an SVG with a long path", () => picture(HOSTILE_DRAWINGS[1]!), 422],
    ["an SVG of nested parts", () => picture(nested), 422],
    ["a picture of 1 x 50,000,000 pixels", () => picture(hugePng(1, 50_000_000)), 422],
    ["eight million brackets", async () => (await post("[".repeat(8_000_000))).status, 400],
    [
      "a million unknown keys",
      () => json(Object.fromEntries(Array.from({ length: 1e6 }, (_, at) => [`k${at}`, 0]))),
      413,
    ],
    ["a body that drips", drip, 0],
  ])("is answered, and the service stays responsive: %s", async (name, send, status) => {
    const poller = new Worker(new URL("health-poller.mjs", import.meta.url), { workerData: running.url });
    await once(poller, "online");
    expect(await send()).toBe(status);
    poller.postMessage("stop");
    const [times] = (await once(poller, "message")) as [number[]];
    if (process.env.MMEL_TIMES) console.log(name, times.length, Math.max(...times).toFixed(0));
    expect(Math.max(...times)).toBeLessThan(2_000); // 100 ms on an idle machine; a blocked service takes minutes
    const good = await post(JSON.stringify(kerry));
    expect(((await good.json()) as WireLinks).mentions[0]!.outcome).toBe("linked");
  });

  it("gets the links of the first 200 names that are detected", async () => {
    const names = await post(
      JSON.stringify({ id: "1", text: "John Kerry, Michael Jordan, ".repeat(700), detect: true }),
    );
    expect(((await names.json()) as WireLinks).mentions).toHaveLength(200);
  });

  it("does not delay the end of the service", async () => {
    const { server, url } = await startProcess();
    running = { server: running.server, url };
    const slow = picture(HOSTILE_DRAWINGS[0]!);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    server.kill("SIGTERM");
    const [code] = (await once(server, "exit")) as [number];
    expect([code, await slow]).toEqual([0, 422]); // the accepted request is answered
  });
});
