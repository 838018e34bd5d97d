import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTopK } from "../../src/candidates/top-k.js";

describe("createTopK", () => {
  it("keeps the best entities with their best rows, and admits every score that changes them", () => {
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
