import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVectorCache } from "../../src/pictures/features.js";

type Entry = readonly [key: string, vectors: Float32Array];

describe("createVectorCache", () => {
  it("keeps the vectors used last within its bound, and always those set last", () => {
    const keys = fc.constantFrom(..."abcdefgh");
    const steps = fc.array(fc.tuple(keys, fc.option(fc.integer({ min: 1, max: 15 }))), { maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), steps, (maxValues, all) => {
        const cache = createVectorCache(maxValues);
        let expected: Entry[] = []; // used last first
        for (const [key, length] of all) {
          const known = expected.find(([other]) => other === key)?.[1];
          const vectors = length === null ? known : new Float32Array(length);
          if (length === null) expect(cache.get(key)).toBe(known);
          else cache.set(key, vectors);
          if (vectors === undefined) continue;
          const rest = expected.filter(([other]) => other !== key);
          expected = [[key, vectors]];
          for (const entry of rest) {
            const values = [...expected, entry].reduce((sum, [, { length: size }]) => sum + size, 0);
            if (values > maxValues) break;
            expected.push(entry);
          }
        }
        for (const [key, vectors] of expected) expect(cache.get(key)).toBe(vectors);
        expect([..."abcdefgh"].filter((key) => cache.get(key) !== undefined)).toHaveLength(expected.length);
      }),
    );
  });

  it("keeps empty vectors", () => {
    const cache = createVectorCache(4);
    const empty = new Float32Array(0);
    cache.set("a", empty);
    expect(cache.get("a")).toBe(empty);
  });
});
