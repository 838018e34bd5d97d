import { once } from "node:events";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importKb } from "../../src/linker/index.js";
import { fetchImage, guardedLookup, isPublic } from "../../src/server/images/fetch-image.js";
import { createUploads } from "../../src/server/images/uploads.js";
import { hugePng, laughs } from "../encoders/image/pictures.js";
import { kerry, raw, scratch, serving } from "./harness.js";

const path = scratch();
const images = path("images");
const picture = (width: number, height = width): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: "#c33" } })
    .png()
    .toBuffer();
const small = await picture(64);

beforeAll(async () => {
  await mkdir(join(images, "folder"), { recursive: true });
  await writeFile(join(images, "folder", "red square.png"), await picture(1000, 500));
  await writeFile(join(images, "text.png"), "<script>alert(1)</script>");
  await writeFile(path("secret.png"), small);
  await symlink(path("secret.png"), join(images, "out.png"));
  await symlink(path("."), join(images, "above"));
  await importKb(path("kb"), [
    {
      id: "a/b",
      label: "John Kerry",
      aliases: [],
      properties: {},
      images: ["folder/red square.png", "gone.png", "out.png"],
    },
  ]);
});

describe("pictures below the images folder", () => {
  const { get, server } = serving({ kb: path("kb"), images });

  it("are served as re-encoded thumbnails with the right content type", async () => {
    for (const address of ["/v1/images?path=folder/red%20square.png", "/v1/entities/a%2Fb/images/0"]) {
      const answer = await get(address);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe("image/jpeg");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      const { width, height } = await sharp(await answer.arrayBuffer()).metadata();
      expect([width, height]).toEqual([480, 240]);
    }
  });

  it.each([
    "../secret.png",
    "folder/../../secret.png",
    "out.png",
    "above/secret.png",
    "/etc/passwd",
    "C:\\secret.png",
    "..\\secret.png",
    "folder/red square.png\0.jpg",
    "%2e%2e/secret.png",
    "folder",
    ".",
    "gone.png",
  ])("%j returns 404", async (name) => {
    const answer = await get(`/v1/images?path=${encodeURIComponent(name)}`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "NOT_FOUND" });
  });

  it.each([
    "/v1/entities/a%2Fb/images/1",
    "/v1/entities/a%2Fb/images/2",
    "/v1/entities/a%2Fb/images/3",
    "/v1/entities/a%2Fb/images/-1",
    "/v1/entities/none/images/0",
  ])("%s returns 404", async (address) => expect((await get(address)).status).toBe(404));

  it.each([
    "/../secret.png",
    "/..%2fsecret.png",
    "/%2e%2e/secret.png",
    "/assets/..%5c..%5csecret.png",
    "//etc/passwd",
    "/v1/images/../../secret.png",
  ])("the path %s is rejected", async (address) => {
    const answer = await raw(
      server(),
      `GET ${address} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 (404|400|403) /);
  });

  it("are rejected if the file is not a picture, whatever its name", async () => {
    const answer = await get("/v1/images?path=text.png");
    expect(answer.status).toBe(422);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(await answer.json()).toMatchObject({ code: "IMAGE_UNREADABLE" });
  });
});

describe("pictures that come with a caption", () => {
  const { get, post } = serving({ limits: { imageBytes: 200_000, receiveSeconds: 4 } });
  const withForm = (image: Uint8Array, caption: unknown = kerry): Promise<Response> => {
    const form = new FormData();
    form.set("caption", JSON.stringify(caption));
    form.set("image", new Blob([image as Uint8Array<ArrayBuffer>]), "../../x.png");
    return get("/v1/link", { method: "POST", body: form });
  };

  it("are accepted in a form and as base64, without changing the links of a model that ignores pictures", async () => {
    const plain = await (await post("/v1/link", kerry)).json();
    const imageData = small.toString("base64");
    expect(await (await withForm(small)).json()).toEqual(plain);
    expect(await (await post("/v1/link", { ...kerry, imageData })).json()).toEqual(plain);
    const address = `data:image/png;base64,${imageData}`;
    expect(await (await post("/v1/link", { ...kerry, imageData: address })).json()).toEqual(plain);
  });

  it.each<[string, () => Promise<Uint8Array>, number, string]>([
    ["text", async () => Buffer.from("no picture"), 422, "IMAGE_UNREADABLE"],
    ["nothing", async () => Buffer.alloc(0), 422, "IMAGE_UNREADABLE"],
    ["a bomb of 30,000 × 30,000", async () => hugePng(30_000, 30_000), 413, "IMAGE_TOO_LARGE"],
    ["a billion laughs", async () => Buffer.from(laughs), 422, "IMAGE_UNSUPPORTED"],
    ["too many bytes", async () => Buffer.alloc(200_001, 1), 413, "TOO_LARGE|IMAGE_TOO_LARGE"],
    [
      "a drawing that reads files",
      async () =>
        Buffer.from(
          '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
        ),
      422,
      "IMAGE_UNSUPPORTED",
    ],
  ])("%s is rejected with its error code", async (_, bytes, status, code) => {
    const image = await bytes();
    const inForm = await withForm(image);
    expect(inForm.status).toBe(status);
    expect(((await inForm.json()) as { code: string }).code).toMatch(new RegExp(`^(${code})$`));
    const inJson = await post("/v1/link", { ...kerry, imageData: Buffer.from(image).toString("base64") });
    expect(inJson.status).toBe(status);
  });

  it("are rejected in an invalid form or encoding", async () => {
    const form = new FormData();
    form.set("text", "x");
    expect((await get("/v1/link", { method: "POST", body: form })).status).toBe(400);
    form.delete("text");
    form.set("caption", "{");
    expect((await get("/v1/link", { method: "POST", body: form })).status).toBe(400);
    expect((await post("/v1/link", { ...kerry, imageData: "%%%" })).status).toBe(422);
    form.set("caption", JSON.stringify({ captions: [kerry] }));
    expect((await get("/v1/link", { method: "POST", body: form })).status).toBe(200);
    form.set("image", new Blob([small as Uint8Array<ArrayBuffer>]), "one picture for several captions.png");
    expect((await get("/v1/link", { method: "POST", body: form })).status).toBe(400);
  });

  it.each([
    [
      "bytes that are not UTF-8",
      'content-disposition: form-data; name="caption"',
      Buffer.from([0xff]),
      422,
      "ENCODING",
    ],
    [
      "a header that is misspelled",
      'coftent-disposition: form-data; name="caption"',
      Buffer.from(""),
      400,
      "FORMAT",
    ],
  ])("are rejected in a form with %s", async (_, header, extra, status, code) => {
    const text = JSON.stringify(kerry).replace(/}$/, ',"language":"x');
    const body = Buffer.concat([
      Buffer.from(`--x\r\n${header}\r\n\r\n${text}`),
      extra,
      Buffer.from('"}\r\n--x--\r\n'),
    ]);
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    expect(await (await get("/v1/link", { method: "POST", body, headers })).json()).toMatchObject({
      status,
      code,
    });
  });

  it("are rejected if the parser stops at a part with a misspelled header", async () => {
    const body = Buffer.concat([
      Buffer.from(
        `--x\r\ncontent-disposition: form-data; name="caption"\r\n\r\n${JSON.stringify(kerry)}\r\n--x\r\n`,
      ),
      Buffer.from('coftent-disposition: form-data; name="image"; filename="a.png"\r\n\r\n'),
      Buffer.alloc(100_000, 1),
      Buffer.from("\r\n--x--\r\n"),
    ]);
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const answer = await get("/v1/link", { method: "POST", body, headers });
    expect([200, 504]).toContain(answer.status); // the parser skips the part, or stops
  });

  it("are not fetched from an address unless fetching is enabled", async () => {
    const answer = await post("/v1/link", { ...kerry, imageUrl: "https://example.org/x.png" });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("uploads", () => {
  it("are found only by their own paths, and deleted afterwards", async () => {
    await using uploads = await createUploads(1_000_000);
    const upload = await uploads.add(small, new AbortController().signal);
    const file = await uploads.locate(images, upload.path);
    expect(file.startsWith(uploads.folder)).toBe(true);
    await upload[Symbol.asyncDispose]();
    await expect(uploads.locate(images, upload.path)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    expect(await readdir(uploads.folder)).toEqual([]);
    await expect(uploads.locate(images, "upload:../../secret.png")).rejects.toMatchObject({
      code: "PATH_OUTSIDE",
    });
  });
});

describe("fetchImage", () => {
  let web: Server;
  let port = 0;
  const asked: string[] = [];
  beforeAll(async () => {
    web = createServer((request: IncomingMessage, response: ServerResponse) => {
      asked.push(`${request.headers.host}${request.url}`);
      const to = /^\/to\?(.*)$/.exec(request.url ?? "")?.[1];
      if (to !== undefined) response.writeHead(302, { location: decodeURIComponent(to) }).end();
      else if (request.url === "/endless") response.write(Buffer.alloc(300_000));
      else response.end(small);
    });
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    port = (web.address() as AddressInfo).port;
  });
  afterAll(() => {
    web.closeAllConnections();
    web.close();
  });
  const signal = new AbortController().signal;
  /** Resolves names to the test server, the only allowed address, or to a private address. */
  const resolve = async (name: string) => {
    if (name === "private.test") return [{ address: "10.0.0.1", family: 4 }];
    if (name === "both.test")
      return [
        { address: "127.0.0.1", family: 4 },
        { address: "10.0.0.1", family: 4 },
      ];
    return [{ address: "127.0.0.1", family: 4 }];
  };
  const allowed = (address: string): boolean => address === "127.0.0.1";
  const get = (address: string) =>
    fetchImage(address, { maxBytes: 200_000, signal, seconds: 5, resolve, allowed });

  it("fetches a picture, also through redirects", async () => {
    expect(Buffer.from(await get(`http://public.test:${port}/x.png`))).toEqual(small);
    const via = encodeURIComponent(`http://other.test:${port}/y.png`);
    expect(Buffer.from(await get(`http://public.test:${port}/to?${via}`))).toEqual(small);
    expect(asked).toContain(`other.test:${port}/y.png`);
  });

  it.each([
    "http://private.test/x.png",
    "http://both.test/x.png",
    "http://10.0.0.1/x.png",
    "http://[::1]/x.png",
    "http://[::ffff:10.0.0.1]/x.png",
    "http://0x7f.2/x.png",
    "http://2130706434/x.png",
  ])("does not contact %s, neither directly nor after a redirect", async (address) => {
    await expect(get(address)).rejects.toMatchObject({ code: "FORBIDDEN" });
    const via = encodeURIComponent(address);
    await expect(get(`http://public.test:${port}/to?${via}`)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it.each(["file:///etc/passwd", "ftp://public.test/x", "http://user:secret@public.test/x", "x"])(
    "rejects %s: not a web address",
    async (address) => {
      await expect(get(address)).rejects.toMatchObject({ code: "USAGE" });
    },
  );

  it("rejects a response that is too large, and an unreachable server", async () => {
    await expect(get(`http://public.test:${port}/endless`)).rejects.toMatchObject({
      code: "IMAGE_TOO_LARGE",
    });
    const loop = encodeURIComponent("/loop");
    web.once("request", () => {});
    await expect(
      get(`http://public.test:${port}/to?${encodeURIComponent(`/to?${loop}`)}`),
    ).resolves.toBeDefined();
    await expect(get("http://public.test:1/x.png")).rejects.toMatchObject({ code: "IMAGE_UNREADABLE" });
  });

  it("gives up on a server that sends byte by byte", async () => {
    const drip = createServer((_, response) => {
      const timer = setInterval(() => response.write("x"), 50);
      response.once("close", () => clearInterval(timer));
    }).listen(0, "127.0.0.1");
    await once(drip, "listening");
    const { port } = drip.address() as AddressInfo;
    const slow = { maxBytes: 200_000, signal, seconds: 1, resolve, allowed };
    await expect(fetchImage(`http://public.test:${port}/x.png`, slow)).rejects.toMatchObject({
      code: "IMAGE_UNREADABLE",
      message: expect.stringContaining("longer than 1 second"),
    });
    drip.close();
  });

  it("connects to the address that was checked, even if the name resolves differently later", async () => {
    let calls = 0;
    const changing = async () => {
      calls += 1;
      return [{ address: calls === 1 ? "127.0.0.1" : "10.0.0.1", family: 4 }];
    };
    const picture = await fetchImage(`http://changing.test:${port}/x.png`, {
      maxBytes: 200_000,
      signal,
      resolve: changing,
      allowed,
    });
    expect([picture.length, calls]).toEqual([small.length, 1]);
    const look = guardedLookup(changing, allowed);
    await expect(
      new Promise((resolve, reject) =>
        look("changing.test", {}, (error, address) => (error ? reject(error) : resolve(address))),
      ),
    ).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("tells public addresses from all others", () => {
    const inner = [
      "127.0.0.1",
      "0.0.0.0",
      "10.1.2.3",
      "172.16.0.1",
      "192.168.0.1",
      "169.254.169.254",
      "100.64.0.1",
      "224.0.0.1",
      "255.255.255.255",
      "::",
      "::1",
      "fe80::1",
      "fc00::1",
      "fd00:ec2::254",
      "::ffff:127.0.0.1",
      "::ffff:192.168.0.1",
      "::127.0.0.1",
      "::7f00:1",
      "::808:808",
      "64:ff9b::7f00:1",
      "2002:7f00:1::",
      "ff02::1",
      "no address",
    ];
    expect(inner.filter(isPublic)).toEqual([]);
    expect(["93.184.216.34", "2606:2800:220:1::1"].every(isPublic)).toBe(true);
  });
});
