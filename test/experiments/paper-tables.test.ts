import { describe, expect, it } from "vitest";
import { casesOf } from "../../experiments/paper/cases.js";
import { jobsFor } from "../../experiments/paper/jobs.js";
import { orderText } from "../../experiments/paper/order.js";
import { PAPER } from "../../experiments/paper/paper-figures.js";
import { renderTables, type Shown, withTables } from "../../experiments/paper/render.js";
import { nameOfJob, type Ranks, type Result } from "../../experiments/paper/results.js";
import { FIGURE4, isKnown, type Row, TABLE2, TABLE3 } from "../../experiments/paper/rows.js";
import { differenceOf, figuresOf, KS } from "../../experiments/paper/statistics.js";
import { setResultOf } from "../../experiments/paper/work.js";
import { createRandom, goldId, type Random } from "../../src/core/index.js";
import { evaluate } from "../../src/evaluation/index.js";
import { demoCaptions, demoEntities } from "../training/mmel/workshop.js";

const rowOf = (name: string): Row => ({ name, variant: name });

function resultOf(variant: string, ranks: Ranks, seed = 1, alone: Ranks = ranks): Result {
  const kinds = ranks.map((_, caption) => (caption % 2 === 0 ? "named" : "shared"));
  return {
    ...{ data: "wikimel", budget: "small", variant, seed, commit: "", trainingHours: 1, steps: 1 },
    ...{ settings: {}, trainCaptions: 1 },
    sets: { test: { candidates: 100, recall: 1, seconds: 1, together: ranks, alone, kinds } },
  };
}

const randomRanks = (random: Random, captions = 40): Ranks =>
  Array.from({ length: captions }, () =>
    Array.from({ length: 1 + random.below(3) }, () => (random.below(8) === 0 ? null : 1 + random.below(25))),
  );

describe("the figures of the paper", () => {
  it("never fall from Top-1 to Top-20, and agree between the tables", () => {
    for (const table of [PAPER.table2, PAPER.table3])
      for (const row of Object.values(table))
        for (const tops of Object.values(row)) expect([...tops].sort((a, b) => a - b)).toEqual(tops);
    expect(PAPER.table3.MMEL).toEqual(PAPER.table2.MMEL);
    for (const { samples, train, dev, test } of Object.values(PAPER.table1))
      expect([...train, ...dev, ...test].reduce((sum, count) => sum + count)).toBe(samples);
  });

  it("exist for every row of table 2, and for no row that is not in a table", () => {
    const rows = [...TABLE2.T, ...TABLE2["T + V"]].map(({ name }) => name);
    expect(Object.keys(PAPER.table2).sort()).toEqual([...rows].sort());
    const ablations = TABLE3["T + V"].map(({ name }) => name);
    for (const name of Object.keys(PAPER.table3)) expect(ablations).toContain(name);
  });
});

describe("jobsFor", () => {
  const rows: readonly Row[] = [...TABLE2.T, ...TABLE3.T, ...FIGURE4.T];

  it("has one job for each network and seed, the first seeds first", () => {
    const jobs = jobsFor(rows, "wikimel", "small", () => true);
    expect(new Set(jobs.map(nameOfJob)).size).toBe(jobs.length);
    for (const row of rows)
      expect(jobs.filter(({ variant }) => variant === row.variant)).toHaveLength(row.isRepeated ? 3 : 1);
    const seeds = jobs.map(({ seed }) => seed);
    expect(seeds).toEqual([...seeds].sort());
  });

  it("has no job for a variant that cannot be trained, and one for all of MMEL", () => {
    expect(jobsFor(rows, "wikimel", "small", (variant) => variant !== "BERT")).not.toContainEqual(
      expect.objectContaining({ variant: "BERT" }),
    );
    expect(isKnown("no such network")).toBe(false);
    for (const { variant } of [...TABLE3.T, ...TABLE3["T + V"]]) expect(isKnown(variant)).toBe(true);
  });

  it("has only the row of a budget for one row", () => {
    const variants = jobsFor(rows, "wikimel", "long").map(({ variant }) => variant);
    expect(variants).toEqual(["MMEL-onlytext"]);
  });
});

