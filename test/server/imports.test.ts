import { mkdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { request } from "node:http";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CataloguesAnswer,
  type ImportAnswer,
  type SearchAnswer,
  type TablePreview,
  xlsxOf,
} from "../../src/formats/index.js";
import { bookParts, zip } from "../formats/zip.js";
import { findDisks } from "../support/disks.js";
import { raw, type Served, scratch, serving } from "./harness.js";

const path = scratch();
const PEOPLE =
  "Inventory no;Name;Born;Profession;Also known as\n0042;Ann Vale;1891;painter;Anna V.|A. Vale\n0043;Bo Lind;1902;brewer;\n";
const MAPPING = {
  delimiter: ";",
  columns: {
    "Inventory no": "id",
    Name: "label",
    Born: "properties.birth",
    Profession: "properties.occupation",
  },
};

function form(
  table: string | Uint8Array<ArrayBuffer> | Blob,
  fields: Readonly<Record<string, unknown>> = {},
  name = "people.csv",
): FormData {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields))
    form.set(key, typeof value === "string" ? value : JSON.stringify(value));
  form.set("file", new Blob([table]), name);
  return form;
}

function callers({ get }: Pick<Served, "get">) {
  const send = (route: string, body: FormData, init?: RequestInit) =>
    get(route, { method: "POST", body, ...init });
  const started = async (answer: Response): Promise<string> => {
    expect(answer.status, await answer.clone().text()).toBe(202);
    return ((await answer.json()) as { import: string }).import;
  };
  const state = async (id: string) => (await (await get(`/v1/imports/${id}`)).json()) as ImportAnswer;
  const ended = async (id: string): Promise<ImportAnswer> => {
    await expect
      .poll(async () => (await state(id)).state, { timeout: 60_000, interval: 50 })
      .not.toBe("running");
    return await state(id);
  };
  return {
    send,
    started,
    state,
    ended,
    importing: async (body: FormData) => ended(await started(await send("/v1/catalogues", body))),
    json: async <T>(route: string) => (await (await get(route)).json()) as T,
  };
}

/** Rows of a table that takes a while to import. */
const many = (count: number): string =>
  `id,label,description\n${Array.from({ length: count }, (_, n) => `${n},Person ${n},born in ${1800 + (n % 200)}\n`).join("")}`;

const rowOf = (cell: string): string => `<row><c t="inlineStr"><is><t>${cell}</t></is></c></row>`;

