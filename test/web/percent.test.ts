import { describe, expect, it } from "vitest";
import { percent } from "../../web/src/components/candidate-row.js";

describe("percent", () => {
  it("shows 100% and 0% only for exactly 1 and 0", () => {
    for (const probability of [0.995, 0.9951, 0.9999, 1 - Number.EPSILON])
      expect(percent(probability)).toBe(">99%");
    for (const probability of [0.0049, 0.0001, Number.MIN_VALUE]) expect(percent(probability)).toBe("<1%");
    expect([1, 0].map(percent)).toEqual(["100%", "0%"]);
  });

  it("rounds other probabilities to whole percentages", () => {
    expect([0.005, 0.5, 0.994, 0.9949].map(percent)).toEqual(["1%", "50%", "99%", "99%"]);
  });
});
