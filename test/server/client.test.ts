import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { createClient, ServiceError } from "../../src/client/index.js";
import { described, jpeg, xmp } from "../datasets/pictures/make.js";
import { kerry, scratch, serving } from "./harness.js";

const SECRET = "client-secret-0123456789";
const ADMIN = "admin-secret-0123456789";
const path = scratch();
const { server } = serving({ tokens: `link ${SECRET}\nadmin ${ADMIN}`, catalogues: path("catalogues") });
const client = () => createClient({ url: `${server().url}/`, token: SECRET });

describe("createClient", () => {
  it("returns the same links for one caption, a batch, a form with a picture, and a stream", async () => {
    const one = await client().link(kerry);
    expect(one).toMatchObject({ id: "1", mentions: [{ outcome: "linked" }] });
    expect(await client().linkBatch([kerry, kerry])).toEqual([one, one]);
    const picture = new Blob([await readFile(`demo/images/captions/${await firstPicture()}`)]);
    expect(await client().linkPicture(kerry, picture)).toEqual(one);
    const captions = Array.from({ length: 150 }, (_, index) => ({ ...kerry, id: `${index}` }));
    const ids: unknown[] = [];
    for await (const links of client().linkAll([...captions, { id: "bad", text: "x" }], { topK: 1 }))
      ids.push("mentions" in links ? links.id : links.code);
    expect(ids).toEqual([...captions.map(({ id }) => id), "CAPTION_INVALID"]);
  });

  it("fetches an entity, searches, and lists models", async () => {
    expect(await client().entity("john-kerry")).toMatchObject({ label: "John Kerry" });
    expect(await client().entity("a/b?c#d")).toBeUndefined();
    expect(await client().entity("queen-band")).not.toHaveProperty("relations");
    expect(await client().entity("queen-band", { relations: true })).toMatchObject({
      relations: { namedByCount: 2 },
    });
    expect(await client().search("Kerry & Co", { limit: 2 })).toHaveLength(2);
    const { hits, texts } = await client().search("basketball chicago", { limit: 1, fields: "all" });
    expect([hits.length, texts!.length]).toEqual([0, 1]);
    expect(await client().models()).toMatchObject({ entities: expect.any(Number) });
  });

  it("previews and imports tables, reads captions in pictures, and chooses catalogues", async () => {
    const admin = createClient({ url: server().url, token: ADMIN });
    const table = new File(["no;name\n1;Ann Vale\n"], "people.csv");
    const { columns, mapping } = await client().previewTable(table, "entities");
    expect(columns.map(({ field }) => field)).toEqual(["id", "label"]);
    const captions: unknown[] = [];
    for await (const caption of client().captionsIn(new File(["id,text\n1,Ann\n"], "a.csv")))
      captions.push(caption);
    expect(captions).toEqual([{ id: "1", text: "Ann", mentions: [] }]);
    const picture = new Blob([new Uint8Array(await jpeg(""))]);
    const sidecars = [xmp(described(["en", "Ada"])), xmp(described(["en", "Bob"]))];
    const { caption: found } = await client().pictureCaption(picture, "a.jpg", { sidecars });
    expect(found).toMatchObject({ id: "a.jpg", text: "Ada", language: "en" });
    await expect(client().importTable(table, "People")).rejects.toThrow(/FORBIDDEN/);
    const ended = async (id: string): Promise<string> => {
      await expect
        .poll(async () => (await admin.importState(id)).state, { timeout: 30_000 })
        .not.toBe("running");
      return (await admin.importState(id)).state;
    };
    expect(await ended(await admin.importTable(table, "People", { mapping }))).toBe("done");
    const added = [{ id: "2", label: "Bo" }];
    expect(await ended(await admin.addEntities("people", added))).toBe("done");
    expect(
      (await admin.cancelImport(await admin.importTable(table, "People", { update: true }))).state,
    ).toMatch(/running|cancelled/);
    expect((await admin.catalogues()).catalogues.map(({ name }) => name)).toEqual(["demo", "people"]);
    expect(await client().entity("2", { catalogue: "people" })).toMatchObject({ label: "Bo" });
    expect((await client().search("Ann", { catalogue: "people" }))[0]!.entity.id).toBe("1");
    const caption = { id: "1", text: "Bo", mentions: [{ text: "Bo" }] };
    expect((await client().link(caption, { catalogue: "people" })).kb).toMatch(/^People@/);
    await expect
      .poll(() => admin.deleteCatalogue("people").then(() => "deleted", String), { timeout: 30_000 })
      .toBe("deleted");
    await expect(client().models({ catalogue: "people" })).rejects.toThrow(/NOT_FOUND/);
  });

  it("throws the problem that the service reports", async () => {
    await expect(createClient({ url: server().url }).models()).rejects.toMatchObject({
      problem: { code: "UNAUTHORIZED", status: 401 },
    });
    await expect(client().link({ id: "1", text: "x" })).rejects.toThrow(ServiceError);
    await expect(client().link(kerry, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  it("retries a busy service, as often as configured, and reports a proxy's error page as a problem", async () => {
    let asked = 0;
    const busy = createServer((_, response) => {
      asked += 1;
      if (asked < 3) response.writeHead(429, { "retry-after": "0" }).end();
      else response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad Gateway</h1>");
    });
    await new Promise<void>((resolve) => busy.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`;
    await expect(createClient({ url }).models()).rejects.toMatchObject({ problem: { status: 502 } });
    expect(asked).toBe(3);
    asked = 0;
    await expect(createClient({ url, retries: 0 }).models()).rejects.toMatchObject({
      problem: { status: 429 },
    });
    expect(asked).toBe(1);
    await new Promise((resolve) => busy.close(resolve));
  });

  it("imports nothing from Node.js", async () => {
    for (const file of ["index", "client"]) {
      const source = await readFile(`dist/client/${file}.js`, "utf8");
      for (const [, from] of source.matchAll(/from "([^"]+)"/g)) expect(from).toMatch(/^\.\/client\.js$/);
    }
  });
});

async function firstPicture(): Promise<string> {
  const { readdir } = await import("node:fs/promises");
  return (await readdir("demo/images/captions"))[0]!;
}
