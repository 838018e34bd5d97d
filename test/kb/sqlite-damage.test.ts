import { existsSync } from "node:fs";
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { driverFor, type EntityStore, openStore, type Place } from "../../src/kb/index.js";
import { manyEntities } from "./entities.js";

const INDEX = join("parts", "index.bin");

let folder: string;
let copies = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mmel-kb-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Imports 300 entities and an additional file of `bytes` bytes. */
async function load(target: string, bytes: number): Promise<void> {
  const finish = async (_: EntityStore, place: Place): Promise<void> => {
    if (place.kind !== "folder") return expect.unreachable();
    await mkdir(join(place.folder, "parts"));
    await writeFile(join(place.folder, INDEX), "index");
    await truncate(join(place.folder, INDEX), bytes);
  };
  await (await driverFor(target)).import(target, manyEntities(300), { finish });
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
    ] as const) {
      const copy = await copyOf(target);
      const text = await readFile(join(copy, "manifest.json"), "utf8");
      expect(text).toContain(from);
      await writeFile(join(copy, "manifest.json"), text.replace(from, to));
      await expectCode(copy, "KB_DAMAGED");
    }
    for (const text of ["null", "[]", "42", '"mmel-kb"', "\0", "{"]) {
      const copy = await copyOf(target);
      await writeFile(join(copy, "manifest.json"), text);
      await expect(openStore(copy)).rejects.toMatchObject({ code: expect.stringMatching(/^KB_/) });
    }
  });

  it("is rejected as too new, for reading and importing, if it has a later layout", async () => {
    const copy = await copyOf(target);
    const text = await readFile(join(copy, "manifest.json"), "utf8");
    await writeFile(join(copy, "manifest.json"), text.replace('"schema": 1', '"schema": 2'));
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

  it("is verified by file sizes and header if it is larger than 64 MB", async () => {
    const large = join(folder, "large");
    await load(large, 65 << 20);
    await (await openStore(large)).close();
    const header = await readFile(join(large, DATABASE));
    for (const offset of [3, 16, 30]) {
      await flipByte(join(large, DATABASE), offset);
      await expectCode(large, "KB_DAMAGED");
      await writeFile(join(large, DATABASE), header);
    }
    await truncate(join(large, ADDITIONAL), 64 << 20);
    await expectCode(large, "KB_DAMAGED");
    await truncate(join(large, ADDITIONAL), 65 << 20);
    await writeFile(
      join(large, DATABASE),
      Buffer.concat([header.subarray(0, 100), Buffer.alloc(header.length - 100, 7)]),
    );
    await expectCode(large, "KB_DAMAGED");
  });
});

describe("a target that is not a knowledge base", () => {
  it("is reported as not found, with the command that creates one", async () => {
    const empty = join(folder, "empty");
    const other = join(folder, "other");
    for (const path of [empty, other]) await mkdir(path);
    await writeFile(join(other, "manifest.json"), '{"name":"a web app"}');
    await writeFile(join(folder, "file"), "text");
    for (const target of [join(folder, "nothing"), empty, other, join(folder, "file")])
      await expect(openStore(target)).rejects.toMatchObject({
        code: "KB_NOT_FOUND",
        message: expect.stringContaining(`mmel kb import FILE --kb ${target}`),
      });
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