describe("tables", () => {
  const { get } = serving();
  const { send } = callers({ get });

  it.each([
    ["CSV", () => PEOPLE, "csv"],
    ["XLSX", () => xlsxOf({ name: "People", header: ["Name"], rows: [["Ann"]] }), "xlsx"],
  ])("in %s are previewed by their content, whatever their name", async (_, table, kind) => {
    const answer = await send("/v1/tables/preview", form(await table(), { as: "entities" }, "x.bin"));
    expect(await answer.json()).toMatchObject({ kind });
  });

  it("are previewed with a given mapping, or a guessed one", async () => {
    const guessed = (await (
      await send("/v1/tables/preview", form(PEOPLE, { as: "entities" }))
    ).json()) as TablePreview;
    expect(guessed).toMatchObject({
      kind: "csv",
      delimiter: ";",
      rows: [["0042", "Ann Vale", "1891", "painter", "Anna V.|A. Vale"], expect.anything()],
    });
    expect(guessed.columns.map(({ field }) => field).slice(0, 2)).toEqual(["id", "label"]);
    const given = await send("/v1/tables/preview", form(PEOPLE, { as: "entities", mapping: MAPPING }));
    expect(((await given.json()) as TablePreview).columns[4]).toMatchObject({
      name: "Also known as",
      field: null,
    });
  });

  it("are opened with the settings of the mapping", async () => {
    const preview = async (table: string | Blob, mapping: object): Promise<TablePreview> =>
      (await (
        await send("/v1/tables/preview", form(table, { as: "entities", mapping }))
      ).json()) as TablePreview;
    const settings = { headerRow: 3, delimiter: ",", encoding: "windows-1250" };
    expect(await preview(`Title\n\n${PEOPLE}`, settings)).toMatchObject({ ...settings, mapping: settings });
    const book = zip(bookParts({ sheets: { One: rowOf("Name"), Two: rowOf("Titel") + rowOf("Name") } }));
    const two = await preview(new Blob([new Uint8Array(book)]), { sheet: "Two", headerRow: 2 });
    expect(two).toMatchObject({
      sheet: "Two",
      sheets: ["One", "Two"],
      headerRow: 2,
      columns: [{ name: "Name" }],
    });
  });

  it("of captions become JSON Lines, with the rejected rows among them", async () => {
    const table = "no,caption,names\n1,Ann at work,Ann\n2,Bo,Bo\n1,again,Ann\n";
    const mapping = { columns: { no: "id", caption: "text", names: { field: "mentions", separator: "|" } } };
    const answer = await send("/v1/tables/captions", form(table, { mapping }));
    expect(answer.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = (await answer.text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { id: "1", text: "Ann at work", mentions: [{ text: "Ann" }] },
      { id: "2" },
      { rejected: { line: 4, error: expect.stringMatching(/^DUPLICATE_ID: .*people\.csv, line 4/) } },
    ]);
  });

  it.each([
    [
      "no file",
      () => {
        const f = new FormData();
        f.set("as", "entities");
        return f;
      },
      400,
      "FORMAT",
    ],
    ["an unknown part", () => form(PEOPLE, { as: "entities", other: "1" }), 400, "FORMAT"],
    ["no `as`", () => form(PEOPLE), 400, "FORMAT"],
    ["a mapping that is not JSON", () => form(PEOPLE, { as: "entities", mapping: "{" }), 400, "FORMAT"],
    [
      "a mapping without a label",
      () => form(PEOPLE, { as: "entities", mapping: { columns: { Name: "id" } } }),
      400,
      "FORMAT",
    ],
    [
      "an old Excel file",
      () => form(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0]), { as: "entities" }),
      400,
      "FORMAT",
    ],
  ])("with %s are refused", async (_, body, status, code) => {
    const answer = await send("/v1/tables/preview", body());
    expect(await answer.json()).toMatchObject({ status, code });
  });

  it("are not imported by a service without a folder of catalogues", async () => {
    const answer = await send("/v1/catalogues", form(PEOPLE, { name: "people" }));
    expect(await answer.json()).toMatchObject({ status: 403, hint: expect.stringContaining("`mmel open`") });
  });

  it("must be sent as a form, whose fields are UTF-8", async () => {
    expect(
      (
        await get("/v1/tables/preview", {
          method: "POST",
          body: "{}",
          headers: { "content-type": "application/json" },
        })
      ).status,
    ).toBe(415);
    const body = Buffer.concat([
      Buffer.from('--x\r\ncontent-disposition: form-data; name="as"\r\n\r\nentities'),
      Buffer.from([0xff]),
      Buffer.from("\r\n--x--\r\n"),
    ]);
    const answer = await get("/v1/tables/preview", {
      method: "POST",
      body,
      headers: { "content-type": "multipart/form-data; boundary=x" },
    });
    expect(await answer.json()).toMatchObject({ status: 422, code: "ENCODING" });
  });
});

