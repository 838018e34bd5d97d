import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Caption, Entity } from "../../../src/core/index.js";
import { buildNewsmel } from "../../../src/datasets/index.js";
import { readCaptions, readEntities } from "../../../src/formats/index.js";
import { createMemoryStore } from "../../../src/kb/index.js";
import { detectPeople } from "../../../src/mentions/index.js";
import { newsCaptions, people, unmistakable } from "./people.js";

const SPLITS = ["train", "dev", "test"] as const;
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mmel-newsmel-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function* stream<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

const build = (
  name: string,
  captions: readonly Caption[],
  options: Partial<Parameters<typeof buildNewsmel>[1]> & { entities?: readonly Entity[] } = {},
) =>
  buildNewsmel(stream(captions), {
    output: join(folder, name),
    store: createMemoryStore(options.entities ?? people()),
    detect: detectPeople,
    seed: 1,
    splitBy: "entity",
    invalid: "mention",
    requirePictures: false,
    ...options,
  });

async function captionsOf(name: string, split: (typeof SPLITS)[number]): Promise<Caption[]> {
  const captions: Caption[] = [];
  for await (const read of readCaptions(join(folder, name, `${split}.jsonl`))) {
    if (read.kind === "rejected") throw read.error;
    captions.push(read.value);
  }
  return captions;
}

const golds = (captions: readonly Caption[]): string[] =>
  captions.flatMap(({ mentions }) =>
    mentions.flatMap(({ gold }) => (gold?.kind === "entity" ? [gold.id] : [])),
  );

