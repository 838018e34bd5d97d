import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_UNITS, Pattern } from "../../src/candidates/pattern.js";
import { createTextIndex } from "../../src/candidates/text-index.js";
import { naive } from "./reference.js";

// š has the same low byte as a.
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

describe("createTextIndex", () => {
  it("finds exactly the texts whose likeness with the pattern is high enough", () => {
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

  it("compares texts of the maximum length, and truncates a longer pattern", () => {
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
