import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src/core/index.js";
import type { Ranked } from "../../../src/ranking/index.js";
import { crossFit } from "../../../src/training/calibration/cross-fit.js";
import { fitCalibration, type Observed } from "../../../src/training/calibration/fit-calibration.js";
import { candidate } from "../../ranking/fixtures.js";

const SHARPNESS = 0.6;

/** Random mentions: gold is drawn from m ^ SHARPNESS, normalised; NIL mentions have lower name scores. */
function drawn(count: number, nilShare: number, seed: number): Observed[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, caption) => {
    const powers = Array.from({ length: 4 }, () => Math.exp(4 * random.next()));
    const total = powers.reduce((sum, power) => sum + power, 0);
    const isNil = random.next() < nilShare;
    const name = isNil ? 0.6 * random.next() : 0.4 + 0.6 * random.next();
    const ranked = powers
      .map((power) => power / total)
      .sort((a, b) => b - a)
      .map(
        (m, at): Ranked => ({
          candidate: candidate(`e${at}`, name),
          match: m,
          collaborative: 0,
          score: m,
          independentRank: at + 1,
        }),
      );
    const soft = ranked.map(({ match }) => match! ** SHARPNESS);
    let left = random.next() * soft.reduce((sum, share) => sum + share, 0);
    const gold = soft.findIndex((share) => {
      left -= share;
      return left <= 0;
    });
    return { caption, ranked, gold: isNil ? -1 : gold };
  });
}

describe("fitCalibration", () => {
  it("recovers the sharpness of the sample, and that a low name score is evidence for NIL", () => {
    const fitted = fitCalibration(drawn(4000, 0.3, 1));
    expect(fitted.sharpness).toBeGreaterThan(SHARPNESS - 0.08);
    expect(fitted.sharpness).toBeLessThan(SHARPNESS + 0.08);
    expect(fitted.collaborative).toBe(0); // every collaborative term is 0
    expect(fitted.nil["name score"] + fitted.nil["best name score"]).toBeLessThan(-3);
  });
});

describe("crossFit", () => {
  const settings = { full: drawn(1500, 0, 2), hidden: drawn(1500, 0.3, 3) };
  const figures = crossFit(settings, { folds: 5, seed: 1 });

  it("reports calibrated probabilities and finds NIL better than chance", () => {
    expect(figures.hidden!.ece).toBeLessThan(0.05);
    expect(figures.hidden!.nil.mentions).toBe(settings.hidden.filter(({ gold }) => gold === -1).length);
    expect(figures.hidden!.nil.f1).toBeGreaterThan(0.7);
    expect(figures.full!.nil).toEqual({ mentions: 0, f1: null });
  });

  it("evaluates each mention once", () => {
    expect(figures.full!.predictions).toBe(1500);
    expect(crossFit({ only: settings.hidden.slice(0, 10) }, { folds: 5, seed: 1 }).only!.predictions).toBe(
      10,
    );
  });

  it("is deterministic given the seed", () => {
    expect(crossFit(settings, { folds: 5, seed: 1 })).toEqual(figures);
    expect(crossFit(settings, { folds: 5, seed: 2 }).full!.ece).not.toBe(figures.full!.ece);
  });
});