const rejects = async (name: string): Promise<{ caption: string; reason: string }[]> =>
  (await readFile(join(folder, name, "rejects.jsonl"), "utf8"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

async function bytesOf(name: string): Promise<Map<string, string>> {
  const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
  const files = entries.filter((item) => item.isFile()).map((item) => join(item.parentPath, item.name));
  const bytes = await Promise.all(files.map((file) => readFile(file, "base64")));
  return new Map(
    files.map((file, index) => [file.slice(join(folder, name).length), bytes[index]!] as const).sort(),
  );
}

const caption = (id: string, text: string, more: Partial<Caption> = {}): Caption => ({
  id,
  text,
  mentions: [],
  ...more,
});

describe("buildNewsmel", () => {
  it("links the people of every caption, renames half of them, and puts nobody into two splits", async () => {
    const made = newsCaptions(300);
    const result = await build("whole", made);
    const parts = await Promise.all(SPLITS.map((split) => captionsOf("whole", split)));
    expect(
      parts
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(made.map(({ id }) => id).sort());
    expect(result.figures.samples).toBe(300);
    expect(result.leftOut).toEqual({});
    const labels = new Map(people().map((item) => [item.id, item.label]));
    const texts = new Map(made.map(({ id, text }) => [id, text]));
    for (const item of parts.flat()) {
      let text = item.text;
      for (const { span, gold } of [...item.mentions].reverse())
        text =
          text.slice(0, span!.start) +
          labels.get(gold?.kind === "entity" ? gold.id : "") +
          text.slice(span!.end);
      expect(text).toBe(texts.get(item.id));
    }
    const { full, alias, family } = result.called;
    expect(Math.abs(full - (alias + family))).toBeLessThanOrEqual(2);
    expect(alias).toBeGreaterThan(20);
    const [train, dev, test] = parts.map((part) => new Set(golds(part)));
    for (const id of [...dev!, ...test!]) expect(train).not.toContain(id);
    for (const id of dev!) expect(test).not.toContain(id);
    expect(result.seen).toEqual({ dev: 0, test: 0 });
  });

  it("keeps 7:1:2 when splitting by text, and counts the entities seen in train", async () => {
    const result = await build("texts", newsCaptions(400), { splitBy: "text", seed: 3 });
    const parts = await Promise.all(SPLITS.map((split) => captionsOf("texts", split)));
    const seen = new Set(golds(parts[0]!));
    expect(result.seen.test).toBe(golds(parts[2]!).filter((id) => seen.has(id)).length);
    expect(result.seen.test).toBeGreaterThan(0);
  });

  it("writes no text into two splits, even if it is short or renamed", async () => {
    const short = unmistakable().map(({ id, label }, index) =>
      caption(id, index % 2 === 0 ? label : `${label} in Oslo`),
    );
    const result = await build("short", short, { splitBy: "text" });
    const where = new Map<string, Set<number>>();
    for (const [split, name] of SPLITS.entries())
      for (const { text } of await captionsOf("short", name))
        where.set(text.toLowerCase(), (where.get(text.toLowerCase()) ?? new Set()).add(split));
    expect(result.called.family).toBeGreaterThan(20);
    expect([...where].filter(([, splits]) => splits.size > 1)).toEqual([]);
    const { train, dev, test } = result.figures.splits;
    const sizes = [train, dev, test].map(({ single, multi }) => single + multi);
    for (const [index, share] of [0.7, 0.1, 0.2].entries())
      expect(Math.abs(sizes[index]! - share * short.length)).toBeLessThanOrEqual(
        0.2 * share * short.length + 2,
      );
  });

  it("splits by entity if possible; if all captions are connected, splits by text or rejects", async () => {
    const loose = await build("loose", newsCaptions(200), { splitBy: "auto" });
    expect(loose).toMatchObject({ splitBy: "entity", seen: { dev: 0, test: 0 } });
    const dense = newsCaptions(60).map((item) => ({ ...item, text: `Boris Bergmann and ${item.text}` }));
    const result = await build("dense", dense, { splitBy: "auto" });
    expect(result.splitBy).toBe("text");
    const { train, dev, test } = result.figures.splits;
    expect([train, dev, test].map(({ single, multi }) => single + multi)).toEqual([42, 6, 12]);
    const refused = build("refused", dense, { splitBy: "entity" });
    await expect(refused).rejects.toMatchObject({ code: "CONFIG" });
  });

  it("gives the same bytes for the same seed and other bytes for another seed", async () => {
    const made = newsCaptions(60);
    await build("seed-a", made, { seed: 7 });
    await build("seed-b", made, { seed: 7 });
    await build("seed-c", made, { seed: 8 });
    expect(await bytesOf("seed-b")).toEqual(await bytesOf("seed-a"));
    expect(await bytesOf("seed-c")).not.toEqual(await bytesOf("seed-a"));
  });

  it("records every name and caption that is left out, with the reason", async () => {
    const captions = [
      caption("kept", "Boris Abbott with James Unheard in Paris"),
      caption("ambiguous", "Anna Abbott speaking in London"), // P0 and its namesake
      caption("short", "Henry speaking in London"),
      caption("nobody", "A view of the old town in winter"),
      caption("french", "Boris Abbott à Paris", { language: "fr" }),
    ];
    const { leftOut } = await build("reasons", captions);
    expect(await rejects("reasons")).toEqual([
      { caption: "french", reason: "language" },
      { caption: "kept", mention: "James Unheard", start: 18, end: 31, reason: "not-in-kb" },
      {
        caption: "ambiguous",
        mention: "Anna Abbott",
        start: 0,
        end: 11,
        reason: "ambiguous",
        entities: ["N0", "P0"],
      },
      { caption: "ambiguous", reason: "other-names" },
      { caption: "short", mention: "Henry", start: 0, end: 5, reason: "short-name" },
      { caption: "short", reason: "other-names" },
      { caption: "nobody", reason: "no-person" },
    ]);
    expect(leftOut).toEqual({
      language: 1,
      "not-in-kb": 1,
      ambiguous: 1,
      "other-names": 2,
      "short-name": 1,
      "no-person": 1,
    });
    expect((await captionsOf("reasons", "train")).map(({ id }) => id)).toEqual(["kept"]);
    const strict = await build("strict", captions, { invalid: "caption" });
    expect(strict.figures.samples).toBe(0);
  });

  it("copies the pictures of captions and entities, and keeps identical pictures in one split", async () => {
    const shots = join(folder, "shots");
    await mkdir(join(shots, "a"), { recursive: true });
    const made = newsCaptions(120).map(
      (item, index): Caption => ({
        ...item,
        image: index % 2 === 0 ? `a/${index}.jpg` : `gone/${index}.jpg`,
      }),
    );
    for (let index = 0; index < 120; index += 2)
      await writeFile(join(shots, "a", `${index}.jpg`), `picture ${index % 20}`);
    const find = async (path: string) => {
      await readFile(join(shots, path));
      return join(shots, path);
    };
    await writeFile(join(shots, "1.png"), "entity");
    const result = await build("pictures", made, {
      splitBy: "text",
      findPicture: find,
      findEntityPicture: find,
    });
    expect(result.pictures).toBe(60);
    const parts = await Promise.all(SPLITS.map((split) => captionsOf("pictures", split)));
    const where = new Map<string, number>();
    for (const [split, captions] of parts.entries()) {
      for (const { image } of captions) {
        if (image === undefined) continue;
        const content = await readFile(join(folder, "pictures", "images", image), "utf8");
        expect(where.get(content) ?? split).toBe(split);
        where.set(content, split);
      }
    }
    expect(where.size).toBe(10);
    const images: string[] = [];
    for await (const read of readEntities(join(folder, "pictures", "kb.jsonl")))
      if (read.kind === "record") images.push(...read.value.images);
    expect(images).toEqual(["entities/1.png"]);
    const needing = await build("required", made, { findPicture: find, requirePictures: true });
    expect(needing.pictures).toBe(needing.figures.samples);
    expect(needing.leftOut["no-picture"]).toBeGreaterThan(0);
    expect(needing.leftOut["no-entity-picture"]).toBeGreaterThan(0);
  });

  it("leaves nothing behind after an abort, and rejects a folder that is not empty", async () => {
    const abort = new AbortController();
    const interrupted = build("interrupted", newsCaptions(20), {
      signal: abort.signal,
      onProgress: ({ stage }) => stage === "entities written" && abort.abort(),
    });
    await expect(interrupted).rejects.toMatchObject({ code: "ABORTED" });
    expect((await readdir(folder)).filter((name) => name.includes("interrupted"))).toEqual([]);
    await expect(build("whole", newsCaptions(2))).rejects.toMatchObject({ code: "FILE_UNWRITABLE" });
  });
});
