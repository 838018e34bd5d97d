import { describe, expect, it } from "vitest";
import { beforeAfter, changedByOthers, type WireCandidate } from "../../web/src/review/index.js";

const candidate = (match: number | null, score: number, independentRank?: number): WireCandidate => ({
  id: "x",
  label: "X",
  match,
  collaborative: match === null ? 0 : score - match,
  score,
  probability: null,
  ...(independentRank !== undefined && { independentRank }),
});

describe("beforeAfter", () => {
  it("takes the rank before from the server, or else from the listed candidates", () => {
    expect(
      beforeAfter([candidate(0.2, 1.6), candidate(0.8, 0.9)]).map(({ rankBefore }) => rankBefore),
    ).toEqual([2, 1]);
    expect(beforeAfter([candidate(0.2, 1.6, 6)])[0]).toMatchObject({ rankBefore: 6, rankAfter: 1 });
    expect(beforeAfter([candidate(null, -1)])[0]!.rankBefore).toBeUndefined();
  });

  it("takes scores and ranks before from the answer for the name alone, if known", () => {
    const named = (id: string, one: WireCandidate): WireCandidate => ({ ...one, id });
    const together = [
      named("a", candidate(0.9, 0.9)),
      named("b", candidate(0.1, 0.1)),
      named("c", candidate(0, 0)),
    ];
    const alone = [
      named("b", candidate(0.6, 0.6)),
      named("a", candidate(0.3, 0.3)),
      named("d", candidate(0.1, 0.1)),
    ];
    const rows = beforeAfter(together, alone);
    expect(rows.map(({ before, after }) => [before, after])).toEqual([
      [0.3, 0.9],
      [0.6, 0.1],
      [undefined, 0],
    ]);
    expect(rows.map(({ rankBefore }) => rankBefore)).toEqual([2, 1, undefined]);
  });

  it("tells whether the other names visibly changed anything", () => {
    expect(changedByOthers(beforeAfter([candidate(0.5, 0.5)]))).toBe(false);
    expect(changedByOthers(beforeAfter([candidate(0.5, 0.501)]))).toBe(false);
    expect(changedByOthers(beforeAfter([candidate(0.5, 0.75)]))).toBe(true);
    expect(beforeAfter([])).toEqual([]);
  });
});
