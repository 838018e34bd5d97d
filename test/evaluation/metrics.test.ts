import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { figures, groupsOf, metrics, pairedDifference } from "../../src/evaluation/metrics.js";
import { expectedRank } from "../../src/evaluation/records.js";
import { type Outcome, recordsFrom } from "./fixtures.js";

describe("expectedRank", () => {
  it("returns the mean of the ranks that tied candidates share", () => {
    expect(expectedRank([0.9, 0.5, 0.1], 0)).toBe(1);
    expect(expectedRank([0.9, 0.5, 0.1], 2)).toBe(3);
    expect(expectedRank([0.9, 0.9, 0.1], 0)).toBe(1.5);
    expect(expectedRank([0.9, 0.5, 0.5, 0.5], 3)).toBe(3);
  });

  it("does not depend on the position of gold, and ties never favour it", () => {
    const scores = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(scores, fc.nat(), fc.nat(), (scores, pick, move) => {
        const gold = pick % scores.length;
        const others = scores.filter((_, at) => at !== gold);
        const to = move % scores.length;
        const rank = expectedRank(scores, gold);
        expect(expectedRank(others.toSpliced(to, 0, scores[gold]!), to)).toBe(rank);
        const better = others.filter((score) => score > scores[gold]!).length;
        const equal = others.filter((score) => score === scores[gold]!).length;
        expect(rank - 1 - better).toBe(better + equal + 1 - rank); // halfway between the best and the worst rank
      }),
    );
  });

  it("throws for NaN in any position", () => {
    for (const scores of [
      [Number.NaN, 1],
      [1, Number.NaN],
    ])
      expect(() => expectedRank(scores, 0)).toThrowError(expect.objectContaining({ code: "NOT_A_NUMBER" }));
  });
});

describe("figures", () => {
  it("matches figures computed by hand", () => {
    // ranks 1, 2, 6, 11, 21, a miss; NIL is left out
    const ranks = [[1, 2], [6], [11, 21], [undefined]];
    const records = recordsFrom([
      ...ranks.map((ofCaption) =>
        ofCaption.map((rank): Outcome => (rank === undefined ? { gold: "Q1" } : { gold: "Q1", rank })),
      ),
      [{ gold: null }],
    ]);
    const { interval95, ...row } = figures(records);
    expect(row).toEqual({
      mentions: 6,
      misses: 1,
      top1: 1 / 6,
      top5: 2 / 6,
      top10: 3 / 6,
      top20: 4 / 6,
      mrr: (1 + 1 / 2 + 1 / 6 + 1 / 11 + 1 / 21) / 6,
      meanRank: (1 + 2 + 6 + 11 + 21) / 5,
    });
    for (const name of ["top1", "top5", "top10", "top20", "mrr", "meanRank"] as const) {
      const [low, high] = interval95[name]!;
      expect(low).toBeLessThanOrEqual(row[name]!);
      expect(high).toBeGreaterThanOrEqual(row[name]!);
    }
  });

  it("does not count a tie for the first rank as a hit", () => {
    expect(figures(recordsFrom([[{ gold: "Q1", rank: 1.5 }]]))).toMatchObject({
      top1: 0,
      top5: 1,
      mrr: 1 / 1.5,
    });
  });

  it("returns null if there is nothing to count", () => {
    expect(figures([])).toMatchObject({ mentions: 0, top1: null, mrr: null, interval95: { top1: null } });
    expect(figures(recordsFrom([[{ gold: "Q1" }]]))).toMatchObject({ top1: 0, meanRank: null });
  });

  it("has no interval unless mentions of two captions count", () => {
    const [right, miss]: Outcome[] = [{ gold: "Q1", rank: 1 }, { gold: "Q1" }];
    const of = (...captions: Outcome[][]) => figures(recordsFrom(captions)).interval95;
    expect(of([right!, miss!])).toMatchObject({ top1: null, mrr: null, meanRank: null });
    expect(of([right!], [miss!])).toMatchObject({ top1: [0, 1], meanRank: null }); // a miss has no rank
  });

  it("resamples captions, not mentions", () => {
    const right = Array.from({ length: 100 }, (): Outcome => ({ gold: "Q1", rank: 1 }));
    const wrong = right.map((): Outcome => ({ gold: "Q1", rank: 2 }));
    expect(figures(recordsFrom([right, wrong])).interval95.top1).toEqual([0, 1]);
  });

  it("returns intervals that are reproducible and agree with the normal approximation", () => {
    const records = recordsFrom(
      Array.from({ length: 400 }, (_, at) => [{ gold: "Q1", rank: at % 5 === 0 ? 2 : 1 }]),
    );
    const [low, high] = figures(records, { seed: 1 }).interval95.top1!;
    const half = 1.96 * Math.sqrt((0.8 * 0.2) / 400);
    expect(Math.abs(low - (0.8 - half))).toBeLessThan(0.008);
    expect(Math.abs(high - (0.8 + half))).toBeLessThan(0.008);
    expect(figures(records, { seed: 1 })).toEqual(figures(records, { seed: 1 }));
    expect(figures(records, { seed: 2 })).not.toEqual(figures(records, { seed: 1 }));
  });
});

