import { mkdtemp, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildCandidateIndex, openCandidateIndex } from "../../src/candidates/index.js";
import type { Entity } from "../../src/core/index.js";
import { createMemoryStore } from "../../src/kb/index.js";

const entities: Entity[] = ["Marie Curie", "Pierre Curie", "Ada Lovelace", "Ελένη", "Michael Jordan"].map(
  (label, at) => ({
    id: `Q${at}`,
    label,
    aliases: at === 0 ? ["Maria Skłodowska"] : [],
    properties: {},
    images: [],
  }),
);
const store = createMemoryStore(entities, { name: "thread" });
const names = ["Curie", "M. Skłodowska", "Ελένη", "nobody at all", "…", "Jordan"];
let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mmel-thread-"));
  path = join(folder, "candidates.bin");
  await buildCandidateIndex(entities, path, { version: store.manifest.version });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("an index searched in a worker thread", () => {
  it("gives the same candidates as in this thread, also for concurrent calls", async () => {
    await using here = await openCandidateIndex(path, store);
    await using there = await openCandidateIndex(path, store, { thread: true });
    const expected = await here.candidates(names, 3);
    expect(expected[0]!.map(({ entity }) => entity.id)).toEqual(["Q0", "Q1"]);
    expect(await there.candidates(names, 3)).toEqual(expected);
    const many = await Promise.all(names.map((name) => there.candidates([name], 3)));
    expect(many.map(([list]) => list)).toEqual(expected);
    const text = "Marie Curie and Jordan";
    expect(await there.namesIn(text)).toEqual(await here.namesIn(text));
    expect((await there.namesIn(text)).length).toBeGreaterThan(1);
  });

  it("rejects new and pending calls after it is closed", async () => {
    const there = await openCandidateIndex(path, store, { thread: true });
    const underWay = there.candidates(names, 3);
    const settled = underWay.then(
      () => "answered",
      ({ code }) => code,
    );
    await there[Symbol.asyncDispose]();
    expect(["answered", "INTERNAL"]).toContain(await settled);
    await expect(there.candidates(names, 3)).rejects.toMatchObject({ code: "INTERNAL" });
  });

  it("throws the same errors for a bad file as in this thread", async () => {
    const cut = join(folder, "cut.bin");
    await buildCandidateIndex(entities, cut, { version: store.manifest.version });
    await truncate(cut, 100);
    for (const thread of [false, true]) {
      await expect(openCandidateIndex(cut, store, { thread })).rejects.toMatchObject({ code: "KB_DAMAGED" });
      await expect(openCandidateIndex(join(folder, "none"), store, { thread })).rejects.toMatchObject({
        code: "KB_NOT_FOUND",
      });
    }
    const other = join(folder, "other.bin");
    await buildCandidateIndex(entities, other, { version: "another" });
    await expect(openCandidateIndex(other, store, { thread: true })).rejects.toMatchObject({
      code: "KB_DAMAGED",
    });
  });
});
