import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import {
  calibrated,
  createCalibration,
  EVIDENCE,
  type FittedCalibration,
} from "../../../src/models/calibration/index.js";
import type { RankedEvidence } from "../../../src/models/model.js";
import { toyModel } from "../../linker/fixtures.js";
import { candidate } from "../../ranking/fixtures.js";

const unit = fc.double({ min: 1e-9, max: 1, noNaN: true });
const evidence: fc.Arbitrary<RankedEvidence> = fc
  .record({
    m: unit,
    scored: fc.boolean(),
    collaborative: unit,
    name: unit,
    strength: fc.double({ min: -50, max: 50, noNaN: true }),
  })
  .map(({ m, scored, collaborative, name, strength }) => ({
    candidate: candidate("e", name),
    ...(scored && { match: m }),
    collaborative,
    score: scored ? m + collaborative : m - 1,
    strength,
  }));
const weight = fc.double({ min: -3, max: 3, noNaN: true });
const fitted = fc.record({
  sharpness: fc.double({ min: 0.1, max: 3, noNaN: true }),
  collaborative: fc.double({ min: 0, max: 3, noNaN: true }),
  nil: fc.record(Object.fromEntries(EVIDENCE.map((name) => [name, weight]))) as fc.Arbitrary<
    FittedCalibration["nil"]
  >,
});

describe("createCalibration", () => {
  it("gives candidates and NIL probabilities that sum to 1", () => {
    fc.assert(
      fc.property(fc.array(evidence, { maxLength: 20 }), fitted, (ranked, parameters) => {
        const { candidates, nil } = createCalibration(parameters)(ranked);
        expect(candidates.length).toBe(ranked.length);
        expect(candidates.reduce((sum, p) => sum + p, nil)).toBeCloseTo(1, 9);
        for (const p of [...candidates, nil]) expect(p).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("orders candidates by m if there is no collaborative term", () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 2, maxLength: 9 }), fitted, (ms, parameters) => {
        const ranked = ms
          .toSorted((a, b) => b - a)
          .map((m) => ({ candidate: candidate("e"), match: m, collaborative: 0, score: m }));
        const { candidates } = createCalibration(parameters)(ranked);
        candidates.slice(1).forEach((p, at) => {
          expect(p).toBeLessThanOrEqual(candidates[at]! + 1e-12);
        });
      }),
    );
  });
});

describe("the calibration in a model folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "mmel-calibration-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const model = toyModel();
  const content: FittedCalibration = {
    format: "mmel-calibration-1",
    model: model.hash,
    sharpness: 1,
    collaborative: 0,
    nil: Object.fromEntries(EVIDENCE.map((name) => [name, 0])) as FittedCalibration["nil"],
  };
  const put = (json: unknown) => writeFileSync(join(folder, "calibration.json"), JSON.stringify(json));

  it("is optional: without it the model is unchanged", async () => {
    expect(await calibrated(model, folder)).toBe(model);
  });

  it("is added to the model and included in the hash, except for its figures", async () => {
    put(content);
    const once = await calibrated(model, folder);
    expect(once.hash).not.toBe(model.hash);
    expect(once.calibration!.probabilities!([]).nil).toBe(1);
    put({ ...content, measured: { ece: 0.01 } });
    expect((await calibrated(model, folder)).hash).toBe(once.hash);
    put({ ...content, sharpness: 2 });
    expect((await calibrated(model, folder)).hash).not.toBe(once.hash);
  });

  it.each([
    ["another model's calibration", { ...content, model: "0123" }, /fitted to model 0123/],
    ["an incomplete file", { format: "mmel-calibration-1" }, /calibration/],
    ["missing evidence", { ...content, nil: { constant: 1 } }, /calibration/],
  ])("rejects %s", async (_, json, message) => {
    put(json);
    await expect(calibrated(model, folder)).rejects.toMatchObject({
      code: "MODEL_DAMAGED",
      message: expect.stringMatching(message),
    });
  });
});
