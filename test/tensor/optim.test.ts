import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accumulate,
  accumulateRows,
  adamW,
  allocate,
  clipFactor,
  globalNorm,
  linearSchedule,
} from "../../src/tensor/optim.js";

interface Pair {
  readonly matrix: readonly number[];
  readonly vector: readonly number[];
}
/** Written by test/reference/optim.py. */
interface Reference {
  readonly warmup: number;
  readonly total: number;
  readonly peak: number;
  readonly decay: number;
  readonly clip: number;
  readonly start: Pair;
  readonly steps: readonly { gradients: Pair; norm: number; rate: number; after: Pair }[];
}
const reference: Reference = JSON.parse(
  readFileSync(new URL("../reference/optim.json", import.meta.url), "utf8"),
);

const NAMES = ["matrix", "vector"] as const;
const SIZES = new Map([
  ["matrix", 6],
  ["vector", 3],
]);

it("matches PyTorch step by step with schedule, clipping and AdamW", () => {
  const [weights, gradients, first, second] = [SIZES, SIZES, SIZES, SIZES].map(allocate);
  for (const name of NAMES) weights!.views.get(name)!.set(reference.start[name]);
  reference.steps.forEach((expected, at) => {
    for (const name of NAMES) gradients!.views.get(name)!.set(expected.gradients[name]);
    const norm = globalNorm(gradients!.data);
    const learningRate = linearSchedule(reference, at);
    expect(norm).toBeCloseTo(expected.norm, 6);
    expect(learningRate).toBeCloseTo(expected.rate, 12);
    for (const name of NAMES) {
      adamW(
        {
          weights: weights!.views.get(name)!,
          gradients: gradients!.views.get(name)!,
          firstMoments: first!.views.get(name)!,
          secondMoments: second!.views.get(name)!,
        },
        {
          learningRate,
          weightDecay: name === "matrix" ? reference.decay : 0,
          gradientScale: clipFactor(norm, reference.clip),
          step: at + 1,
        },
      );
      weights!.views.get(name)!.forEach((w, i) => {
        expect(Math.abs(w - expected.after[name][i]!)).toBeLessThan(1e-6);
      });
    }
  });
});

it("makes the first AdamW update w - lr (decay w + sign of g)", () => {
  const weights = Float32Array.of(1, -2);
  const gradients = Float32Array.of(0.5, -4);
  adamW(
    { weights, gradients, firstMoments: new Float32Array(2), secondMoments: new Float32Array(2) },
    { learningRate: 0.1, weightDecay: 0.5, step: 1 },
  );
  expect(weights[0]).toBeCloseTo(1 - 0.1 * (0.5 * 1 + 1), 6);
  expect(weights[1]).toBeCloseTo(-2 - 0.1 * (0.5 * -2 - 1), 6);
});

describe("laws of the optimiser", () => {
  const floats = fc.array(fc.float({ noNaN: true, min: -100, max: 100 }), { minLength: 1, maxLength: 20 });

  it("clips a gradient to the bound, and leaves shorter ones unchanged", () => {
    fc.assert(
      fc.property(floats, fc.double({ min: 0.01, max: 50, noNaN: true }), (elements, bound) => {
        const norm = globalNorm(Float32Array.from(elements));
        const factor = clipFactor(norm, bound);
        expect(norm * factor).toBeLessThanOrEqual(bound);
        if (norm < bound - 1e-5) expect(factor).toBe(1);
      }),
    );
    expect(clipFactor(7, Number.POSITIVE_INFINITY)).toBe(1);
  });

  it("accumulates rows like the dense gradient that they represent", () => {
    const row = fc.tuple(
      fc.integer({ min: -5, max: 4 }),
      fc.integer({ min: -9, max: 9 }),
      fc.integer({ min: -9, max: 9 }),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (parts) => {
        const dense = new Float32Array(10);
        for (const [at, a, b] of parts) {
          const row = at < 0 ? at + 5 : at;
          dense[2 * row]! += a;
          dense[2 * row + 1]! += b;
        }
        const [byRows, byDense] = [new Float32Array(10).fill(1), new Float32Array(10).fill(1)];
        const indices = BigInt64Array.from(parts, ([at]) => BigInt(at));
        accumulateRows(byRows, indices, Float32Array.from(parts.flatMap(([, a, b]) => [a, b])), 0.5);
        accumulate(byDense, dense, 0.5);
        expect(byRows).toEqual(byDense);
      }),
    );
  });

  it("returns a norm that is not finite if an element is not", () => {
    expect(globalNorm(Float32Array.of(1, Number.NaN))).toBeNaN();
    expect(globalNorm(Float32Array.of(1, Number.NEGATIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY);
    expect(globalNorm(Float32Array.of(3e38, 3e38))).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  it("schedules a rate that rises from 0 to the peak after the warm-up and falls to 0", () => {
    const schedule = { peak: 2, warmup: 4, total: 10 };
    const rates = Array.from({ length: 13 }, (_, step) => linearSchedule(schedule, step));
    expect(rates).toEqual([0, 0.5, 1, 1.5, 2, 10, 8, 6, 4, 2, 0, 0, 0].map((r, at) => (at < 5 ? r : r / 6)));
    expect(linearSchedule({ peak: 1, warmup: 0, total: 0 }, 0)).toBe(0);
  });

  it("allocates views that share one buffer, one after another", () => {
    const { data, views } = allocate(SIZES);
    views.get("vector")!.fill(7);
    expect([...data]).toEqual([0, 0, 0, 0, 0, 0, 7, 7, 7]);
  });
});
