import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src/core/index.js";
import { createCalibration, estimateCoverage, withCoverage } from "../../../src/models/calibration/index.js";
import { toyModel } from "../../linker/fixtures.js";

/**
 * Draws probabilities of NIL that are correct for a coverage of 0.5, for mentions of a knowledge base with another coverage.
 * The log-odds of NIL have the density N(−s²/2, s²) for linked mentions and N(s²/2, s²) for NIL mentions, so that the odds
 * equal the likelihood ratio.
 */
function drawn(coverage: number, count: number, seed: number, s = 2.5): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const isNil = random.next() >= coverage;
    const logOdds = (isNil ? 1 : -1) * (s * s) * 0.5 + s * random.normal();
    return 1 / (1 + Math.exp(-logOdds));
  });
}

describe("estimateCoverage", () => {
  it.each([0.1, 0.3, 0.5, 0.8, 0.98])("recovers a coverage of %s", (coverage) => {
    expect(estimateCoverage(drawn(coverage, 20_000, 1)).coverage).toBeCloseTo(coverage, 1.7);
  });

  it("gives an interval that contains the true coverage in about 95 of 100 samples", () => {
    const hits = Array.from({ length: 100 }, (_, seed) => {
      const [low, high] = estimateCoverage(drawn(0.6, 300, seed)).interval95;
      return low <= 0.6 && high >= 0.6;
    }).filter(Boolean).length;
    expect(hits).toBeGreaterThanOrEqual(88);
    expect(hits).toBeLessThanOrEqual(100);
  });

  it("does not depend on the order of the mentions", () => {
    const nil = drawn(0.4, 400, 3);
    fc.assert(
      fc.property(fc.shuffledSubarray(nil, { minLength: nil.length }), (shuffled) => {
        expect(estimateCoverage(shuffled).coverage).toBeCloseTo(estimateCoverage(nil).coverage, 3);
      }),
      { numRuns: 20 },
    );
  });

  it("never excludes NIL or links, even if all mentions are certain", () => {
    expect(estimateCoverage(Array(200).fill(1)).coverage).toBeCloseTo(1 / 202, 4);
    expect(estimateCoverage(Array(200).fill(0)).coverage).toBeCloseTo(201 / 202, 4);
  });

  it("rejects fewer than 200 mentions", () => {
    expect(() => estimateCoverage(drawn(0.5, 199, 1))).toThrowError(
      expect.objectContaining({ code: "CONFIG", message: expect.stringMatching(/only 199 mentions.*200/) }),
    );
  });
});

describe("withCoverage", () => {
  const parameters = { sharpness: 1, collaborative: 0, nil: {} as never };
  const model = toyModel({ calibration: createCalibration(parameters, 0.8) });

  it("changes the hash of the model with the coverage", () => {
    const hashes = [0.2, 0.3, 1].map((coverage) => withCoverage(model, coverage).hash);
    expect(new Set([...hashes, model.hash]).size).toBe(4);
    expect(withCoverage(model, 0.2).hash).toBe(hashes[0]);
    expect(withCoverage(model, 0.2).calibration?.coverage).toBe(0.2);
  });

  it("returns the same model for the coverage that its calibration assumes", () => {
    expect(withCoverage(model, 0.8)).toBe(model);
  });

  it("rejects a coverage outside (0, 1] and a model without calibration", () => {
    for (const coverage of [0, 1.5, Number.NaN])
      expect(() => withCoverage(model, coverage)).toThrowError(expect.objectContaining({ code: "CONFIG" }));
    expect(() => withCoverage(toyModel(), 0.5)).toThrowError(
      expect.objectContaining({ code: "CONFIG", message: expect.stringMatching(/not calibrated/) }),
    );
  });
});