describe("an import", () => {
  const served = serving({ catalogues: path("imports") });
  const { get, post } = served;
  const { send, started, state, ended, importing, json } = callers(served);

  it("creates a catalogue, which requests can use at once, and later replaces or updates it", async () => {
    const id = await started(
      await send("/v1/catalogues", form(PEOPLE, { name: "Élan & Co.", mapping: MAPPING })),
    );
    const done = await ended(id);
    expect(done).toMatchObject({
      id,
      catalogue: "elan-co",
      state: "done",
      entities: 2,
      rejected: 0,
      firstRejects: [],
    });
    expect(done.bytes).toBe(done.totalBytes);
    const { catalogues } = await json<CataloguesAnswer>("/v1/catalogues");
    expect(catalogues.find(({ name }) => name === "elan-co")).toMatchObject({
      title: "Élan & Co.",
      entities: 2,
      editable: true,
    });
    const { hits } = await json<SearchAnswer>("/v1/search?name=Ann%20Vale&catalogue=elan-co");
    expect(hits[0]!.entity).toMatchObject({ id: "0042", properties: { birth: ["1891"] } });

    const changes = "id,label\n0043,Bo Lindt\n0044,Cy\n0044,Cy again\n,\n0045,\n";
    const updated = await importing(form(changes, { name: "elan-co", update: "true" }, "changes.csv"));
    expect(updated).toMatchObject({ catalogue: "elan-co", state: "done", entities: 2, rejected: 2 });
    expect(updated.firstRejects).toEqual(expect.arrayContaining([expect.stringMatching(/0044.*duplicate/)]));
    const rejects = (await (await get(`/v1/imports/${updated.id}/rejects`)).text()).trim().split("\n");
    expect(rejects.map((line) => JSON.parse(line).code).sort()).toEqual(["DUPLICATE_ID", "ENTITY_INVALID"]);
    expect(
      (await json<SearchAnswer>("/v1/search?name=Bo%20Lindt&catalogue=elan-co")).hits[0]!.entity.label,
    ).toBe("Bo Lindt");
    expect((await get("/v1/entities/0042?catalogue=elan-co")).status).toBe(200);

    const replaced = await importing(form("id,label\n9,Nobody\n", { name: "elan-co" }));
    expect(replaced).toMatchObject({
      state: "failed",
      error: {
        status: 409,
        code: "KB_REPLACE",
        hint: "Update the catalogue to keep the other entities, or delete it first.",
      },
    });
    expect(await readdir(path("imports/unfinished"))).toHaveLength(3); // the rejects of the last imports
  });

  it("that adds entities needs new ids", async () => {
    await importing(form(PEOPLE, { name: "additions", mapping: MAPPING }));
    const add = (id: string) =>
      post("/v1/catalogues/additions/entities", { entities: [{ id, label: "Dee Dee", aliases: [] }] });
    expect(await ended(await started(await add("7")))).toMatchObject({ state: "done", entities: 1 });
    expect(
      (await json<SearchAnswer>("/v1/search?name=Dee%20Dee&catalogue=additions")).hits[0]!.entity.id,
    ).toBe("7");
    expect(await (await add("7")).json()).toMatchObject({ status: 422, code: "DUPLICATE_ID" });
    expect((await post("/v1/catalogues/demo/entities", { entities: [{ id: "x", label: "X" }] })).status).toBe(
      404,
    );
    expect((await post("/v1/catalogues/additions/entities", { entities: [] })).status).toBe(422);
  });

  it("fails without changing anything if the table has no valid row", async () => {
    const failed = await importing(form("id,label\n,\n1,\n", { name: "nothing" }));
    expect(failed).toMatchObject({ state: "failed", error: { status: 400, code: "FORMAT" } });
    expect(await readdir(path("imports"))).not.toContain("nothing");
  });

  it("can be cancelled, which leaves the old version", async () => {
    const first = await importing(form(PEOPLE, { name: "cancelled", mapping: MAPPING }));
    expect(first.state).toBe("done");
    const id = await started(
      await send("/v1/catalogues", form(many(60_000), { name: "cancelled", update: "true" })),
    );
    await expect
      .poll(async () => (await state(id)).entities, { interval: 10, timeout: 30_000 })
      .toBeGreaterThan(0);
    expect(await (await send("/v1/catalogues", form(PEOPLE, { name: "other" }))).json()).toMatchObject({
      status: 409,
      code: "KB_BUSY",
    });
    expect((await get("/v1/catalogues/cancelled", { method: "DELETE" })).status).toBe(409);
    expect((await post("/v1/catalogues/none/entities", { entities: [{ id: "x", label: "X" }] })).status).toBe(
      404,
    );
    await get(`/v1/imports/${id}`, { method: "DELETE" });
    expect(await ended(id)).toMatchObject({ state: "cancelled" });
    const { catalogues } = await json<CataloguesAnswer>("/v1/catalogues");
    expect(catalogues.find(({ name }) => name === "cancelled")!.entities).toBe(2);
    expect((await readdir(path("imports/cancelled"))).sort()).toEqual([
      "import.lock",
      "manifest.json",
      "version-1",
    ]);
    expect((await importing(form(PEOPLE, { name: "other", mapping: MAPPING }))).state).toBe("done");
  });

  it("may be unknown", async () => {
    for (const [method, route] of [
      ["GET", "none"],
      ["DELETE", "none"],
      ["GET", "none/rejects"],
    ])
      expect((await get(`/v1/imports/${route}`, { method: method! })).status).toBe(404);
    expect((await send("/v1/catalogues", form(PEOPLE, { name: "none", update: "true" }))).status).toBe(404);
  });

  it("is undone by deleting the catalogue, but not the default", async () => {
    await importing(form(PEOPLE, { name: "gone", mapping: MAPPING }));
    expect((await get("/v1/entities/0042?catalogue=gone")).status).toBe(200);
    const remove = (name: string) => get(`/v1/catalogues/${name}`, { method: "DELETE" });
    expect((await remove("gone")).status).toBe(204);
    expect((await remove("gone")).status).toBe(404);
    expect((await get("/v1/entities/0042?catalogue=gone")).status).toBe(404);
    expect(await (await remove("demo")).json()).toMatchObject({ status: 403, code: "FORBIDDEN" });
    expect((await remove("..%2Fimports")).status).toBe(404);
  });
});

