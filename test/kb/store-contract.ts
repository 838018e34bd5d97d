import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Entity, MAX_ID_LENGTH } from "../../src/core/index.js";
import type { EntityStore, Manifest, StoreDriver } from "../../src/kb/index.js";
import { anyEntity } from "./any-entity.js";
import { entity, manyEntities } from "./entities.js";

/** A driver and an empty target for it; disposed after each test. */
export interface ContractSubject extends AsyncDisposable {
  readonly driver: Omit<StoreDriver, "verify">;
  readonly target: string;
}

const WEIRD_IDS = [
  "😀",
  "\uffff",
  "a\0b",
  "a",
  "\ud83d",
  "'; drop table entity; --",
  '"quoted" \\ %_*?[x]',
  "\uffff".repeat(MAX_ID_LENGTH),
  " ",
  "__proto__",
  "constructor",
  "é",
  "e\u0301",
  "Q1",
  "q1",
];

const PEOPLE = [
  entity("Q1", { label: "John Kerry", aliases: ["John Forbes Kerry"], popularity: 90 }),
  entity("Q2", { label: "Teresa Heinz Kerry", popularity: 10 }),
  entity("Q3", { label: "Moncef Marzouki", aliases: ["المنصف المرزوقي", "Mohamed Moncef Marzouki"] }),
  entity("Q4", { label: "Édith Piaf", aliases: ["Édith Giovanna Gassion"] }),
  entity("Q5", { label: "Michael Jordan", popularity: 200 }),
  entity("Q6", { label: "Michael Jordan", popularity: 5 }),
  entity("Q7", { label: "王", aliases: ["Ng", "!!!"] }),
];

