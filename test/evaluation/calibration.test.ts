import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calibrationFigures, type Prediction } from "../../src/evaluation/calibration.js";

const prediction: fc.Arbitrary<Prediction> = fc.record({
  probability: fc.double({ min: 0, max: 1, noNaN: true }),
  correct: fc.boolean(),
});

const many = (count: number, probability: number, right: number): Prediction[] =>
  Array.from({ length: count }, (_, at) => ({ probability, correct: at < right }));

describe("calibrationFigures", () => {
  it("returns figures in [0, 1] that do not depend on the order, and counts each prediction in one bin", () => {
    fc.assert(
      fc.property(fc.array(prediction, { minLength: 1, maxLength: 60 }), (all) => {
        const { ece, brier, coverageAt95, accuracy, bins } = calibrationFigures(all)!;
        for (const figure of [ece, brier, coverageAt95, accuracy]) {
          expect(figure).toBeGreaterThanOrEqual(0);
          expect(figure).toBeLessThanOrEqual(1);
        }
        expect(bins.reduce((sum, bin) => sum + bin.predictions, 0)).toBe(all.length);
        const turned = calibrationFigures(all.toReversed())!;
        expect(turned.coverageAt95).toBe(coverageAt95);
        expect(turned.ece).toBeCloseTo(ece, 12);
      }),
    );
  });

  it("returns no error for accurate probabilities, and the probability itself for one that is always wrong", () => {
    expect(calibrationFigures([...many(10, 0.7, 7), ...many(4, 0.25, 1)])!.ece).toBeCloseTo(0, 12);
    expect(calibrationFigures(many(5, 0.9, 0))).toMatchObject({ accuracy: 0, coverageAt95: 0 });
    expect(calibrationFigures(many(5, 0.9, 0))!.ece).toBeCloseTo(0.9, 12);
    expect(calibrationFigures(many(5, 0.9, 0))!.brier).toBeCloseTo(0.81, 12);
    expect(calibrationFigures([])).toBeUndefined();
  });

  it("covers the most probable predictions of which 95 % are right, counting equal ones together", () => {
    expect(calibrationFigures([...many(40, 0.9, 39), ...many(10, 0.5, 5)])!.coverageAt95).toBe(0.8);
    expect(calibrationFigures([...many(2, 0.9, 1), ...many(38, 0.8, 38)])!.coverageAt95).toBe(1);
    expect(calibrationFigures(many(20, 0.6, 18))!.coverageAt95).toBe(0);
  });
});
