import { existsSync } from "node:fs";
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRandom, type Entity } from "../../src/core/index.js";
import { driverFor, type EntityStore, openStore, type Place } from "../../src/kb/index.js";
import { formatManifest, type PublishedManifest } from "../../src/kb/sqlite/manifest.js";
import { manyEntities } from "./entities.js";

const INDEX = join("parts", "index.bin");

let folder: string;
let copies = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mmel-kb-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Imports entities and an additional file of `bytes` bytes. */
async function load(target: string, bytes: number, entities = 300): Promise<void> {
  const finish = async (_: EntityStore, place: Place): Promise<void> => {
    if (place.kind !== "folder") return expect.unreachable();
    await mkdir(join(place.folder, "parts"));
    await writeFile(join(place.folder, INDEX), "index");
    await truncate(join(place.folder, INDEX), bytes);
  };
  await (await driverFor(target)).import(target, manyEntities(entities), { finish });
}

async function copyOf(target: string): Promise<string> {
  const copy = join(folder, `copy-${copies++}`);
  await cp(target, copy, { recursive: true });
  return copy;
}

async function flipByte(path: string, offset: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[offset]! ^= 1;
  await writeFile(path, bytes);
}

/** Changes one byte in place, as a failing disk does. Returns the byte before. */
async function alterByte(path: string, offset: number, change: (byte: number) => number): Promise<number> {
  await using file = await open(path, "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, offset);
  await file.write(Buffer.of(change(byte[0]!)), 0, 1, offset);
  return byte[0]!;
}

const collect = async (store: EntityStore): Promise<Entity[]> => {
  const entities: Entity[] = [];
  for await (const each of store.all()) entities.push(each);
  return entities;
};

/** Changes fields of a manifest and computes its checksum again, as an edit on purpose would. */
async function reseal(target: string, changes: object): Promise<void> {
  const path = join(target, "manifest.json");
  const manifest = JSON.parse(await readFile(path, "utf8")) as PublishedManifest;
  await writeFile(path, formatManifest({ ...manifest, ...changes }));
}

const DATABASE = join("version-1", "entities.sqlite");
const ADDITIONAL = join("version-1", INDEX);
const expectCode = (target: string, code: string) =>
  expect(openStore(target)).rejects.toMatchObject({ code });

describe("a knowledge base in a folder", () => {
  let target: string;
  beforeAll(async () => {
    target = join(folder, "small");
    await load(target, 100);
  });

  it("exposes the folder with the files that the import wrote", async () => {
    await using store = await openStore(target);
    expect((await readFile(join(store.folder!, INDEX))).length).toBe(100);
    expect(store.manifest.name).toBe("small");
  });

  it.each([
    ["cut short", (path: string) => truncate(path, 50)],
    ["longer", (path: string) => appendFile(path, "more")],
    ["empty", (path: string) => truncate(path, 0)],
    ["altered", (path: string) => flipByte(path, 70)],
    ["a folder", (path: string) => rm(path).then(() => mkdir(path))],
  ])("is reported as damaged if one of its files is %s", async (_, damage) => {
    for (const file of [DATABASE, ADDITIONAL, "manifest.json"]) {
      const copy = await copyOf(target);
      await damage(join(copy, file));
      await expectCode(copy, "KB_DAMAGED");
    }
  });

  it("is not found without its manifest and damaged without its database", async () => {
    for (const [file, code] of [
      ["manifest.json", "KB_NOT_FOUND"],
      [DATABASE, "KB_DAMAGED"],
      [ADDITIONAL, "KB_DAMAGED"],
      ["version-1", "KB_DAMAGED"],
    ] as const) {
      const copy = await copyOf(target);
      await rm(join(copy, file), { recursive: true });
      await expectCode(copy, code);
    }
  });

  it("is reported as damaged if any byte of the database changes", async () => {
    const { length } = await readFile(join(target, DATABASE));
    for (let offset = 0; offset < length; offset += Math.floor(length / 20)) {
      const copy = await copyOf(target);
      await flipByte(join(copy, DATABASE), offset);
      await expectCode(copy, "KB_DAMAGED");
    }
  });

  it("is reported as damaged if its manifest was edited", async () => {
    for (const [from, to] of [
      ['"entities": 300', '"entities": 301'],
      ['"version-1"', '"../../etc"'],
      ['"mmel-kb",', '"mmel-kb", "more": 1,'],
      ['"mmel-kb"', '"mmel-kc"'],
      ['"format"', '"fornat"'],
      ['"schema": 2', '"schema": 3'],
    ] as const) {
      const copy = await copyOf(target);
      const text = await readFile(join(copy, "manifest.json"), "utf8");
      expect(text).toContain(from);
      await writeFile(join(copy, "manifest.json"), text.replace(from, to));
      await expectCode(copy, "KB_DAMAGED");
    }
    const nested = `{"format":"mmel-kb","files":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    for (const text of [nested, "null", "[]", "42", '"mmel-kb"', "\0", "{"]) {
      const copy = await copyOf(target);
      await writeFile(join(copy, "manifest.json"), text);
      await expect(openStore(copy)).rejects.toMatchObject({ code: expect.stringMatching(/^KB_/) });
    }
  });

  it("is reported as damaged if the fields of its manifest have other types", async () => {
    const files = { "entities.sqlite": { bytes: 1, blocks: "" } };
    for (const changes of [
      { files: null },
      { files: [] },
      { files: { "entities.sqlite": null } },
      { files: { "entities.sqlite": { bytes: -1, blocks: "" } } },
      { files: { "entities.sqlite": { bytes: 1, blocks: 7 } } },
      { files: { ...files, "../../etc/passwd": { bytes: 1, blocks: "" } } },
      { files: { ...files, "/etc/passwd": { bytes: 1, blocks: "" } } },
      { entities: "many" },
      { schema: null },
      { folder: "../../etc" },
      { folder: 1 },
    ]) {
      const copy = await copyOf(target);
      await reseal(copy, changes);
      await expectCode(copy, "KB_DAMAGED");
    }
  });

  it("is rejected as too new, for reading and importing, if it has a later layout", async () => {
    const copy = await copyOf(target);
    await reseal(copy, { schema: 3 });
    await expectCode(copy, "KB_TOO_NEW");
    await expect(load(copy, 1)).rejects.toMatchObject({ code: "KB_TOO_NEW" });
    expect(await readFile(join(copy, DATABASE))).toEqual(await readFile(join(target, DATABASE)));
  });

  it("is repaired by importing again", async () => {
    for (const file of [DATABASE, "manifest.json"]) {
      const copy = await copyOf(target);
      await truncate(join(copy, file), 10);
      await load(copy, 5);
      await (await openStore(copy)).close();
    }
  });

  it("names the block of the damage", async () => {
    const copy = await copyOf(target);
    await flipByte(join(copy, DATABASE), 5000);
    await expect(openStore(copy)).rejects.toMatchObject({
      code: "KB_DAMAGED",
      message: expect.stringContaining("entities.sqlite, block 0 (bytes 0 to 1048575)"),
    });
  });

  it("names the entity whose row changed after it was opened, and never returns it altered", async () => {
    const copy = await copyOf(target);
    const path = join(copy, DATABASE);
    const bytes = await readFile(path);
    const line = bytes.indexOf('{"id":"Q17","label"');
    for (const [offset, to] of [
      [line + 22, 0x58],
      [line + 22, 0xff], // not UTF-8
      [line + 8, 0x52], // another id
    ] as const) {
      await using store = await openStore(copy);
      await alterByte(path, offset, () => to);
      const damaged = {
        code: "KB_DAMAGED",
        message: expect.stringMatching(/entities\.sqlite, row \d+ \(entity "Q17"\)/),
      };
      await expect(store.getMany(["Q17"])).rejects.toMatchObject(damaged);
      await expect(collect(store)).rejects.toMatchObject(damaged);
      await writeFile(path, bytes);
    }
  });
});

describe("a knowledge base of more than 64 MB", () => {
  let large: string;
  beforeAll(async () => {
    large = join(folder, "large");
    await load(large, 65 << 20, 4000);
  });

  it("is checked by file sizes and first blocks when it is opened", async () => {
    await (await openStore(large)).close();
    for (const file of [DATABASE, ADDITIONAL])
      for (const offset of [3, 16, 30, 100_000]) {
        const old = await alterByte(join(large, file), offset, (byte) => byte ^ 1);
        await expectCode(large, "KB_DAMAGED");
        await alterByte(join(large, file), offset, () => old);
      }
    await truncate(join(large, ADDITIONAL), 64 << 20);
    await expectCode(large, "KB_DAMAGED");
    await truncate(join(large, ADDITIONAL), 65 << 20);
    await (await openStore(large)).close();
  });

  it("is never read altered, whichever byte changes", async () => {
    const read = async (): Promise<unknown> => {
      await using store = await openStore(large);
      const every = await collect(store);
      const ids = Array.from({ length: 4000 }, (_, number) => `Q${number}`);
      const hits = await store.searchNames("Person 1z Surname5");
      return [every, [...(await store.getMany(ids)).values()], hits];
    };
    const intact = await read();
    const path = join(large, DATABASE);
    const { size } = await stat(path);
    expect(size).toBeGreaterThan(2 << 20);
    const random = createRandom(7);
    for (let flip = 0; flip < 30; flip++) {
      const offset = (1 << 20) + Math.floor(random.next() * (size - (1 << 20)));
      const old = await alterByte(path, offset, (byte) => byte ^ (1 << Math.floor(random.next() * 8)));
      const found = await read().catch((error: unknown) => error);
      if (found instanceof Error) expect([offset, found]).toMatchObject([offset, { code: "KB_DAMAGED" }]);
      else expect(found).toEqual(intact);
      await alterByte(path, offset, () => old);
    }
  });
});

describe("a target that is not a knowledge base", () => {
  it("is reported as not found, with the command that creates one", async () => {
    const empty = join(folder, "empty");
    const other = join(folder, "other");
    for (const path of [empty, other]) await mkdir(path);
    await writeFile(join(other, "manifest.json"), '{"name":"a web app"}');
    await writeFile(join(folder, "file"), "text");
    const rejected = (target: string, command: string) =>
      expect(openStore(target)).rejects.toMatchObject({
        code: "KB_NOT_FOUND",
        message: expect.stringContaining(`\`${command}\``),
      });
    for (const target of [join(folder, "nothing"), empty, other])
      await rejected(target, `mmel kb import FILE --kb ${target}`);
    await rejected(join(folder, "file"), `mmel kb import ${join(folder, "file")} --kb FOLDER`);
  });

  it("is removed with its new parent folders if the first import fails", async () => {
    async function failing(target: string): Promise<void> {
      async function* failingEntities() {
        yield* manyEntities(10);
        throw new Error("no more");
      }
      await expect((await driverFor(target)).import(target, failingEntities())).rejects.toThrow("no more");
    }
    const place = join(folder, "place");
    await failing(join(place, "new", "kb"));
    expect(existsSync(place)).toBe(false);
    await mkdir(place);
    await failing(place);
    await failing(relative(process.cwd(), join(place, "new", "kb")));
    expect(await readdir(place)).toEqual([]);
  });

  it("is refused for an import if it contains other files or is a file", async () => {
    const other = join(folder, "documents");
    await mkdir(other);
    await writeFile(join(other, "letter.txt"), "dear");
    await expect(load(other, 1)).rejects.toMatchObject({ code: "CONFIG" });
    expect(await readFile(join(other, "letter.txt"), "utf8")).toBe("dear");
    await writeFile(join(folder, "plain"), "text");
    for (const target of [join(folder, "plain"), join(folder, "plain", "kb")])
      await expect(load(target, 1)).rejects.toMatchObject({ code: "FILE_UNWRITABLE" });
  });
});
