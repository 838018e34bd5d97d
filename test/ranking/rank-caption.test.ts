import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PairSimilarity } from "../../src/models/model.js";
import { type Ranked, type RankingOptions, rankCaption } from "../../src/ranking/index.js";
import { asInput, byMention, constant, type DrawnMention, drawnCaption, line } from "./fixtures.js";

const rank = (mentions: readonly DrawnMention[], options?: RankingOptions, pairs = line) => {
  const { caption, scores } = asInput(mentions);
  return rankCaption(caption, scores, { pairs }, options);
};
const ids = (ranked: readonly Ranked[] | undefined) => ranked?.map(({ candidate }) => candidate.entity.id);

const options = fc.record({
  select: fc.constantFrom("mean" as const, "similarity" as const),
  beam: fc.integer({ min: 1, max: 6 }),
  pool: fc.integer({ min: 1, max: 6 }),
  symmetric: fc.boolean(),
});

/** Scores every combination of one candidate per mention, step by step, without a cut. */
async function enumerated(mentions: readonly DrawnMention[], pairs: PairSimilarity<number>) {
  const best = (m: DrawnMention) => Math.max(...m.candidates.map(({ match }) => match!));
  const where = (m: DrawnMention) => m.mention.span?.start ?? Number.POSITIVE_INFINITY;
  const order = mentions
    .filter(({ candidates }) => candidates.length > 0)
    .toSorted(
      (a, b) => best(b) - best(a) || where(a) - where(b) || (a.mention.text < b.mention.text ? -1 : 1),
    );
  const added = new Map<DrawnMention, Map<string, number>>(mentions.map((m) => [m, new Map()]));
  const walk = async (at: number, score: number, feature: number, held: string[]): Promise<void> => {
    const mention = order[at];
    if (mention === undefined) {
      for (const [i, id] of held.entries()) {
        const of = added.get(order[i]!)!;
        of.set(id, Math.max(of.get(id) ?? 0, score));
      }
      return;
    }
    for (const { id, match, feature: own } of mention.candidates) {
      if (at === 0) await walk(1, match!, own, [id]);
      else {
        const [s] = await pairs.similarities([feature], [own]);
        await walk(at + 1, (score + match! + s!) / 3, pairs.combine(feature, own), [...held, id]);
      }
    }
  };
  if (order.length > 1) await walk(0, 0, 0, []);
  return added;
}

