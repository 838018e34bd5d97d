import { describe, expect, it } from "vitest";
import type { Calibration } from "../../src/models/model.js";
import { decide, type Ranked } from "../../src/ranking/index.js";
import { candidate } from "./fixtures.js";

const ranked = (...nameScores: number[]): Ranked[] =>
  nameScores.map((nameScore, at) => ({
    candidate: candidate(`Q${at}`, nameScore),
    match: 0.9 - at / 10,
    collaborative: 0,
    score: 0.9 - at / 10,
    share: 0.9 - at / 10,
    independentRank: at + 1,
  }));
const sure = (nil: number): Calibration => ({
  nameFloor: 0.4,
  probabilities: (_, ranked) => ({ candidates: ranked.map(() => (1 - nil) / ranked.length), nil }),
});
const nil = { outcome: "nil", entity: null };
const first = { outcome: "linked", entity: candidate("Q0").entity };

describe("decide", () => {
  it("links the best-ranked candidate and gives no probability without calibration", () => {
    expect(decide("name", ranked(0.1, 0.9))).toEqual({ ...first, probability: null });
    expect(decide("name", ranked(0.5), { nameFloor: 0.4 })).toEqual({ ...first, probability: null });
  });

  it("returns NIL without candidates and below the floor of the name score", () => {
    expect(decide("name", [])).toEqual({ ...nil, probability: null });
    expect(decide("name", ranked(0.39, 0.3), { nameFloor: 0.4 })).toEqual({ ...nil, probability: null });
    expect(decide("name", ranked(0.4), { nameFloor: 0.4 }).outcome).toBe("linked");
  });

  it("returns NIL if it is more probable than the best candidate, with the probability of the outcome", () => {
    expect(decide("name", ranked(0.9), sure(0.7))).toMatchObject({ ...nil, probability: 0.7 });
    const linked = decide("name", ranked(0.9), sure(0.3));
    expect(linked).toEqual({ ...first, probability: 0.7, nilProbability: 0.3, candidates: [0.7] });
    expect(decide("name", [], sure(1))).toEqual({
      ...nil,
      probability: 1,
      nilProbability: 1,
      candidates: [],
    });
  });

  it("throws for a probability outside [0, 1]", () => {
    expect(() => decide("name", ranked(0.9), sure(Number.NaN))).toThrowError(
      expect.objectContaining({ code: "NOT_A_NUMBER" }),
    );
  });
});
