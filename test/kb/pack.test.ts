import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { pack as createTar } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Entity, MmelError } from "../../src/core/index.js";
import { createMemoryStore, openStore } from "../../src/kb/index.js";
import { openPack, packKb } from "../../src/kb/pack/index.js";
import { importKb, unpackKb } from "../../src/linker/index.js";
import { entityArbitrary } from "../formats/arbitraries.js";
import { entity, manyEntities } from "./entities.js";

let folder: string;
const path = (name: string): string => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mmel-pack-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** Writes a gzipped tar archive of these entries. */
async function archive(entries: readonly [name: string, content: string | object][]): Promise<string> {
  const tar = createTar();
  for (const [name, content] of entries)
    tar.entry({ name }, typeof content === "string" ? content : JSON.stringify(content));
  tar.finalize();
  await writeFile(path("made.tar.gz"), gzipSync(await buffer(tar as never)));
  return path("made.tar.gz");
}

const LINES = '{"id":"a","label":"A"}\n{"id":"b","label":"B"}\n';
const described = (lines: string, more: object = {}): object => {
  const entities = lines
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return {
    format: "mmel-kb-pack",
    layout: 1,
    name: "made",
    version: createMemoryStore(entities.map(({ id, label }) => entity(id, { label }))).manifest.version,
    entities: entities.length,
    bytes: Buffer.byteLength(lines),
    sha256: createHash("sha256").update(lines).digest("hex"),
    ...more,
  };
};

const unpacked = async (file: string): Promise<Entity[]> => {
  await using pack = await openPack(file);
  return await collect(pack.entities());
};

