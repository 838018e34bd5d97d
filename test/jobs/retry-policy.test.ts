import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stretchesOf, treatmentOf } from "../../src/jobs/work/retry-policy.js";

describe("a piece that fails", () => {
  it("is cut into stretches that cover it, once each, in order", () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 64 }),
        (first, size, most) => {
          const stretches = stretchesOf(first, size, most);
          const places = stretches.flatMap((one) =>
            Array.from({ length: one.size }, (_, at) => one.first + at),
          );
          expect(places).toEqual(Array.from({ length: size }, (_, at) => first + at));
          expect(Math.max(...stretches.map((one) => one.size))).toBeLessThanOrEqual(most);
        },
      ),
    );
  });

  it.each([1, 2, 32, 33, 1000, 5000])(
    "of %i captions costs its other captions nothing, and a bad one few tries",
    (size) => {
      let tries = 0;
      let now = size;
      let failures = 0;
      for (;;) {
        const treatment = treatmentOf({ size: now, failures });
        if (treatment.kind === "set-aside") break;
        if (treatment.kind !== "split") {
          tries += 1;
          failures += 1;
        } else {
          expect(treatment.size).toBeLessThan(now);
          now = treatment.size;
          failures = 0;
        }
      }
      expect(now).toBe(1);
      expect(tries).toBeLessThanOrEqual(7);
    },
  );
});