/** Tests the contract of `StoreDriver` on one driver; `runs` is the number of random sets of entities. */
export function storeContract(name: string, createSubject: () => Promise<ContractSubject>, runs = 60): void {
  describe(`entity store: ${name}`, () => {
    let subject: ContractSubject;
    const load = (entities: Iterable<Entity>, options = {}): Promise<Manifest> =>
      subject.driver.import(subject.target, entities, options);
    const open = (): Promise<EntityStore> => subject.driver.open(subject.target);
    const opened = async (entities: Iterable<Entity>): Promise<EntityStore> => {
      await load(entities);
      return open();
    };

    beforeEach(async () => {
      subject = await createSubject();
    });
    afterEach(async () => {
      await subject[Symbol.asyncDispose]();
    });

    describe("reading", () => {
      it("returns arbitrary entities unchanged, by id and streamed in order of id", async () => {
        const anyEntities = fc.uniqueArray(anyEntity, { selector: ({ id }) => id, maxLength: 12 });
        await fc.assert(
          fc.asyncProperty(anyEntities, async (entities) => {
            await using store = await opened(entities);
            const inOrder = [...entities].sort((a, b) => (a.id < b.id ? -1 : 1));
            expect(await collect(store.all())).toEqual(inOrder);
            const found = await store.getMany(entities.map(({ id }) => id));
            expect([...found]).toEqual(entities.map((item) => [item.id, item]));
            for (const { id, properties } of entities)
              expect(Object.keys(found.get(id)!.properties)).toEqual(Object.keys(properties));
          }),
          { numRuns: runs },
        );
      });
      it("preserves popularity, URL and description, and their absence", async () => {
        const full = entity("a", {
          popularity: 12.5,
          url: "https://example.org/a?b=c",
          description: "an 'a'",
        });
        await using store = await opened([
          full,
          entity("b"),
          entity("c", { popularity: 0, description: "" }),
        ]);
        const found = await store.getMany(["a", "b", "c"]);
        expect(found.get("a")).toStrictEqual(full);
        expect(found.get("b")).toStrictEqual(entity("b"));
        expect(found.get("c")).toStrictEqual(entity("c", { popularity: 0, description: "" }));
      });
      it("accepts every non-empty id and distinguishes every character", async () => {
        await using store = await opened(WEIRD_IDS.map((id) => entity(id)));
        expect(store.manifest.entities).toBe(WEIRD_IDS.length);
        for (const id of WEIRD_IDS) expect((await store.getMany([id])).get(id)?.id).toBe(id);
        const inOrder = (await collect(store.all())).map(({ id }) => id);
        expect(inOrder).toEqual([...WEIRD_IDS].sort());
      });
      it("omits unknown ids, and accepts no, repeated and thousands of ids", async () => {
        await using store = await opened(manyEntities(5000));
        expect((await store.getMany([])).size).toBe(0);
        expect([...(await store.getMany(["Q1", "nothing", "Q1", "", "q1"])).keys()]).toEqual(["Q1"]);
        const ids = Array.from({ length: 6000 }, (_, index) => `Q${index}`);
        expect((await store.getMany(ids)).size).toBe(5000);
        const again = await store.getMany(ids);
        expect(again.get("Q4999")).toEqual(manyEntities(5000).find(({ id }) => id === "Q4999"));
      });
      it("reads the manifest of the current version without opening it", async () => {
        const current = () => subject.driver.current(subject.target);
        await expect(current()).rejects.toMatchObject({ code: "KB_NOT_FOUND" });
        expect(await load([entity("a")])).toEqual(await current());
        await using old = await open();
        expect(await load([entity("b")], { name: "other" })).toEqual(await current());
        expect(await current()).not.toEqual(old.manifest);
      });
      it("streams thousands in order, supports concurrent streams, and stops on abort", async () => {
        await using store = await opened(manyEntities(3000));
        const first = store.all()[Symbol.asyncIterator]();
        const second = store.all()[Symbol.asyncIterator]();
        const ids: string[] = [];
        for (let step = await first.next(); !step.done; step = await first.next()) {
          ids.push(step.value.id);
          expect((await second.next()).value.id).toBe(step.value.id);
        }
        const sorted = Array.from({ length: 3000 }, (_, index) => `Q${index}`).sort();
        expect(ids).toEqual(sorted);
        const abort = new AbortController();
        let seen = 0;
        const stopped = async (): Promise<void> => {
          for await (const _ of store.all({ signal: abort.signal })) if (++seen === 10) abort.abort();
        };
        await expect(stopped()).rejects.toMatchObject({ code: "ABORTED" });
        expect(seen).toBe(10);
      });
      it("accepts an empty knowledge base, a second close, and no reading after close", async () => {
        const store = await opened([]);
        expect(store.manifest).toMatchObject({ entities: 0, names: 0 });
        expect(await collect(store.all())).toEqual([]);
        expect(await store.searchNames("anyone")).toEqual([]);
        await store.close();
        await store.close();
        await expect(store.getMany(["a"])).rejects.toMatchObject({ code: "INTERNAL" });
      });
    });

    describe("searching names", () => {
      let store: EntityStore;
      const hits = async (query: string, limit?: number): Promise<string[]> =>
        (await store.searchNames(query, limit === undefined ? {} : { limit })).map((hit) => hit.entity.id);
      beforeEach(async () => {
        store = await opened(PEOPLE);
        return () => store.close();
      });

      it("finds the exact name with score 1, ignoring case, accents and punctuation", async () => {
        for (const query of ["Édith Piaf", "edith piaf", "EDITH  PIAF", "E\u0301dith-Piaf"])
          expect((await store.searchNames(query))[0]).toEqual({
            entity: PEOPLE[3],
            name: "Édith Piaf",
            score: 1,
          });
        expect((await store.searchNames("المنصف المرزوقي"))[0]).toMatchObject({
          name: "المنصف المرزوقي",
          score: 1,
        });
      });
      it("finds names by a misspelling, a surname, or the beginning of a name", async () => {
        for (const query of ["Marzuoki", "Moncef Marzouky", "Marz", "marzouki"])
          expect(await hits(query), query).toEqual(["Q3"]);
        expect(await hits("Jonh Kerry")).toEqual(["Q1", "Q2"]);
        expect((await hits("Kerry")).sort()).toEqual(["Q1", "Q2"]);
        expect((await store.searchNames("Jonh Kerry"))[0]!.score).toBeLessThan(1);
      });
      it("returns each entity once, with its best name", async () => {
        const found = await store.searchNames("Mohamed Moncef Marzouki");
        expect(found).toMatchObject([{ name: "Mohamed Moncef Marzouki", score: 1 }]);
      });
      it("sorts by score, then popularity, and respects the limit", async () => {
        expect(await hits("Michael Jordan")).toEqual(["Q5", "Q6"]);
        expect(await hits("Michael Jordan", 1)).toEqual(["Q5"]);
        expect(await hits("Michael Jordan", 0)).toEqual([]);
        const scores = (await store.searchNames("Kerry Jordan")).map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
        for (const score of scores) expect(score > 0 && score <= 1).toBe(true);
      });
      it("accepts short names, other scripts, punctuation, quotes and very long names", async () => {
        for (const query of ["王", "ng", "!!!"]) expect(await hits(query), query).toEqual(["Q7"]);
        for (const query of ["", " ", "zzzz", '"', "' OR 1=1 --", "a\0b", "*", "NEAR(", "\ud83d"])
          expect(await hits(query), query).toEqual([]);
        expect(await hits("John Kerry ".repeat(1000))).toContain("Q1");
      });
      it("finds the right entity among thousands", async () => {
        const others = manyEntities(5000);
        await load([...PEOPLE, ...others]);
        await using many = await open();
        expect((await many.searchNames("jonh kery"))[0]?.entity.id).toBe("Q1");
        expect((await many.searchNames(others[4321]!.label))[0]).toMatchObject({
          score: 1,
          entity: others[4321],
        });
      });
      it("finds a full name whose words occur in thousands of more popular names", async () => {
        const rare = entity("rare", { label: "John Smith" });
        const others = Array.from({ length: 4200 }, (_, index) => `${index.toString(36)}ov`)
          .flatMap((word) => [`John ${word}`, `${word} Smith`])
          .map((label) => entity(label, { label, popularity: 9 }));
        await load([rare, ...others]);
        await using many = await open();
        expect((await many.searchNames("John Smith"))[0]).toMatchObject({ score: 1, entity: rare });
      });
    });

    describe("importing", () => {
      it("returns a manifest with counts", async () => {
        const manifest = await load(PEOPLE, { name: "people" });
        expect(manifest).toMatchObject({ name: "people", entities: 7, names: 13 });
        await using store = await open();
        expect(store.manifest).toEqual(manifest);
      });
      it("computes a version that depends only on the entities, not on their order or the name", async () => {
        const { version } = await load(PEOPLE, { name: "one" });
        expect(version).toBe("57750492338a9121");
        expect((await load([...PEOPLE].reverse(), { name: "two" })).version).toBe(version);
        const fieldsTurned = PEOPLE.map(
          (item) => Object.fromEntries(Object.entries(item).reverse()) as never,
        );
        expect((await load(fieldsTurned)).version).toBe(version);
        expect((await load(PEOPLE.slice(1))).version).not.toBe(version);
        const renamed = PEOPLE.with(0, { ...PEOPLE[0]!, aliases: ["John F. Kerry"] });
        expect((await load(renamed)).version).not.toBe(version);
      });
      it("keeps the first entity with an id and reports the duplicates", async () => {
        const doubled: string[] = [];
        const second = entity("a", { label: "second", aliases: ["other"] });
        const manifest = await load([entity("a"), entity("b"), second, entity("a")], {
          onDuplicate: (id: string) => doubled.push(id),
        });
        expect(doubled).toEqual(["a", "a"]);
        expect(manifest).toMatchObject({ entities: 2, names: 2 });
        await using store = await open();
        expect((await store.getMany(["a"])).get("a")).toEqual(entity("a"));
        expect(await store.searchNames("other")).toEqual([]);
      });
      it("keeps the old version and rethrows the error if the entities' iterator fails", async () => {
        const before = await load(PEOPLE);
        const broken = new Error("line 3001 is broken");
        await expect(load(failingAfter(3000, broken))).rejects.toBe(broken);
        await using store = await open();
        expect(store.manifest).toEqual(before);
        expect(await collect(store.all())).toEqual(PEOPLE);
      });
      it("leaves nothing to open if the first import fails", async () => {
        await expect(load(failingAfter(10, new Error("broken")))).rejects.toThrow("broken");
        await expect(open()).rejects.toMatchObject({ code: "KB_NOT_FOUND" });
        await load(PEOPLE);
        await (await open()).close();
      });
      it("stops on abort, even if the iterator never waits", async () => {
        const before = await load(PEOPLE);
        const abort = new AbortController();
        setTimeout(() => abort.abort(), 100);
        await expect(load(unstopped(), { signal: abort.signal })).rejects.toMatchObject({ code: "ABORTED" });
        await expect(load(PEOPLE.slice(1), { signal: AbortSignal.abort() })).rejects.toMatchObject({
          code: "ABORTED",
        });
        await using store = await open();
        expect(store.manifest).toEqual(before);
      });
      it("does not disturb readers of the old version during and after the import", async () => {
        await load(PEOPLE);
        await using old = await open();
        const stream = old.all()[Symbol.asyncIterator]();
        await stream.next();
        const during = async function* (): AsyncGenerator<Entity> {
          yield* manyEntities(2000);
          await using reader = await open();
          expect(reader.manifest).toEqual(old.manifest);
          expect(await collect(reader.all())).toEqual(PEOPLE);
        };
        const manifest = await subject.driver.import(subject.target, during());
        expect((await stream.next()).value).toEqual(PEOPLE[1]);
        expect((await old.getMany(["Q7", "Q1999"])).size).toBe(1);
        expect((await old.searchNames("Edith Piaf"))[0]?.entity.id).toBe("Q4");
        await using fresh = await open();
        expect(fresh.manifest).toEqual(manifest);
        expect((await fresh.getMany(["Q1999"])).size).toBe(1);
      });
      it("runs `finish` before readers see the version, and discards the version if it fails", async () => {
        await load(PEOPLE);
        let seen: readonly Entity[] = [];
        const finish = async (store: EntityStore): Promise<void> => {
          seen = await collect(store.all());
          await using reader = await open();
          expect(reader.manifest.entities).toBe(PEOPLE.length);
        };
        await load(manyEntities(20), { finish });
        expect(seen.length).toBe(20);
        const failing = async (): Promise<void> => Promise.reject(new Error("no index"));
        await expect(load(PEOPLE, { finish: failing })).rejects.toThrow("no index");
        await using store = await open();
        expect(store.manifest.entities).toBe(20);
      });
      it("reports progress", async () => {
        const reports: number[] = [];
        await load(manyEntities(2500), { onProgress: (entities: number) => reports.push(entities) });
        expect(reports.at(-1)).toBe(2500);
        expect(reports.length).toBeGreaterThan(1);
        expect(reports).toEqual([...reports].sort((a, b) => a - b));
      });
      it("rejects an empty or overlong id and an invalid popularity", async () => {
        for (const wrong of [
          entity(""),
          entity("x".repeat(MAX_ID_LENGTH + 1)),
          entity("a", { popularity: Number.NaN }),
          entity("a", { popularity: -1 }),
        ])
          await expect(load([wrong])).rejects.toMatchObject({ code: "ENTITY_INVALID" });
      });
    });
  });
}

async function collect(entities: AsyncIterable<Entity>): Promise<Entity[]> {
  const collected: Entity[] = [];
  for await (const item of entities) collected.push(item);
  return collected;
}

function* failingAfter(count: number, error: Error): Generator<Entity> {
  yield* manyEntities(count);
  throw error;
}

function* unstopped(): Generator<Entity> {
  for (let index = 0; index < 5_000_000; index++) yield entity(`E${index}`);
  throw new Error("the import did not stop");
}