describe("the figures of a row", () => {
  it("are the shares of mentions whose gold entity is among the first, as means over the seeds", () => {
    const random = createRandom("figures");
    for (let run = 0; run < 10; run++) {
      const first = randomRanks(random);
      const second = first.map((mentions) => mentions.map(() => 1 + random.below(25)));
      const results = [resultOf("A", first), resultOf("A", second, 2), resultOf("B", second)];
      const figures = figuresOf(results, rowOf("A"), "test")!;
      const all = [...first.flat(), ...second.flat()];
      for (const [index, k] of KS.entries())
        expect(figures.top[index]).toBeCloseTo(
          all.filter((rank) => rank !== null && rank <= k).length / all.length,
          12,
        );
      expect(figures).toMatchObject({ seeds: 2, mentions: first.flat().length });
      const [low, high] = figures.interval!;
      expect(low).toBeLessThanOrEqual(figures.top[0]!);
      expect(high).toBeGreaterThanOrEqual(figures.top[0]!);
    }
  });

  it("of captions with one mention and with several add up to those of all", () => {
    const ranks = randomRanks(createRandom("parts"));
    const results = [resultOf("A", ranks)];
    const [all, single, multi] = [{}, { mentions: "single" }, { mentions: "multi" }].map(
      (part) => figuresOf(results, rowOf("A"), "test", part as object)!,
    );
    expect(single!.mentions).toBe(ranks.filter(({ length }) => length === 1).length);
    expect(single!.mentions + multi!.mentions).toBe(all!.mentions);
    expect(single!.top[0]! * single!.mentions + multi!.top[0]! * multi!.mentions).toBeCloseTo(
      all!.top[0]! * all!.mentions,
      9,
    );
  });

  it("can count the first mention of each caption, or one kind of caption", () => {
    const ranks = [
      [1, 9],
      [9, 1],
    ];
    const top1 = (part: object) => figuresOf([resultOf("A", ranks)], rowOf("A"), "test", part)?.top[0];
    expect(top1({ isFirstOnly: true })).toBe(0.5);
    expect(top1({ isFirstOnly: true, kind: "named" })).toBe(1);
    expect(top1({ isFirstOnly: true, kind: "shared" })).toBe(0);
    expect(top1({ kind: "other" })).toBeUndefined();
  });

  it("of a row that is ranked alone are those without the other mentions", () => {
    const results = [resultOf("A", [[1, 1]], 1, [[1, 2]])];
    expect(figuresOf(results, { ...rowOf("A"), alone: true }, "test")!.top[0]).toBe(0.5);
    expect(figuresOf(results, rowOf("A"), "test")!.top[0]).toBe(1);
  });

  it("differ by the difference of Top-1, in the other direction with the other sign", () => {
    const random = createRandom("difference");
    const ranks = randomRanks(random);
    const others = ranks.map((mentions) => mentions.map(() => 1 + random.below(3)));
    const results = [resultOf("A", ranks), resultOf("B", others), resultOf("C", ranks.slice(1))];
    const at = (name: string) => ({ row: rowOf(name), set: "test" as const });
    const top1 = (name: string) => figuresOf(results, rowOf(name), "test")!.top[0]!;
    const found = differenceOf(results, at("A"), at("B"))!;
    expect(found.difference).toBeCloseTo(top1("B") - top1("A"), 12);
    expect(differenceOf(results, at("B"), at("A"))!.difference).toBeCloseTo(-found.difference, 12);
    expect(differenceOf(results, at("A"), at("C"))).toBeUndefined(); // other captions
    expect(differenceOf(results, at("A"), at("none"))).toBeUndefined();
  });
});

describe("orderText", () => {
  const ranksWith = (right: number): Ranks => Array.from({ length: 100 }, (_, at) => [at < right ? 1 : 2]);
  const results = (tops: Record<string, number>) =>
    Object.entries(tops).map(([name, right]) => resultOf(name, ranksWith(right)));

  it("says that the order is the paper's", () => {
    const text = orderText(TABLE2.T, results({ "MMEL-onlytext": 80, BERT: 50, NCEL: 10 }))!;
    expect(text).toContain("Order here: MMEL-onlytext, BERT, NCEL. In the paper: MMEL-onlytext, BERT, NCEL.");
    expect(text).toContain(
      "with a 95 % interval that excludes 0: 3 of 3; pairs that cannot be told apart: 0",
    );
    expect(text).toContain("No pair has the opposite order.");
  });

  it("names the pairs in the opposite order, and counts those that cannot be told apart", () => {
    const text = orderText(TABLE2.T, results({ "MMEL-onlytext": 50, BERT: 80, NCEL: 49 }))!;
    expect(text).toContain(
      "with a 95 % interval that excludes 0: 1 of 3; pairs that cannot be told apart: 1",
    );
    expect(text).toMatch(
      /Pairs in the opposite order: 1\. BERT is 30\.0 above MMEL-onlytext \(\d\d\.\d to \d\d\.\d\), in the paper 8\.5 below it/,
    );
  });

  it("is absent for fewer than two rows", () => {
    expect(orderText(TABLE2.T, results({ BERT: 50 }))).toBeUndefined();
  });
});

