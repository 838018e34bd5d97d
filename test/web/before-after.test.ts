import { describe, expect, it } from "vitest";
import { beforeAfter, heardOthers, type WireCandidate } from "../../web/src/review/index.js";

const candidate = (match: number | null, score: number, independentRank?: number): WireCandidate => ({
  id: "x",
  label: "X",
  match,
  collaborative: match === null ? 0 : score - match,
  score,
  probability: null,
  ...(independentRank !== undefined && { independentRank }),
});

describe("before and after the other names", () => {
  it("measures both bars by the longest in the list", () => {
    const rows = beforeAfter([candidate(0.4, 1.6), candidate(0.8, 0.8), candidate(null, -1)]);
    expect(rows.map(({ own, all }) => [own, all])).toEqual([
      [0.25, 1],
      [0.5, 0.5],
      [0, 0],
    ]);
  });

  it("takes the rank before from the server, or else from the candidates in sight", () => {
    expect(
      beforeAfter([candidate(0.2, 1.6), candidate(0.8, 0.9)]).map(({ rankBefore }) => rankBefore),
    ).toEqual([2, 1]);
    expect(beforeAfter([candidate(0.2, 1.6, 6)])[0]).toMatchObject({ rankBefore: 6, rankAfter: 1 });
    expect(beforeAfter([candidate(null, -1)])[0]!.rankBefore).toBeUndefined();
  });

  it("knows whether the other names said anything", () => {
    expect(heardOthers([candidate(0.5, 0.5)])).toBe(false);
    expect(heardOthers([candidate(0.5, 0.75)])).toBe(true);
    expect(beforeAfter([])).toEqual([]);
  });
});
