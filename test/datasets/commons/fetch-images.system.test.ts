import { mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { commonsAddress, type Entity, localImage, type MmelError } from "../../../src/core/index.js";
import { type FetchOptions, fetchImages } from "../../../src/datasets/commons/index.js";
import { fileBelow } from "../../../src/pictures/safe-path.js";
import { mmel } from "../../cli/harness.js";

const root = mkdtempSync(join(tmpdir(), "mmel-commons-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A local replacement for Wikimedia Commons. */
type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const handlers = new Map<string, Handler>();
const asked: { path: string; agent: string | undefined; at: number }[] = [];
const server = createServer((request, response) => {
  asked.push({ path: request.url ?? "", agent: request.headers["user-agent"], at: performance.now() });
  const name = decodeURIComponent(new URL(request.url ?? "", "http://x").pathname.slice("/files/".length));
  (handlers.get(name) ?? gone)(request, response);
});
let from = "";

const picture: Handler = (_, response) =>
  response.writeHead(200, { "content-type": "image/jpeg" }).end("picture");
const gone: Handler = (_, response) => response.writeHead(404).end("gone");
const redirect =
  (location: string): Handler =>
  (_, response) =>
    response.writeHead(301, { location }).end();

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  from = `http://127.0.0.1:${(server.address() as AddressInfo).port}/files/`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  handlers.clear();
  asked.length = 0;
});

let folders = 0;
const newFolder = (): string => join(root, `images-${folders++}`);

const entity = (id: string, ...names: string[]): Entity => ({
  id,
  label: id,
  aliases: [],
  properties: {},
  images: names.map(commonsAddress),
});

async function fetchFor(entities: readonly Entity[], options: Partial<FetchOptions> = {}) {
  const failures: MmelError[] = [];
  const report = await fetchImages(stream(entities), {
    ...{ folder: newFolder(), contact: "me@example.org", from, rate: 1000, backOff: 5 },
    onFailure: (error) => failures.push(error),
    ...options,
  });
  return { report, failures };
}

async function* stream<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

describe("fetchImages", () => {
  it("stores pictures where models look for them and follows Wikimedia's policy", async () => {
    handlers.set("A b.jpg", picture);
    handlers.set("Łódź, 1.jpg", redirect("/files/x.jpg"));
    handlers.set("x.jpg", picture);
    const folder = newFolder();
    const withPictures = entity("Q1", "A b.jpg", "Łódź, 1.jpg");
    const withoutCommons = { ...entity("Q2"), images: ["own.jpg", "https://example.org/x.jpg"] };
    const { report } = await fetchFor([withPictures, withoutCommons], { folder, width: 320 });
    expect(report).toEqual({ fetched: 2, present: 0, missing: 0, failed: 0, bytes: 14 });
    for (const image of withPictures.images)
      expect(await readFile(await fileBelow(folder, image), "utf8")).toBe("picture");
    expect(asked[0]).toMatchObject({ path: "/files/A%20b.jpg?width=320", agent: "mmel (me@example.org)" });
    expect((await readdir(join(folder, "commons"))).sort()).toEqual(["A_b.jpg", "Łódź,_1.jpg"]);
  });

  it("never requests a picture again that it has or that Commons does not have", async () => {
    handlers.set("A.jpg", picture);
    const folder = newFolder();
    const entities = [entity("Q1", "A.jpg", "B.jpg"), entity("Q2", "A.jpg"), entity("Q3", "B.jpg")];
    const first = await fetchFor(entities, { folder });
    expect(first.report).toMatchObject({ fetched: 1, present: 1, missing: 2, failed: 0 });
    expect(asked).toHaveLength(2);
    const second = await fetchFor(entities, { folder });
    expect(second.report).toMatchObject({ fetched: 0, present: 2, missing: 2, failed: 0 });
    expect(asked).toHaveLength(2);
  });

  it("continues after an abort and leaves no partial picture", async () => {
    const names = Array.from({ length: 6 }, (_, index) => `${index}.jpg`);
    for (const name of names) handlers.set(name, picture);
    const folder = newFolder();
    const controller = new AbortController();
    handlers.set("3.jpg", (_, response) => {
      response.writeHead(200, { "content-type": "image/jpeg" }).write("half");
      controller.abort();
    });
    const all = [entity("Q1", ...names)];
    await expect(fetchFor(all, { folder, signal: controller.signal })).rejects.toMatchObject({
      code: "ABORTED",
    });
    expect(await readdir(join(folder, "commons"))).toEqual(["0.jpg", "1.jpg", "2.jpg"]);
    handlers.set("3.jpg", picture);
    expect((await fetchFor(all, { folder })).report).toMatchObject({ fetched: 3, present: 3 });
  });

  it("respects Retry-After and retries temporary failures", async () => {
    let turn = 0;
    handlers.set("A.jpg", (request, response) => {
      turn += 1;
      if (turn === 1) response.writeHead(429, { "retry-after": "0.2" }).end();
      else if (turn === 2) request.socket.destroy();
      else picture(request, response);
    });
    const { report } = await fetchFor([entity("Q1", "A.jpg")]);
    expect(report).toMatchObject({ fetched: 1, failed: 0 });
    expect(asked).toHaveLength(3);
    expect(asked[1]!.at - asked[0]!.at).toBeGreaterThan(190);
  });

  it("sends no more requests than the rate allows", async () => {
    const names = ["A.jpg", "B.jpg", "C.jpg", "D.jpg"];
    for (const name of names) handlers.set(name, picture);
    await fetchFor([entity("Q1", ...names)], { rate: 20 });
    expect(asked[3]!.at - asked[0]!.at).toBeGreaterThan(140);
  });

  it("counts and reports failures, and continues", async () => {
    handlers.set("large.jpg", (_, response) =>
      response.writeHead(200, { "content-type": "image/png" }).end("x".repeat(101)),
    );
    handlers.set("page.jpg", (_, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<p>"),
    );
    handlers.set("empty.jpg", (_, response) =>
      response.writeHead(200, { "content-type": "image/png" }).end(),
    );
    handlers.set("denied.jpg", (_, response) => response.writeHead(403).end());
    handlers.set("away.jpg", redirect("http://169.254.169.254/latest/meta-data"));
    handlers.set("circle.jpg", redirect("circle.jpg"));
    handlers.set("down.jpg", (_, response) => response.writeHead(503).end());
    handlers.set("good.jpg", picture);
    const names = ["large", "page", "empty", "denied", "away", "circle", "down", "good"].map(
      (name) => `${name}.jpg`,
    );
    const { report, failures } = await fetchFor([entity("Q1", ...names)], { maxBytes: 100 });
    expect(report).toMatchObject({ fetched: 1, failed: 7 });
    expect(failures.map(({ code }) => code)).toEqual([
      "IMAGE_TOO_LARGE",
      ...Array(6).fill("IMAGE_UNREADABLE"),
    ]);
    expect(failures[4]?.message).toContain("the server redirects to 169.254.169.254");
    expect(failures[6]?.message).toContain("5 attempts");
  });

  it("never writes outside its folder for any file name", async () => {
    for (const name of [
      "../../x",
      "..",
      ".",
      "",
      "a/../../b",
      "..\\x",
      "\0",
      "C:x",
      "\n",
      "%2e%2e%2f",
      "x".repeat(300),
      "é".repeat(200),
    ]) {
      const path = localImage(commonsAddress(name));
      expect(path).toMatch(/^commons\/[^/\\:]+$/);
      expect(path).not.toMatch(/^commons\/\./);
      expect(Buffer.byteLength(path)).toBeLessThanOrEqual("commons/".length + 255);
    }
    expect(localImage("https://commons.wikimedia.org/wiki/Special:FilePath/%E0%A4%A")).toMatch(
      /^commons\/[^/]+$/,
    );
  });
});

describe("mmel kb fetch-images", () => {
  it("downloads the pictures of a knowledge base, reports the counts, and exits with 1 if some failed", async () => {
    handlers.set("A.jpg", picture);
    handlers.set("B.jpg", (_, response) => response.writeHead(403).end());
    const lines = [entity("Q1", "A.jpg", "B.jpg"), entity("Q2", "C.jpg")].map((withPictures) =>
      JSON.stringify(withPictures),
    );
    await writeFile(join(root, "kb.jsonl"), lines.join("\n"));
    const kb = join(root, "kb");
    expect((await mmel(["kb", "import", join(root, "kb.jsonl"), "--kb", kb])).code).toBe(0);
    const args = [
      "kb",
      "fetch-images",
      "--kb",
      kb,
      "--output",
      newFolder(),
      "--from",
      from,
      "--rate",
      "1000",
    ];
    const { code, stdout, stderr } = await mmel([...args, "--contact", "me@example.org", "--json"]);
    expect({ code, report: JSON.parse(stdout) }).toEqual({
      code: 1,
      report: { fetched: 1, present: 0, missing: 1, failed: 1, bytes: 7 },
    });
    expect(stderr).toMatch(
      /^mmel: IMAGE_UNREADABLE: Q1: the picture cannot be downloaded: the server responded with status 403, .*B\.jpg\n$/,
    );
    expect((await mmel(args)).code).toBe(2); // without --contact
  });
});
