import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowsOf } from "../../src/formats/index.js";

const named = (id: string, probability: number | null) => ({ id, label: id.toUpperCase(), probability });

/** A mention with one distribution over its candidates and NIL, of which only the first `listed` are listed. */
const calibrated = fc
  .record({
    weights: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
    nil: fc.double({ min: 0, max: 1, noNaN: true }),
    listed: fc.nat({ max: 8 }),
    states: fc.boolean(),
  })
  .map(({ weights, nil, listed, states }) => {
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const none = sum === 0 ? 1 : nil;
    const all = weights.map((weight, at) => named(`e${at}`, sum === 0 ? 0 : ((1 - none) * weight) / sum));
    const entity = none > 0.5 ? null : all[0]!;
    const candidates = all.slice(0, Math.max(1, listed));
    const probability = entity === null ? none : entity.probability;
    return { nil: none, link: { entity, probability, candidates, ...(states && { nilProbability: none }) } };
  });

describe("rowsOf", () => {
  it("gives each candidate and NIL one row, most probable first, with a sum of at most 1", () => {
    fc.assert(
      fc.property(calibrated, ({ link, nil }) => {
        const rows = rowsOf(link);
        const probabilities = rows.map(({ probability }) => probability!);
        expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
        expect(probabilities.reduce((sum, one) => sum + one, 0)).toBeLessThan(1 + 1e-9);
        expect(rows).toHaveLength(link.candidates.length + 1);
        expect(rows.filter(({ entity }) => entity === null)).toHaveLength(1);
        expect(rows.filter(({ isProposed }) => isProposed)).toHaveLength(1);
        const none = rows.find(({ entity }) => entity === null)!;
        if (none.isAtMost) expect(none.probability).toBeGreaterThan(nil - 1e-9);
        else expect(none.probability).toBe(nil);
        if (none.isProposed) expect(rows[0]).toBe(none);
      }),
    );
  });

  it("ranks NIL above a proposed candidate that is less probable", () => {
    const candidates = [named("a", 0.3), named("b", 0.25)];
    const rows = rowsOf({ entity: candidates[0]!, probability: 0.3, nilProbability: 0.45, candidates });
    expect(rows.map(({ entity, probability }) => [entity?.id, probability])).toEqual([
      [undefined, 0.45],
      ["a", 0.3],
      ["b", 0.25],
    ]);
    expect(rows.map(({ isProposed }) => isProposed)).toEqual([false, true, false]);
  });

  it("without calibration, has no probabilities and keeps the order by score", () => {
    const candidates = [named("a", null), named("b", null)];
    const order = (entity: { id: string; label: string } | null) =>
      rowsOf({ entity, probability: null, candidates }).map((row) => [row.entity?.id, row.probability]);
    expect(order(candidates[0]!)).toEqual([
      ["a", null],
      ["b", null],
      [undefined, null],
    ]);
    expect(order(null)).toEqual([
      [undefined, null],
      ["a", null],
      ["b", null],
    ]);
  });

  it("shows a proposed entity that is not among the candidates, and a mention without candidates", () => {
    expect(rowsOf({ entity: { id: "x", label: "X" }, probability: 0.8, candidates: [] })).toMatchObject([
      { entity: { id: "x" }, probability: 0.8, isProposed: true },
      { entity: null, probability: expect.closeTo(0.2), isAtMost: true },
    ]);
    expect(rowsOf({ entity: null, probability: 1, candidates: [] })).toMatchObject([
      { entity: null, probability: 1, isAtMost: false, isProposed: true },
    ]);
  });
});