describe("the page", () => {
  const shown: Shown = {
    ...{ budget: "small", results: [], longer: [], stats: {}, runtime: [], figures: [], remarks: {} },
    data: { T: ["wikimel", "richpedia"], "T + V": ["pictographs"] },
  };
  const lineOf = (page: string, start: string): string =>
    page.split("\n").find((line) => line.startsWith(`| ${start} |`))!;

  it("shows every row, with the paper's figures, as not run", () => {
    const page = renderTables(shown);
    for (const { name } of TABLE2.T)
      expect(lineOf(page, name)).toContain(
        `| ${PAPER.table2[name]!["Wiki-MEL"][0].toFixed(1)} | ${PAPER.table2[name]!["Wiki-MEL"][1].toFixed(1)} |`,
      );
    for (const { name } of [...TABLE2.T, ...TABLE2["T + V"]])
      expect(lineOf(page, name)).toMatch(/\| not run \|.*no data/);
  });

  it("shows results, the longer training and remarks", () => {
    const results = [resultOf("BERT", [[1], [2]])];
    const longer: Result[] = [{ ...resultOf("MMEL-onlytext", [[1], [1]]), budget: "long" }];
    const page = renderTables({ ...shown, results, longer, remarks: { table2: "A reason." } });
    expect(lineOf(page, "BERT")).toMatch(/\| 50\.0 \(/);
    expect(lineOf(page, "MMEL-onlytext, longer training")).toMatch(/\| 100\.0 \(/);
    expect(page).toContain("\n\nA reason.\n");
  });

  it("keeps the rest of the text, and does not change when it is written again", () => {
    const text =
      "# Results\n\n<!-- The tables of the paper: written by experiments/paper/run.ts -->\nold\n<!-- The end of the tables of the paper -->\nafter\n";
    const once = withTables(text, "new");
    expect(once).toMatch(/^# Results\n[\s\S]*\n\nnew\n\n<!-- The end[^\n]*\nafter\n$/);
    expect(once).not.toContain("old");
    expect(withTables(once, "new")).toBe(once);
    expect(() => withTables("# Results\n", "new")).toThrow(/no place/);
  });
});

describe("the records of an evaluation", () => {
  it("keep the ranks with and without the other mentions", async () => {
    const captions = await demoCaptions();
    const options = {
      kb: await demoEntities(),
      model: "lexical",
      candidates: 20,
      protocol: "paper",
    } as const;
    const { result, records } = await evaluate(captions, options);
    const { together, alone } = setResultOf(records, 20, 1);
    const golds = captions.map(({ mentions }) => mentions.flatMap((mention) => goldId(mention) ?? []));
    expect(together.map(({ length }) => length)).toEqual(
      golds.filter(({ length }) => length > 0).map(({ length }) => length),
    );
    const share = together.flat().filter((rank) => rank === 1).length / together.flat().length;
    expect(share).toBeCloseTo(result.all.top1!, 2); // ties have ranks between
    const independent = await evaluate(captions, { ...options, collaborative: false });
    const ranks = setResultOf(independent.records, 20, 1).together;
    const same = alone.flat().filter((rank, at) => rank === ranks.flat()[at]).length;
    expect(same / alone.flat().length).toBeGreaterThan(0.9);
    expect(together).not.toEqual(alone);
  });

  it("give cases with the gold entity, its ranks before and after", async () => {
    const { records } = await evaluate(await demoCaptions(), {
      ...{ kb: await demoEntities(), model: "lexical", candidates: 20, protocol: "paper", topK: 3 },
    });
    const cases = casesOf(records);
    expect(new Set(cases.map(({ text }) => text)).size).toBe(4);
    for (const { candidates } of cases) {
      expect(candidates.filter(({ isGold }) => isGold)).toHaveLength(1);
      const ranks = candidates.map(({ rankAfter }) => rankAfter);
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    }
    const changes = cases.flatMap(({ candidates }) =>
      candidates.filter(({ isGold }) => isGold).map(({ rankBefore, rankAfter }) => rankBefore - rankAfter),
    );
    expect(changes.some((change) => change !== 0)).toBe(true);
  });
});
