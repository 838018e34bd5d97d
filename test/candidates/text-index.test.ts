import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_UNITS, Pattern } from "../../src/candidates/pattern.js";
import { createTextIndex } from "../../src/candidates/text-index.js";
import { createTopK } from "../../src/candidates/top-k.js";
import { naive } from "./reference.js";

// š ends in the same byte as a.
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(..."aabcšř жи"), minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(..."abc"), minLength: 1, maxLength: 150 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(..."aš"), minLength: 20, maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 8 }) },
);

function likeness(a: string, b: string): number {
  const { subsequence, distance, prefix } = naive(a, b);
  const longer = Math.max(a.length, b.length);
  const shorter = Math.min(a.length, b.length);
  return 0.4 * (subsequence / longer) + 0.2 * (prefix / shorter) + 0.4 * (1 - distance / longer);
}

describe("texts", () => {
  it("are found when they are as much like a pattern as wanted, and no others", () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 120 }),
        text,
        fc.double({ min: 0.3, max: 1, noNaN: true }),
        (all, wanted, least) => {
          const texts = createTextIndex({
            count: all.length,
            length: (at) => all[at]!.length,
            write: (at, units) => {
              for (let unit = 0; unit < all[at]!.length; unit++) units[unit] = all[at]!.charCodeAt(unit);
            },
          });
          const pattern = new Pattern();
          pattern.set(wanted);
          const found = new Map<number, number>();
          texts.scan(
            pattern,
            () => least,
            (at, alike) => {
              expect(found.has(at)).toBe(false);
              found.set(at, alike);
            },
          );
          for (const [at, one] of all.entries()) {
            const expected = likeness(wanted, one);
            if (Math.abs(expected - least) < 1e-8) continue;
            expect(found.get(at) ?? 0, `${wanted} | ${one}`).toBeCloseTo(expected < least ? 0 : expected, 9);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("of the greatest length, and a pattern longer than that, are compared by as much", () => {
    const long = "ab".repeat(MAX_UNITS / 2);
    const texts = createTextIndex({
      count: 1,
      length: () => MAX_UNITS,
      write: (_, units) => {
        for (let unit = 0; unit < MAX_UNITS; unit++) units[unit] = long.charCodeAt(unit);
      },
    });
    const pattern = new Pattern();
    pattern.set(`${long}c`);
    const found: number[] = [];
    texts.scan(
      pattern,
      () => 0.5,
      (_, alike) => found.push(alike),
    );
    expect(found).toEqual([1]);
  });
});

describe("a board", () => {
  it("keeps the best entities with their best rows, and admits whatever would change them", () => {
    const offer = fc.record({
      entity: fc.nat(12),
      row: fc.nat(40),
      score: fc.constantFrom(0.2, 0.3, 0.5, 0.7, 0.9),
    });
    fc.assert(
      fc.property(fc.array(offer, { maxLength: 60 }), fc.nat(10), (offers, limit) => {
        const topK = createTopK(13);
        topK.reset(3);
        topK.offer(1, 1, 1);
        topK.reset(limit);
        const best = new Map<number, { entity: number; row: number; score: number }>();
        const expected = () =>
          [...best.values()].sort((a, b) => b.score - a.score || a.entity - b.entity).slice(0, limit);
        for (const one of offers) {
          const before = expected();
          const old = best.get(one.entity);
          const better = !old || one.score > old.score || (one.score === old.score && one.row < old.row);
          if (one.score >= 0.3 && better) best.set(one.entity, one);
          const admitted = topK.admits(one.entity, one.score + 1e-9);
          topK.offer(one.entity, one.row, one.score);
          const changed = JSON.stringify(expected()) !== JSON.stringify(before);
          if (changed) expect(admitted).toBe(true);
          expect(topK.ranked()).toEqual(expected());
          expect(topK.cutoff()).toBe(
            best.size < limit ? 0.3 : (expected().at(-1)?.score ?? Number.POSITIVE_INFINITY),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