describe("callers that may not change catalogues", () => {
  const served = serving({ catalogues: path("local"), cors: ["https://review.example.org"] });
  const { send } = callers(served);
  const body = () => form(PEOPLE, { name: "people", mapping: MAPPING });
  const attempt = async (headers: Readonly<Record<string, string>>) => {
    const answer = await send("/v1/catalogues", body(), { headers });
    const { writable } = (await (await served.get("/v1/catalogues", { headers })).json()) as CataloguesAnswer;
    return [answer.status, writable];
  };

  it.each([
    ["of another origin", { origin: "https://evil.example" }],
    ["of an origin that may link", { origin: "https://review.example.org" }],
    ["of another port", { origin: "http://127.0.0.1:1" }],
    ["without an origin", { origin: "null" }],
    ["of another site, in a browser that sends no origin", { "sec-fetch-site": "cross-site" }],
  ])("are pages %s", async (_, headers) => {
    expect(await attempt(headers)).toEqual([403, false]);
  });

  it("are those behind a proxy, and those with a host name of their own", async () => {
    expect(await attempt({ "x-forwarded-for": "127.0.0.1" })).toEqual([403, false]);
    const head = "DELETE /v1/catalogues/people HTTP/1.1\r\nconnection: close\r\n";
    expect(await raw(served.server(), `${head}host: evil.example\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await raw(served.server(), `${head}host: localhost\r\n\r\n`)).toMatch(/^HTTP\/1\.1 404 /);
  });

  it("are not pages of the service itself", async () => {
    expect(await attempt({ origin: served.server().url, "sec-fetch-site": "same-origin" })).toEqual([
      202,
      true,
    ]);
  });
});

const elsewhere = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === "IPv4" && !one.internal)?.address;

describe.skipIf(elsewhere === undefined)("a caller on another machine", () => {
  const open = serving({ catalogues: path("open"), host: "0.0.0.0", insecure: true });
  const guarded = serving({
    catalogues: path("guarded"),
    host: "0.0.0.0",
    tokens: "link link-secret-0123456789\nadmin admin-secret-0123456789\n",
  });
  const remove = async ({ server }: Served, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const url = `http://${elsewhere}:${new URL(server().url).port}/v1/catalogues/none`;
    return (await fetch(url, { method: "DELETE", headers })).status;
  };

  it("needs a token with the scope admin", async () => {
    expect(await remove(open)).toBe(403);
    expect(await remove(guarded)).toBe(401);
    expect(await remove(guarded, "link-secret-0123456789")).toBe(403);
    expect(await remove(guarded, "admin-secret-0123456789")).toBe(404);
  });
});

describe("an upload", () => {
  const served = serving({ catalogues: path("limited"), limits: { uploadBytes: 5000, receiveSeconds: 1 } });
  const { send, importing } = callers(served);
  const sized = (bytes: number): string => "id,label\n1,Ann\n".padEnd(bytes, "\n");

  it("may have as many bytes as the limit, and not one more", async () => {
    expect(await importing(form(sized(5000), { name: "limit" }))).toMatchObject({
      state: "done",
      totalBytes: 5000,
    });
    const answer = await send("/v1/catalogues", form(sized(5001), { name: "above" }));
    expect(await answer.json()).toMatchObject({
      status: 413,
      code: "TOO_LARGE",
      hint: expect.stringContaining("--max-upload"),
    });
    expect((await importing(form(sized(100), { name: "next" }))).state).toBe("done");
  });

  it("that stops arriving ends with its connection, and leaves room for the next", async () => {
    const { hostname, port } = new URL(served.server().url);
    const headers = { "content-type": "multipart/form-data; boundary=x", "content-length": 1000 };
    const slow = request({ hostname, port, path: "/v1/catalogues", method: "POST", headers });
    slow.on("error", () => {});
    slow.write('--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nid,label\n');
    const status = await new Promise((resolve) =>
      slow.on("response", ({ statusCode }) => resolve(statusCode)),
    );
    expect(status).toBe(504);
    slow.destroy();
    await expect
      .poll(async () => (await send("/v1/catalogues", form(sized(90), { name: "later" }))).status)
      .toBe(202);
  });
});

const disks = findDisks();

describe.skipIf(disks === undefined)("a full disk", () => {
  beforeAll(() => {
    mkdirSync(path("disk"));
    disks!.mount(path("disk"), "1m");
  });
  afterAll(() => disks!.unmount(path("disk")));
  const served = serving({ catalogues: path("disk/catalogues") });
  const { send, importing } = callers(served);

  it("is named, while receiving and while importing, and leaves what was there", async () => {
    expect(await importing(form(PEOPLE, { name: "small", mapping: MAPPING }))).toMatchObject({
      state: "done",
    });
    const upload = await send("/v1/catalogues", form(many(40_000), { name: "large" }));
    expect(await upload.json()).toMatchObject({
      status: 507,
      code: "FILE_UNWRITABLE",
      detail: expect.stringContaining("not enough disk space"),
    });
    const failed = await importing(form(many(9000), { name: "large" }));
    expect(failed).toMatchObject({
      state: "failed",
      error: {
        status: 507,
        code: "FILE_UNWRITABLE",
        detail: expect.stringContaining("not enough disk space"),
      },
    });
    expect((await readdir(path("disk/catalogues"))).sort()).toEqual(["import.lock", "small", "unfinished"]);
    expect((await served.get("/v1/entities/0042?catalogue=small")).status).toBe(200);
  });
});