describe("pairedDifference", () => {
  const run = (ranks: readonly number[]) => recordsFrom(ranks.map((rank) => [{ gold: "Q1", rank }]));
  const half = Array.from({ length: 200 }, (_, at) => 1 + (at % 2));

  it("is 0 between a run and itself", () => {
    expect(pairedDifference(run(half), run(half))).toEqual({
      mentions: 200,
      difference: 0,
      interval95: [0, 0],
    });
  });

  it("pairs the mentions, so a gain on a few is significant", () => {
    const better = half.map((rank, at) => (at < 10 ? 1 : rank));
    const { difference, interval95 } = pairedDifference(run(half), run(better));
    expect(difference).toBeCloseTo(5 / 200, 12);
    expect(interval95![0]).toBeGreaterThan(0);
    expect(interval95![1]).toBeLessThan(0.06);
    expect(pairedDifference(run(better), run(half)).difference).toBeCloseTo(-5 / 200, 12);
  });

  it("compares only the mentions of both runs", () => {
    expect(pairedDifference(run(half), run(half.slice(0, 3)), "mrr").mentions).toBe(3);
    expect(pairedDifference(run(half), [])).toEqual({ mentions: 0, difference: null, interval95: null });
  });
});

describe("metrics", () => {
  const records = recordsFrom([
    [{ gold: "Q1", rank: 1, nameRank: 1.5, retrievedAt: 1, predicted: "Q1" }],
    [
      { gold: "Q2", rank: 3, nameRank: 1, retrievedAt: 10, predicted: "Q9" },
      { gold: "Q3", rank: 1, nameRank: 9, retrievedAt: 100, predicted: null },
    ],
    [{ gold: "Q4", inKb: false, predicted: "Q9" }],
    [
      { gold: null, predicted: null },
      { gold: null, predicted: "Q9" },
    ],
  ]);

  it("matches figures computed by hand", () => {
    expect(metrics(records)).toMatchObject({
      recall: { "1": 1 / 4, "10": 2 / 4, "100": 3 / 4 },
      goldNotInKb: 1,
      linkedAccuracy: 2 / 6,
      all: { mentions: 4, misses: 1, top1: 2 / 4 },
      nameScore: { mentions: 4, misses: 1, top1: 1 / 4, top5: 2 / 4 },
      single: { mentions: 2, top1: 1 / 2 },
      multi: { mentions: 2, top1: 1 / 2 },
      nil: { precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 },
    });
  });

  it("separates entities seen in training if the training gold is given", () => {
    expect(metrics(records)).not.toHaveProperty("seenInTraining");
    expect(metrics(records, { trainingGold: new Set(["Q1", "Q2"]) })).toMatchObject({
      seenInTraining: { mentions: 2, top1: 1 / 2 },
      unseenInTraining: { mentions: 2, top1: 1 / 2, misses: 1 },
    });
  });

  it("separates the types of mentions and the languages of captions, where given", () => {
    expect(metrics(records)).not.toHaveProperty("byType");
    expect(metrics(records)).not.toHaveProperty("byLanguage");
    const typed = recordsFrom(
      [
        [
          { gold: "Q1", rank: 1, type: "PER" },
          { gold: "Q2", rank: 2, type: "per" },
          { gold: "Q3", rank: 1, type: "town" },
        ],
        [
          { gold: "Q4", rank: 1 },
          { gold: null, type: "work" },
        ],
        [{ gold: "Q5", rank: 1, type: "town" }],
      ],
      ["de", "fr"],
    );
    const { byType, byLanguage } = metrics(typed);
    expect(byType).toMatchObject({ PER: { mentions: 2, top1: 1 / 2 }, town: { mentions: 2, top1: 1 } });
    expect(Object.keys(byType!)).toEqual(["PER", "town"]);
    expect(byLanguage).toMatchObject({ de: { mentions: 3, top1: 2 / 3 }, fr: { mentions: 1, top1: 1 } });
    expect(groupsOf(metrics(typed)).map(({ name }) => name)).toEqual([
      ...[
        "all",
        "name score alone",
        "single-mention",
        "multi-mention",
        "type PER",
        "type town",
        "language de",
        "language fr",
      ],
    ]);
  });

  it("reports the same figures for a type as for its mentions alone", () => {
    const outcome = fc.record({
      gold: fc.constant("Q1"),
      rank: fc.integer({ min: 1, max: 30 }),
      type: fc.constantFrom("person", "place", "museum"),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(outcome, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
        (captions) => {
          const all = recordsFrom(captions);
          const { byType = {} } = metrics(all, { resamples: 10 });
          const counted = Object.values(byType).reduce((sum, { mentions }) => sum + mentions, 0);
          expect(counted).toBe(all.length);
          for (const [type, found] of Object.entries(byType)) {
            const alone = all.filter(({ caption, mention }) => caption.mentions[mention]!.type === type);
            expect(found).toEqual(figures(alone, { resamples: 10 }));
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it("ranks gold independently of the NIL decision", () => {
    const nothing = records.filter(({ gold }) => gold.kind === "entity");
    const asNil = nothing.map((record) => ({
      ...record,
      link: { ...record.link, outcome: "nil" as const, entity: null },
    }));
    expect(metrics(asNil).all).toEqual(metrics(nothing).all);
    expect(metrics(asNil).linkedAccuracy).toBe(0);
    expect(metrics(nothing).linkedAccuracy).toBe(1 / 4);
  });

  it("returns null, not 0, for NIL if there is none", () => {
    const none = recordsFrom([[{ gold: "Q1", rank: 1, predicted: "Q1" }]]);
    expect(metrics(none).nil).toEqual({ precision: null, recall: null, f1: null });
    expect(metrics([])).toMatchObject({ linkedAccuracy: null, recall: { "1": null } });
  });
});
