import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Caption, createRandom, withoutGold } from "../../src/core/index.js";
import { sampleCaptions } from "../../src/evaluation/captions.js";
import { type EvaluateOptions, evaluate } from "../../src/evaluation/index.js";
import { metrics } from "../../src/evaluation/metrics.js";
import { type Judged, retrieverOf } from "../../src/evaluation/protocols.js";
import { recordsOf } from "../../src/evaluation/records.js";
import { openParts, rankAll, toLinks } from "../../src/linker/index.js";
import { caption, entities, entity, mention, toyModel } from "../linker/fixtures.js";

const captions: readonly Caption[] = [
  caption("1", mention("John Kerry", "Q2"), mention("Moncef Marzouki", "Q4"), mention("Carthage Palace")),
  caption("2", mention("Moncef Marzouki", "Q3")),
  caption("3", mention("Kerry", null)),
  caption("4", mention("Carthage Palace", "Q404")),
  caption("5", mention("nobody annotated this")),
];
const run = (options: Partial<EvaluateOptions> = {}, chosen = captions) =>
  evaluate(chosen, { kb: entities, model: toyModel(), resamples: 10, ...options });

describe("evaluate", () => {
  it("returns the figures of a run computed by hand", async () => {
    const { result, records } = await run({ now: clock(2000) });
    expect(result).toMatchObject({
      protocol: "retrieval",
      model: "toy@1",
      captions: 4,
      mentions: 6,
      unannotated: 1,
      seconds: 2,
      mentionsPerSecond: 3,
      kbEntities: 5,
      goldNotInKb: 1,
      linkedAccuracy: 3 / 5,
      all: { mentions: 4, misses: 1, top1: 3 / 4 },
      single: { mentions: 2, top1: 1 / 2 },
      multi: { mentions: 2, top1: 1 },
      nil: { precision: null, recall: 0, f1: 0 },
    });
    expect(result).not.toHaveProperty("seenInTraining");
    expect(records.map(({ rank }) => rank)).toEqual([1, 1, 1, undefined, undefined]);
    expect(records[0]).toMatchObject({
      mention: 0,
      goldEntity: { id: "Q2" },
      goldCandidate: { independentRank: 2 },
    });
    expect(records[0]!.link.candidates[0]!.explain).toEqual({ name: 1 });
  });

  it("returns other figures without collaborative ranking", async () => {
    expect((await run({ collaborative: false })).result.multi.top1).toBe(0);
  });

  it("counts ties against gold, so a constant model is never right", async () => {
    const model = toyModel({ match: () => 0.5 });
    const { result, records } = await run({ model, collaborative: false });
    expect(records.map(({ rank }) => rank)).toEqual([1.5, 1.5, 1.5, undefined, undefined]);
    expect(result.all).toMatchObject({ top1: 0, top5: 3 / 4 });
  });

  it("throws if a score is NaN", async () => {
    await expect(run({ model: toyModel({ match: () => Number.NaN }) })).rejects.toMatchObject({
      code: "NOT_A_NUMBER",
    });
  });

  it("does not pass gold to the model", async () => {
    const [open, blind] = [toyModel(), toyModel()];
    await run({ model: open });
    const parts = await openParts({ kb: entities, model: blind });
    const retrieve = retrieverOf("retrieval", parts, 100);
    for await (const _ of rankAll(captions.slice(0, 4).map(withoutGold), retrieve, blind));
    expect(
      open.seen.map((batch) => batch.map(({ caption, candidates }) => ({ caption, candidates }))),
    ).toEqual(blind.seen.map((batch) => batch.map(({ caption, candidates }) => ({ caption, candidates }))));
    expect(JSON.stringify(open.seen)).not.toContain("gold");
  });

  it("returns the same figures wherever gold is in the list, even among ties", async () => {
    const model = toyModel({ match: ({ entity }) => (Number(entity.id.slice(1)) % 2 === 0 ? 0.6 : 0.4) });
    await using parts = await openParts({ kb: entities, model });
    const retrieve = retrieverOf("full", parts, 100);
    const figuresWith = async (order: (ids: readonly string[], gold: string) => readonly string[]) => {
      const arranged = async (batch: readonly Caption[]): Promise<Judged[]> =>
        (await retrieve(batch)).map((judged) => ({
          ...judged,
          candidates: judged.candidates.map((list, at) => {
            const byId = new Map(
              list.map((candidate) => [candidate.entity.id, { ...candidate, nameScore: 0.5 }]),
            );
            return order([...byId.keys()], judged.gold[at]!.entity?.id ?? "Q1").map((id) => byId.get(id)!);
          }),
        }));
      const records = [];
      for await (const ranked of rankAll(captions, arranged, model))
        records.push(
          ...recordsOf(ranked, toLinks(ranked, { topK: 5, explain: false, ...parts.names }).mentions),
        );
      return metrics(records, { resamples: 10 });
    };
    const first = await figuresWith((ids, gold) => [gold, ...ids.filter((id) => id !== gold)]);
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const { recall: _, ...shuffled } = await figuresWith((ids) => createRandom(seed).shuffle([...ids]));
        const { recall: __, ...expected } = first;
        expect(shuffled).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it("stops when the signal fires", async () => {
    const control = new AbortController();
    const stopped = run({ signal: control.signal, onProgress: () => control.abort() });
    await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("protocols", () => {
  const kb = [...entities, entity("Q6", "Wholly Different")];
  const missed = [caption("1", mention("John Kerry", "Q6"))];
  const model = () => toyModel({ match: ({ nameScore }) => 0.1 + nameScore / 2 });

  it('"retrieval" counts a gold entity that was not retrieved as a miss', async () => {
    const { result, records } = await run({ kb, model: model() }, missed);
    expect(result.all).toMatchObject({ misses: 1, mrr: 0, meanRank: null });
    expect(result).toMatchObject({ goldNotInKb: 0, recall: { "100": 0 } });
    expect(records[0]).not.toHaveProperty("rank");
  });

  it('"paper" puts it in place of the last candidate and records that it was not retrieved', async () => {
    const { result, records } = await run({ kb, model: model(), protocol: "paper", candidates: 2 }, missed);
    expect(records[0]).toMatchObject({ rank: 2, goldCandidate: { independentRank: 2 } });
    expect(result).toMatchObject({ recall: { "100": 0 }, all: { misses: 0, meanRank: 2 } });
    const { records: wide } = await run({ kb, model: model(), protocol: "paper", candidates: 3 }, missed);
    expect(wide[0]!.rank).toBe(3);
  });

  it('"full" ranks every entity once', async () => {
    const seeing = model();
    const { result, records } = await run({ kb, model: seeing, protocol: "full" }, missed);
    expect(
      seeing.seen
        .flat()[0]!
        .candidates[0]!.map(({ entity }) => entity.id)
        .toSorted(),
    ).toEqual(kb.map(({ id }) => id));
    expect(records[0]!.rank).toBe((3 + kb.length) / 2); // tied with all entities that do not match the name
    expect(result.all.misses).toBe(0);
  });

  it('"full" scores one caption at a time', async () => {
    const seeing = model();
    await run({ kb, model: seeing, protocol: "full" });
    expect(seeing.seen.map((batch) => batch.length)).toEqual([1, 1, 1, 1]);
  });

  it.each(["retrieval", "paper", "full"] as const)(
    '"%s" gives every candidate its relations if the caption has several mentions',
    async (protocol) => {
      const seeing = model();
      const married = { ...entity("Q7", "Ida Orme"), properties: { spouse: ["Wholly Different"] } };
      const two = caption("1", mention("John Kerry", "Q6"), mention("Ida Orme", "Q7"));
      await run({ kb: [...kb, married], model: seeing, protocol }, [two]);
      const candidates = seeing.seen.flat().flatMap((seen) => seen.candidates.flat());
      expect(candidates.length).toBeGreaterThan(1);
      expect(candidates.filter(({ relations }) => relations === undefined)).toEqual([]);
      expect(
        candidates.flatMap(({ entity: { id }, relations = [] }) => (id === "Q7" ? relations : [])).at(0)
          ?.targets,
      ).toEqual([{ id: "Q6", share: 1 }]);
    },
  );

  it("all count a gold entity that is missing from the knowledge base as a miss", async () => {
    for (const protocol of ["retrieval", "paper", "full"] as const) {
      const { result } = await run({ protocol }, [caption("1", mention("Carthage Palace", "Q404"))]);
      expect(result).toMatchObject({ goldNotInKb: 1, all: { misses: 1, top1: 0 } });
    }
  });
});

describe("sampleCaptions", () => {
  const many = Array.from({ length: 100 }, (_, at) => caption(`${at}`, mention("Kerry", "Q1")));

  it("draws the requested number in order, without repetition, and reproducibly", async () => {
    const draw = async (seed: number, size: number) =>
      (await sampleCaptions(many, size, createRandom(seed))).map(({ id }) => Number(id));
    const one = await draw(1, 20);
    expect(new Set(one).size).toBe(20);
    expect(one).toEqual(one.toSorted((a, b) => a - b));
    expect(await draw(1, 20)).toEqual(one);
    expect(await draw(2, 20)).not.toEqual(one);
    expect(await draw(1, 500)).toHaveLength(100);
    const counts = new Array<number>(100).fill(0);
    for (let seed = 0; seed < 500; seed++) for (const id of await draw(seed, 20)) counts[id]!++;
    expect(Math.min(...counts)).toBeGreaterThan(60); // 100 expected, standard deviation 9
    expect(Math.max(...counts)).toBeLessThan(140);
  });

  it("is used by evaluate", async () => {
    expect((await run({ sample: 7 }, many)).result.captions).toBe(7);
    const [a, b] = [await run({ sample: 7, seed: 3 }, many), await run({ sample: 7, seed: 3 }, many)];
    expect(a.records.map(({ caption }) => caption.id)).toEqual(b.records.map(({ caption }) => caption.id));
  });
});

/** A clock that advances by `step` at every call. */
function clock(step: number): () => number {
  let time = 0;
  return () => (time += step);
}
