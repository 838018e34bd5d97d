import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowsOf } from "../../src/formats/index.js";
import { mostProbable } from "../../src/formats/link-rows.js";

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
  it("gives each candidate and NIL one row, the proposal first, then the most probable, with a sum of at most 1", () => {
    fc.assert(
      fc.property(calibrated, ({ link, nil }) => {
        const rows = rowsOf(link);
        const probabilities = rows.map(({ probability }) => probability ?? 0);
        expect(probabilities.slice(1)).toEqual(probabilities.slice(1).sort((a, b) => b - a));
        expect(rows[0]!.isProposed).toBe(true);
        expect(probabilities.reduce((sum, one) => sum + one, 0)).toBeLessThan(1 + 1e-9);
        expect(rows).toHaveLength(link.candidates.length + 1);
        expect(rows.filter(({ entity }) => entity === null)).toHaveLength(1);
        expect(rows.filter(({ isProposed }) => isProposed)).toHaveLength(1);
        const none = rows.find(({ entity }) => entity === null)!;
        if (none.isAtMost) expect(none.probability).toBeGreaterThan(nil - 1e-9);
        else expect(none.probability).toBeOneOf([nil, ...("nilProbability" in link ? [] : [null])]);
      }),
    );
  });

  it("leaves out a bound of NIL that is above the probability of the proposal", () => {
    const candidates = [named("a", 0.3), named("b", 0.25)];
    const link = { entity: candidates[0]!, probability: 0.3, candidates };
    expect(rowsOf(link).at(-1)).toMatchObject({ entity: null, probability: null, isAtMost: false });
    expect(mostProbable(link)).toBe(link);
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

describe("mostProbable", () => {
  /** Any link with probabilities: of another version, of another program, or of a model whose order is by other scores. */
  const anyLink = fc
    .record({
      probabilities: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
      nil: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      proposed: fc.nat({ max: 8 }),
    })
    .map(({ probabilities, nil, proposed }) => {
      const candidates = probabilities.map((probability, at) => named(`e${at}`, probability));
      const entity = candidates[proposed] ?? null;
      const probability = entity?.probability ?? nil ?? 0;
      return { entity, probability, candidates, ...(nil !== undefined && { nilProbability: nil }) };
    });

  it("makes the proposal the first row, all rows ordered by probability, and changes no probability", () => {
    fc.assert(
      fc.property(anyLink, (link) => {
        const [before, rows] = [rowsOf(link), rowsOf(mostProbable(link))];
        const probabilities = rows.map(({ probability }) => probability ?? -1);
        expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
        expect(rows.map(({ isProposed }) => isProposed)).toEqual(rows.map((_, row) => row === 0));
        const known = (all: typeof rows) =>
          new Map(all.filter(({ isAtMost }) => !isAtMost).map((row) => [row.entity?.id, row.probability]));
        for (const [id, probability] of known(before))
          if (probability !== null) expect(known(rows).get(id)).toBe(probability);
      }),
    );
  });

  it("proposes NIL if it is more probable than each entity, though less than all together", () => {
    const candidates = [named("a", 0.3), named("b", 0.25)];
    const link = { entity: candidates[0]!, probability: 0.3, nilProbability: 0.45, candidates };
    expect(rowsOf(link).map(({ probability }) => probability)).toEqual([0.3, 0.45, 0.25]);
    expect(mostProbable(link)).toMatchObject({ outcome: "nil", entity: null, probability: 0.45 });
    expect(mostProbable({ ...link, nilProbability: 0.3 }).entity).toBe(candidates[0]);
  });
});
