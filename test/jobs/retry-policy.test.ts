import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextStep, splitRange } from "../../src/jobs/work/retry-policy.js";

describe("a job that fails", () => {
  it("is split into consecutive ranges that cover it exactly once", () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 64 }),
        (first, size, most) => {
          const ranges = splitRange(first, size, most);
          const places = ranges.flatMap((one) => Array.from({ length: one.size }, (_, at) => one.first + at));
          expect(places).toEqual(Array.from({ length: size }, (_, at) => first + at));
          expect(Math.max(...ranges.map((one) => one.size))).toBeLessThanOrEqual(most);
        },
      ),
    );
  });

  it.each([1, 2, 32, 33, 1000, 5000])(
    "with %i captions sets aside only the bad caption, after few attempts",
    (size) => {
      let attempts = 0;
      let now = size;
      let failures = 0;
      for (;;) {
        const step = nextStep({ size: now, failures });
        if (step.kind === "set-aside") break;
        if (step.kind !== "split") {
          attempts += 1;
          failures += 1;
        } else {
          expect(step.size).toBeLessThan(now);
          now = step.size;
          failures = 0;
        }
      }
      expect(now).toBe(1);
      expect(attempts).toBeLessThanOrEqual(7);
    },
  );
});
