import { mkdirSync, writeFileSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CataloguesAnswer, SearchAnswer, WireLinks } from "../../src/formats/index.js";
import { importKb } from "../../src/linker/index.js";
import { openCatalogues } from "../../src/server/catalogues/catalogues.js";
import {
  catalogueName,
  freeName,
  isCatalogueName,
  openCatalogueFolder,
} from "../../src/server/catalogues/folder.js";
import type { Link } from "../../src/server/knowledge.js";
import { entity } from "../kb/entities.js";
import { scratch, serving } from "./harness.js";

const path = scratch();

/** Imports a catalogue with one entity, whose id is the name of the catalogue. */
async function importOne(folder: string, name: string): Promise<void> {
  await importKb(join(path(folder), name), [entity(name, { label: "Ann" })], { name: `The ${name}` });
}

describe("names of catalogues", () => {
  it.each([
    ["People of the archive", "people-of-the-archive"],
    ["Bühler & Söhne", "buhler-sohne"],
    ["  ../../etc/passwd", "etc-passwd"],
    ["日本", "catalogue"],
    ["", "catalogue"],
    ["CON", "con-1"],
    ["unfinished", "unfinished-1"],
    [`${"x".repeat(59)} y`, "x".repeat(59)],
  ])("%j becomes %j, which is safe as the name of a folder", (title, name) => {
    expect(catalogueName(title)).toBe(name);
    expect(isCatalogueName(name)).toBe(true);
  });

  it("are numbered if they are taken", () => {
    const taken = new Set(["a", "a-2"]);
    expect([freeName("a", (name) => taken.has(name)), freeName("b", (name) => taken.has(name))]).toEqual([
      "a-3",
      "b",
    ]);
  });

  it("cannot leave the folder", async () => {
    await importOne("leave", "inside");
    await using folder = await openCatalogueFolder(path("leave/inside"));
    for (const name of ["..", "../inside", "", ".", "A", "a/b", "a\0b"])
      expect(await folder.find(name)).toBeUndefined();
  });
});

describe("the folder of catalogues", () => {
  it("is used by one service at a time", async () => {
    await using _first = await openCatalogueFolder(path("locked"));
    await expect(openCatalogueFolder(path("locked"))).rejects.toMatchObject({ code: "KB_BUSY" });
  });

  it("loses what killed imports and uploads left, and nothing else", async () => {
    await importOne("left", "people");
    await mkdir(path("left/unfinished"));
    await writeFile(path("left/unfinished/upload"), "x");
    await mkdir(path("left/people/version-7"));
    await mkdir(path("left/new/version-1"), { recursive: true });
    await writeFile(path("left/new/import.lock"), "");
    await mkdir(path("left/notes"));
    await writeFile(path("left/notes/mine.txt"), "x");
    await using folder = await openCatalogueFolder(path("left"));
    expect((await readdir(path("left"))).sort()).toEqual(["import.lock", "notes", "people", "unfinished"]);
    expect(await readdir(path("left/unfinished"))).toEqual([]);
    expect((await readdir(path("left/people"))).sort()).toEqual([
      "import.lock",
      "manifest.json",
      "version-1",
    ]);
    expect((await folder.list()).map(({ name, manifest }) => [name, manifest.name])).toEqual([
      ["people", "The people"],
    ]);
  });
});