describe("a packed knowledge base", () => {
  it("unpacks to the same entities and version for arbitrary content", async () => {
    const sets = fc.uniqueArray(entityArbitrary, { selector: ({ id }) => id, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(sets, async (entities) => {
        const store = createMemoryStore(entities, { name: 'any "name"' });
        const { version } = await packKb(store, path("any.tar.gz"));
        expect(version).toBe(store.manifest.version);
        expect(await unpacked(path("any.tar.gz"))).toEqual(await collect(store.all()));
      }),
      { numRuns: 40 },
    );
  });

  it("has the same bytes for the same content, packed from memory or from a folder", async () => {
    const people = manyEntities(500);
    await packKb(createMemoryStore(people, { name: "people" }), path("1.tar.gz"));
    const manifest = await unpackKb(path("1.tar.gz"), path("kb"));
    expect(manifest).toEqual(createMemoryStore(people, { name: "people" }).manifest);
    await using store = await openStore(path("kb"));
    await packKb(store, path("2.tar.gz"));
    expect((await readFile(path("1.tar.gz"))).equals(await readFile(path("2.tar.gz")))).toBe(true);
    expect((await unpackKb(path("1.tar.gz"), path("kb"), { name: "other" })).name).toBe("other");
  });

  it("is read in the documented format", async () => {
    const file = await archive([
      ["mmel-kb.json", described(LINES)],
      ["entities.jsonl", LINES],
    ]);
    expect((await unpacked(file)).map(({ id }) => id)).toEqual(["a", "b"]);
  });
});

describe("openPack and packKb on failures", () => {
  it("reject altered and truncated files without touching the existing knowledge base", async () => {
    await importKb(path("kb"), [entity("before")]);
    await packKb(createMemoryStore(manyEntities(200)), path("good.tar.gz"));
    const good = await readFile(path("good.tar.gz"));
    const plainTar = gunzipSync(good);
    const damages: Buffer[] = [0.1, 0.5, 0.9, 0.999].map((share) =>
      good.subarray(0, Math.floor(share * good.length)),
    );
    for (const index of [2000, 5000, plainTar.length - 3000]) {
      const copy = Buffer.from(plainTar);
      copy[index] = copy[index] === 0x61 ? 0x62 : 0x61;
      damages.push(gzipSync(copy));
    }
    damages.push(gzipSync(plainTar.subarray(0, plainTar.length - 2048)));
    for (const damaged of damages) {
      await writeFile(path("bad.tar.gz"), damaged);
      await expect(unpackKb(path("bad.tar.gz"), path("kb"))).rejects.toMatchObject({
        code: "KB_DAMAGED",
        message: expect.stringContaining("bad.tar.gz"),
      });
    }
    await using store = await openStore(path("kb"));
    expect(await collect(store.all())).toEqual([entity("before")]);
  });

  it("find a change of any byte, and of any unused bit", async () => {
    await packKb(createMemoryStore(manyEntities(3)), path("good.tar.gz"));
    const good = await readFile(path("good.tar.gz"));
    expect((await unpacked(path("good.tar.gz"))).length).toBe(3);
    for (let at = 0; at < good.length; at++) {
      const copy = Buffer.from(good);
      copy[at]! ^= 1 << (at % 8);
      await writeFile(path("bad.tar.gz"), copy);
      await expect(unpacked(path("bad.tar.gz")), `byte ${at}`).rejects.toMatchObject({ code: "KB_DAMAGED" });
    }
  });

  it("accept a file that another program compressed or unpacked", async () => {
    await packKb(createMemoryStore(manyEntities(3)), path("good.tar.gz"));
    const tar = gunzipSync(await readFile(path("good.tar.gz")));
    for (const bytes of [tar, gzipSync(tar)]) {
      await writeFile(path("other"), bytes);
      expect((await unpacked(path("other"))).length).toBe(3);
    }
  });

  it.each<[string, [string, string | object][], string]>([
    [
      "a path outside the folder",
      [
        ["../../mmel-kb.json", described(LINES)],
        ["entities.jsonl", LINES],
      ],
      "FORMAT",
    ],
    [
      "an absolute path",
      [
        ["mmel-kb.json", described(LINES)],
        ["/etc/passwd", LINES],
      ],
      "FORMAT",
    ],
    ["no entities", [["mmel-kb.json", described(LINES)]], "FORMAT"],
    [
      "a manifest without fields",
      [
        ["mmel-kb.json", "{}"],
        ["entities.jsonl", LINES],
      ],
      "FORMAT",
    ],
    [
      "a manifest that is not JSON",
      [
        ["mmel-kb.json", "{"],
        ["entities.jsonl", LINES],
      ],
      "FORMAT",
    ],
    [
      "an overlong manifest",
      [
        ["mmel-kb.json", " ".repeat(1 << 17)],
        ["entities.jsonl", LINES],
      ],
      "FORMAT",
    ],
    ["a newer layout", [["mmel-kb.json", described(LINES, { layout: 2 })]], "KB_TOO_NEW"],
    [
      "a wrong checksum",
      [
        ["mmel-kb.json", described(LINES, { sha256: "0".repeat(64) })],
        ["entities.jsonl", LINES],
      ],
      "KB_DAMAGED",
    ],
    [
      "a wrong version",
      [
        ["mmel-kb.json", described(LINES, { version: "0".repeat(16) })],
        ["entities.jsonl", LINES],
      ],
      "KB_DAMAGED",
    ],
    [
      "a wrong count",
      [
        ["mmel-kb.json", described(LINES, { entities: 3 })],
        ["entities.jsonl", LINES],
      ],
      "KB_DAMAGED",
    ],
    [
      "a wrong length",
      [
        ["mmel-kb.json", described(LINES, { bytes: 3 })],
        ["entities.jsonl", LINES],
      ],
      "KB_DAMAGED",
    ],
    [
      "a third file",
      [
        ["mmel-kb.json", described(LINES)],
        ["entities.jsonl", LINES],
        ["x", "x"],
      ],
      "KB_DAMAGED",
    ],
    [
      "entities out of order",
      [
        ["mmel-kb.json", described(LINES.split("\n").reverse().join("\n"))],
        ["entities.jsonl", LINES.split("\n").reverse().join("\n")],
      ],
      "KB_DAMAGED",
    ],
    [
      "an invalid entity",
      [
        ["mmel-kb.json", described('{"id":"a"}\n')],
        ["entities.jsonl", '{"id":"a"}\n'],
      ],
      "KB_DAMAGED",
    ],
    [
      "an implausibly large size",
      [
        ["mmel-kb.json", described(LINES, { bytes: 1e12 })],
        ["entities.jsonl", LINES],
      ],
      "KB_DAMAGED",
    ],
  ])("reject %s", async (_, entries, code) => {
    await expect(unpackKb(await archive(entries), path("kb"))).rejects.toMatchObject({ code });
    expect(existsSync(path("kb"))).toBe(false);
  });

  it("report an abort as nothing but an abort", async () => {
    await packKb(createMemoryStore(manyEntities(3000)), path("many.tar.gz"));
    const controller = new AbortController();
    await using pack = await openPack(path("many.tar.gz"), controller.signal);
    const entities = pack.entities();
    await entities.next();
    controller.abort();
    await expect(collect(entities)).rejects.toMatchObject({ code: "ABORTED", message: "interrupted" });
  });

  it("reject reading after closing", async () => {
    await packKb(createMemoryStore([entity("a")]), path("one.tar.gz"));
    const pack = await openPack(path("one.tar.gz"));
    await pack[Symbol.asyncDispose]();
    await expect(collect(pack.entities())).rejects.toMatchObject({ code: "INTERNAL" });
  });

  it("reject files of other formats and endless packed data", async () => {
    await writeFile(path("text"), "not an archive");
    await expect(unpacked(path("text"))).rejects.toMatchObject({ code: "FORMAT" });
    await writeFile(path("entities.jsonl"), LINES.repeat(100));
    await expect(unpacked(path("entities.jsonl"))).rejects.toMatchObject({ code: "FORMAT" });
    await writeFile(path("entities.jsonl.gz"), gzipSync(LINES.repeat(100)));
    await expect(unpacked(path("entities.jsonl.gz"))).rejects.toMatchObject({ code: "FORMAT" });
    await writeFile(path("empty"), "");
    await expect(unpacked(path("empty"))).rejects.toMatchObject({ code: "FORMAT" });
    await expect(unpacked(path("none"))).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    const tar = createTar();
    tar.entry({ name: "mmel-kb.json" }, JSON.stringify(described(LINES)));
    tar.entry({ name: "entities.jsonl" }, LINES);
    tar.finalize();
    const endless = Buffer.concat([await buffer(tar as never), Buffer.alloc(64 << 20)]);
    await writeFile(path("endless.tar.gz"), gzipSync(endless));
    await expect(unpacked(path("endless.tar.gz"))).rejects.toMatchObject({ code: "KB_DAMAGED" });
  });

  it.each(["interrupted", "disconnected from its server"])(
    "leave no file if the store is %s while packing",
    async (reason) => {
      const store = createMemoryStore(manyEntities(3000));
      const failure = new MmelError(reason === "interrupted" ? "ABORTED" : "KB_UNAVAILABLE", {
        what: reason,
      });
      let passes = 0;
      async function* failingEntities(): AsyncGenerator<Entity> {
        let left = passes++ === 0 ? Number.POSITIVE_INFINITY : 2500;
        for await (const entity of store.all()) {
          if (left-- === 0) throw failure;
          yield entity;
        }
      }
      await expect(packKb({ ...store, all: failingEntities }, path("new.tar.gz"))).rejects.toBe(failure);
      expect(passes).toBe(2);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it("stop packing if the file cannot be written", async () => {
    const target = "/dev/full";
    if (!existsSync(target)) return;
    const packing = packKb(createMemoryStore(manyEntities(3000)), target);
    await expect(packing).rejects.toMatchObject({ code: "FILE_UNWRITABLE" });
  });

  it("reject entities that a file cannot represent, and keep an earlier file", async () => {
    await writeFile(path("earlier"), "as it was");
    const halves = createMemoryStore([entity("a", { label: "\ud83d" })]);
    await expect(packKb(halves, path("earlier"))).rejects.toMatchObject({ code: "ENCODING" });
    expect(await readFile(path("earlier"), "utf8")).toBe("as it was");
    expect(await readdir(folder)).toEqual(["earlier"]);
  });
});