describe("rankCaption, laws", () => {
  it("does not depend on the order of mentions and candidates", async () => {
    const cases = drawnCaption().chain((mentions) =>
      fc.record({
        mentions: fc.constant(mentions),
        shuffled: fc
          .tuple(
            fc.shuffledSubarray(mentions, { minLength: mentions.length }),
            fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
          )
          .map(([list, keys]) =>
            list.map(({ mention, candidates }) => ({
              mention,
              candidates: candidates
                .map((candidate, at) => ({ candidate, key: keys[at]! }))
                .toSorted((a, b) => a.key - b.key)
                .map(({ candidate }) => candidate),
            })),
          ),
        options,
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ mentions, shuffled, options }) => {
        const [one, other] = [await rank(mentions, options), await rank(shuffled, options)];
        expect(byMention(shuffled, other)).toEqual(byMention(mentions, one));
      }),
      { numRuns: 500 },
    );
  });

  it("keeps each mention's independent order if S is constant and selection is by mean", async () => {
    await fc.assert(
      fc.asyncProperty(
        drawnCaption({ mentions: 5, candidates: 8 }),
        fc.record({ beam: fc.integer({ min: 1, max: 8 }), pool: fc.integer({ min: 1, max: 8 }) }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        async (mentions, cut, s) => {
          const together = await rank(mentions, cut, constant(s));
          const alone = await rank(mentions, { collaborative: false });
          expect(together.map(ids)).toEqual(alone.map(ids));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("equals the enumeration of all combinations if none is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        drawnCaption({ unscored: false }),
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        async (mentions, collaborativeWeight) => {
          const ranked = await rank(mentions, { beam: 1000, collaborativeWeight });
          const added = await enumerated(mentions, line);
          for (const [at, mention] of mentions.entries())
            for (const { candidate, match, collaborative, score } of ranked[at]!) {
              const expected = collaborativeWeight * (added.get(mention)!.get(candidate.entity.id) ?? 0);
              expect(collaborative).toBeCloseTo(expected, 12);
              expect(score).toBe(match! + collaborative);
            }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("sorts by score, keeps unscored candidates last, and loses none", async () => {
    await fc.assert(
      fc.asyncProperty(drawnCaption(), options, async (mentions, options) => {
        const ranked = await rank(mentions, options);
        for (const [at, list] of ranked.entries()) {
          expect(ids(list)!.toSorted()).toEqual(mentions[at]!.candidates.map(({ id }) => id).toSorted());
          const scores = list.map(({ score }) => score);
          expect(scores).toEqual(scores.toSorted((a, b) => b - a));
          const unscored = list.filter(({ match }) => match === undefined);
          expect(list.slice(list.length - unscored.length)).toEqual(unscored);
          const nameScores = unscored.map(({ candidate }) => candidate.nameScore);
          expect(nameScores).toEqual(nameScores.toSorted((a, b) => b - a));
        }
      }),
    );
  });

  it("treats indistinguishable candidates equally, even if there are too many ties to keep", async () => {
    const twins = (text: string, start: number, count: number): DrawnMention => ({
      mention: { text, span: { start, end: start + 1 } },
      candidates: Array.from({ length: count }, (_, at) => ({
        id: `Q${at}`,
        match: 0.5,
        feature: 1,
        nameScore: 1,
      })),
    });
    for (const mentions of [2, 3, 5]) {
      const ranked = await rank(
        Array.from({ length: mentions }, (_, at) => twins("x", at, 40)),
        { beam: 10 },
      );
      for (const list of ranked) expect(new Set(list.map(({ score }) => score)).size).toBe(1);
      expect(ranked.at(-1)![0]!.collaborative).toBeGreaterThan(0);
    }
    const undecided = await rank([twins("x", 0, 50), twins("x", 9, 2)], { beam: 10 });
    expect(undecided.flat().every(({ collaborative }) => collaborative === 0)).toBe(true);
  });

  it("ranks a mention alone if no other has candidates", async () => {
    const [mention] = fc.sample(drawnCaption({ mentions: 1, candidates: 5, unscored: false }), 1)[0]!;
    const nobody: DrawnMention = { mention: { text: "nobody" }, candidates: [] };
    const ranked = await rank([nobody, mention!, nobody]);
    expect(ranked[0]).toEqual([]);
    expect(ranked[1]!.every(({ collaborative }) => collaborative === 0)).toBe(true);
    expect(ranked[1]).toEqual((await rank([mention!]))[0]);
  });
});

describe("rankCaption, examples", () => {
  const mention = (start: number, ...list: [id: string, match: number, feature: number][]): DrawnMention => ({
    mention: { text: `m${start}`, span: { start, end: start + 1 } },
    candidates: list.map(([id, match, feature]) => ({ id, match, feature, nameScore: 0.5 })),
  });
  const table: PairSimilarity<number> = {
    combine: (a, b) => (a + b) / 2,
    similarities: async (left, right) =>
      Float64Array.from(left.flatMap((a) => right.map((b) => (a === b ? 0.9 : 0.1)))),
  };

  it("lets a candidate similar to the other mention's overtake, as computed by hand", async () => {
    const mentions = [
      mention(0, ["kerry", 0.9, 1], ["judge", 0.1, 2]),
      mention(9, ["actor", 0.5, 3], ["marzouki", 0.4, 1]),
    ];
    const [first, second] = await rank(mentions, {}, table);
    expect(ids(second)).toEqual(["marzouki", "actor"]);
    expect(second![0]).toMatchObject({ independentRank: 2, match: 0.4 });
    expect(second![0]!.collaborative).toBeCloseTo((0.9 + 0.4 + 0.9) / 3, 12);
    expect(second![1]!.collaborative).toBeCloseTo((0.9 + 0.5 + 0.1) / 3, 12);
    expect(first![0]!.score).toBeCloseTo(0.9 + (0.9 + 0.4 + 0.9) / 3, 12);
    expect(first![1]!.score).toBeCloseTo(0.1 + (0.1 + 0.5 + 0.1) / 3, 12);
  });

  it("adds nothing to a candidate in no surviving combination", async () => {
    const mentions = [mention(0, ["a", 0.9, 1], ["b", 0.2, 1]), mention(9, ["c", 0.8, 1], ["d", 0.1, 1])];
    const [first, second] = await rank(mentions, { beam: 1 }, table);
    expect([...first!, ...second!].map(({ collaborative }) => collaborative > 0)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('selects by similarity alone with `select: "similarity"`, as printed in the paper', async () => {
    const mentions = [mention(0, ["a", 0.9, 1], ["b", 0.1, 2]), mention(9, ["c", 0.8, 3], ["d", 0.1, 2])];
    const [, mean] = await rank(mentions, { beam: 1 }, table);
    const [, similarity] = await rank(mentions, { beam: 1, select: "similarity" }, table);
    const added = (list: readonly Ranked[] | undefined) =>
      Object.fromEntries(
        list!.map(({ candidate, collaborative }) => [candidate.entity.id, collaborative > 0]),
      );
    expect(added(mean)).toEqual({ c: true, d: false });
    // the beam of 1 kept a in the first cut, so no combination contains b
    expect(added(similarity)).toEqual({ c: true, d: true });
    const wide = await rank(mentions, { beam: 2, select: "similarity" }, table);
    expect(wide[1]!.find(({ candidate }) => candidate.entity.id === "d")!.collaborative).toBeCloseTo(
      1.1 / 3,
      12,
    );
  });

  it("averages both directions of S with `symmetric`", async () => {
    const oneWay: PairSimilarity<number> = {
      combine: table.combine,
      similarities: async (left, right) =>
        Float64Array.from(left.flatMap((a) => right.map((b) => (a < b ? 0.8 : 0.2)))),
    };
    const mentions = [
      mention(0, ["a", 0.9, 1], ["b", 0.3, 5]),
      mention(9, ["c", 0.5, 3], ["d", 0.4, 4], ["e", 0.1, 0]),
    ];
    const [first] = await rank(mentions, { symmetric: true }, oneWay);
    expect(first![0]!.collaborative).toBeCloseTo((0.9 + 0.5 + 0.5) / 3, 12);
    const [plain] = await rank(mentions, {}, oneWay);
    expect(plain![0]!.collaborative).toBeCloseTo((0.9 + 0.5 + 0.8) / 3, 12);
  });

  it("orders unscored candidates by the first stage's score if there is one", async () => {
    const { caption, scores } = asInput([
      {
        mention: { text: "x" },
        candidates: ["a", "b", "c"].map((id) => ({
          id,
          match: id === "c" ? 0.01 : undefined,
          feature: 1,
          nameScore: 0.5,
        })),
      },
    ]);
    const [ranked] = await rankCaption(caption, [{ ...scores[0]!, firstStage: [0.2, 0.7, 0] }], {
      pairs: line,
    });
    expect(ids(ranked)).toEqual(["c", "b", "a"]);
    expect(ranked!.map(({ score }) => score)).toEqual([0.01, 0.7 - 1, 0.2 - 1]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -0.1, 1.1])("throws for a score of %s", async (bad) => {
    const fine = mention(0, ["a", 0.9, 1]);
    const error = expect.objectContaining({ code: "NOT_A_NUMBER" });
    await expect(rank([fine, mention(9, ["b", 0.3, 1], ["c", bad, 1])])).rejects.toEqual(error);
    await expect(rank([fine, mention(9, ["b", 0.3, 1])], {}, constant(bad))).rejects.toEqual(error);
  });

  it("ranks a caption of 1,000 mentions with all candidates tied in bounded memory", async () => {
    const mentions = Array.from({ length: 1000 }, (_, at) =>
      mention(at, ...Array.from({ length: 30 }, (_, id): [string, number, number] => [`Q${id}`, 0.5, 1])),
    );
    let most = 0;
    const counting: PairSimilarity<number> = {
      combine: line.combine,
      similarities: async (left, right) => {
        most = Math.max(most, left.length * right.length);
        return new Float64Array(left.length * right.length).fill(0.5);
      },
    };
    const ranked = await rank(mentions, { beam: 30 }, counting);
    expect(ranked).toHaveLength(1000);
    expect(most).toBeLessThanOrEqual(4 * 30 * 30);
  });

  it("stops when the signal has fired", async () => {
    const signal = AbortSignal.abort();
    await expect(
      rank([mention(0, ["a", 0.9, 1]), mention(9, ["b", 0.3, 1])], { signal }),
    ).rejects.toMatchObject({
      code: "ABORTED",
    });
  });
});
