import { appendFile, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openVectorStore } from "../../src/pictures/vector-store.js";
import { scratch } from "./folder.js";

const key = { encoder: { id: "tiny", hash: "a".repeat(64) }, views: 2 };
const vectors = (seed: number): Float32Array =>
  Float32Array.from({ length: 6 }, (_, at) => Math.fround(seed + at / 7));
const content = (name: number): string => name.toString(16).padStart(64, "0");

/** The files of the only segment. */
async function segmentOf(root: string): Promise<{ index: string; rows: string }> {
  const [folder] = await readdir(root);
  const files = (await readdir(join(root, folder!))).sort().map((name) => join(root, folder!, name));
  expect(files).toHaveLength(2);
  return { rows: files[0]!, index: files[1]! };
}

async function filled(names: readonly number[]): Promise<string> {
  const root = await scratch();
  await using store = await openVectorStore(root, key);
  for (const name of names) {
    await store.add(content(name), vectors(name));
    await store.remember(`stamp ${name}`, content(name));
  }
  return root;
}

describe("openVectorStore", () => {
  it("returns added vectors, immediately and after reopening", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(50), { minLength: 1, maxLength: 12 }), async (names) => {
        const root = await filled(names);
        await using store = await openVectorStore(root, key);
        expect(store.width()).toBe(3);
        for (const name of names) {
          expect(await store.read(content(name))).toEqual(vectors(name));
          expect(store.contentOf(`stamp ${name}`)).toBe(content(name));
        }
        expect(await store.read(content(51))).toBeUndefined();
        expect(store.contentOf("another stamp")).toBeUndefined();
      }),
      { numRuns: 15 },
    );
  });

  it("keeps exactly the complete entries wherever either file is truncated", async () => {
    const names = [0, 1, 2, 3, 4];
    const whole = await filled(names);
    const { index, rows } = await segmentOf(whole);
    const [lines, bytes] = [await readFile(index), await readFile(rows)];
    for (let cut = 0; cut < lines.length; cut += 41) {
      await writeFile(index, lines.subarray(0, cut));
      const ends = lines.subarray(0, cut).toString().split("\n").slice(1, -1);
      await using store = await openVectorStore(whole, key);
      for (const name of names) {
        const kept = ends.some((line) => line.includes('"row"') && line.includes(content(name)));
        expect(await store.read(content(name))).toEqual(kept ? vectors(name) : undefined);
      }
    }
    await writeFile(index, lines);
    for (let cut = bytes.length; cut >= 0; cut -= 11) {
      await truncate(rows, cut);
      await using store = await openVectorStore(whole, key);
      for (const name of names)
        expect(await store.read(content(name))).toEqual((name + 1) * 24 <= cut ? vectors(name) : undefined);
    }
  });

  it("treats damaged entries as missing", async () => {
    const root = await filled([0, 1, 2]);
    const { index, rows } = await segmentOf(root);
    const bytes = await readFile(rows);
    bytes[30]! ^= 1;
    await writeFile(rows, bytes);
    await appendFile(index, 'not json\n{"content":"x"}\n{"content":"y","row":-1,"crc":0}\n');
    await using store = await openVectorStore(root, key);
    expect(await store.read(content(0))).toEqual(vectors(0));
    expect(await store.read(content(1))).toBeUndefined();
    await store.add(content(1), vectors(1));
    expect(await store.read(content(1))).toEqual(vectors(1));
    await using again = await openVectorStore(root, key);
    expect(await again.read(content(1))).toEqual(vectors(1));
  });

  it("supports several concurrent writers", async () => {
    const root = await filled([0]);
    const stores = await Promise.all(Array.from({ length: 4 }, () => openVectorStore(root, key)));
    await Promise.all(
      stores.flatMap((store, at) =>
        Array.from({ length: 10 }, (_, n) => store.add(content(10 * at + n), vectors(10 * at + n))),
      ),
    );
    for (const store of stores) await store[Symbol.asyncDispose]();
    await using store = await openVectorStore(root, key);
    for (let name = 0; name < 40; name++) expect(await store.read(content(name))).toEqual(vectors(name));
  });

  it("separates encoders and numbers of views, and creates no files without vectors", async () => {
    const root = await filled([0]);
    for (const other of [
      { ...key, views: 1 },
      { ...key, encoder: { id: "tiny", hash: "b".repeat(64) } },
      { ...key, encoder: { id: "tiny", hash: `${"a".repeat(63)}b` } },
    ]) {
      await using store = await openVectorStore(root, other);
      expect(await store.read(content(0))).toBeUndefined();
      expect(store.width()).toBeUndefined();
    }
    expect(await readdir(root)).toHaveLength(1);
  });

  it("throws FILE_UNWRITABLE if it cannot be written", async () => {
    const root = await scratch();
    await writeFile(join(root, "file"), "");
    await using store = await openVectorStore(join(root, "file"), key);
    await expect(store.add(content(0), vectors(0))).rejects.toMatchObject({ code: "FILE_UNWRITABLE" });
  });
});