describe("open catalogues", () => {
  const opened: string[] = [];
  const closed: string[] = [];
  const link: Link = async (store) => {
    const name = store.manifest.name;
    opened.push(name);
    const linker = { close: async () => void closed.push(name) };
    return { linker, queue: { close: async () => {}, depth: () => 0 } } as never;
  };

  it("are at most `maxOpen` besides the default; the one used last is kept, and none is closed while in use", async () => {
    for (const name of ["main", "a", "b", "c"]) await importOne("some", name);
    const find = async (name: string) =>
      ["a", "b", "c"].includes(name) ? join(path("some"), name) : undefined;
    const main = { name: "main", target: path("some/main") };
    await using catalogues = await openCatalogues(main, { link, find, maxOpen: 2 });
    const a = await catalogues.lease("a");
    const b = await catalogues.lease("b");
    expect(a.kb).toMatch(/^The a@/);
    await expect(catalogues.lease("c")).rejects.toMatchObject({ code: "BUSY" });
    await expect(catalogues.lease("none")).rejects.toMatchObject({ code: "NOT_FOUND" });
    const held = b.hold();
    a[Symbol.dispose]();
    b[Symbol.dispose]();
    (await catalogues.lease("a"))[Symbol.dispose]();
    const c = await catalogues.lease("c"); // b is older, but held
    expect(closed).toEqual(["The a"]);
    held[Symbol.dispose]();
    (await catalogues.lease("a"))[Symbol.dispose]();
    expect(closed).toEqual(["The a", "The b"]);
    expect([...catalogues.inUse().keys()].sort()).toEqual(["a", "c", "main"]);
    catalogues.close("c");
    expect(closed).toEqual(["The a", "The b"]);
    c[Symbol.dispose]();
    await expect.poll(() => closed).toEqual(["The a", "The b", "The c"]);
    expect(opened).toEqual(["The main", "The a", "The b", "The c", "The a"]);
    expect(catalogues.current().kb).toMatch(/^The main@/);
  });

  it("are opened once for requests that arrive together, and tried again after a failure", async () => {
    await importOne("again", "main");
    const find = async (name: string) => join(path("again"), name);
    const main = { name: "main", target: path("again/main") };
    await using catalogues = await openCatalogues(main, { link, find, maxOpen: 1 });
    await expect(catalogues.lease("late")).rejects.toMatchObject({ code: "KB_NOT_FOUND" });
    await importOne("again", "late");
    const count = opened.length;
    const leases = await Promise.all([catalogues.lease("late"), catalogues.lease("late")]);
    expect(opened.slice(count)).toEqual(["The late"]);
    for (const lease of leases) lease[Symbol.dispose]();
  });
});

describe("?catalogue=", () => {
  mkdirSync(path("served"));
  writeFileSync(path("served/readme.txt"), "not a catalogue");
  const { get, post } = serving({ catalogues: path("served") });
  const answerOf = async <T>(path: string): Promise<T> => (await get(path)).json() as T;

  it("is listed, chooses the knowledge base of every request, and may be unknown", async () => {
    await importOne("served", "people");
    const { writable, catalogues } = await answerOf<CataloguesAnswer>("/v1/catalogues");
    expect(writable).toBe(true);
    expect(
      catalogues.map(({ name, title, entities, default: isDefault, editable }) => ({
        name,
        title,
        entities,
        isDefault,
        editable,
      })),
    ).toEqual([
      { name: "demo", title: "demo", entities: 150, isDefault: true, editable: false },
      { name: "people", title: "The people", entities: 1, isDefault: false, editable: true },
    ]);
    expect(Date.now() - Date.parse(catalogues[1]!.updated!)).toBeLessThan(600_000);

    const caption = { id: "1", text: "Ann", mentions: [{ text: "Ann" }] };
    const links = (await (await post("/v1/link?catalogue=people", caption)).json()) as WireLinks;
    expect(links.kb).toBe(`The people@${catalogues[1]!.version}`);
    expect((await answerOf<SearchAnswer>("/v1/search?name=Ann&catalogue=people")).hits[0]!.entity.id).toBe(
      "people",
    );
    expect((await get("/v1/entities/people?catalogue=people")).headers.get("x-mmel-kb")).toMatch(
      /^The%20people@/,
    );
    expect((await get("/v1/entities/people")).status).toBe(404);
    expect(await answerOf("/v1/models?catalogue=people")).toMatchObject({ entities: 1 });
    expect(await answerOf("/readyz?catalogue=people")).toMatchObject({ kb: links.kb });
    expect(await answerOf("/reconcile/suggest/entity?prefix=Ann&catalogue=people")).toMatchObject({
      result: [{ id: "people" }],
    });
    const manifest = await answerOf<{
      preview: { url: string };
      suggest: { entity: { service_path: string } };
    }>("/reconcile?catalogue=people");
    expect(manifest.preview.url).toMatch(/\/reconcile\/preview\?id=\{\{id\}\}&catalogue=people$/);
    expect(manifest.suggest.entity.service_path).toBe("/reconcile/suggest/entity?catalogue=people");
    expect(await answerOf<unknown>("/reconcile/preview?id=people&catalogue=none")).toMatchObject({
      status: 404,
      code: "NOT_FOUND",
      hint: "Choose one of the names that `GET /v1/catalogues` lists.",
    });
    for (const bad of ["..", "%00", "A", "readme.txt", ""])
      expect((await get(`/v1/search?name=x&catalogue=${bad}`)).status).toBe(404);
    expect((await get("/v1/search?name=x&catalogue=a&catalogue=b")).status).toBe(400);
    expect(await (await get("/metrics")).text()).toMatch(/mmel_kb_info\{kb="The people@\w+"\} 1/);
  });
});
