import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import {
  calibrated,
  createCalibration,
  EVIDENCE,
  EVIDENCE_PRIORS,
  type FittedCalibration,
  saveCalibration,
} from "../../../src/models/calibration/index.js";
import type { RankedEvidence } from "../../../src/models/model.js";
import { toyModel } from "../../linker/fixtures.js";
import { candidate } from "../../ranking/fixtures.js";

const NAMES = ["Ada Quill", "Adam Quill", "Dr. Ada Quill Jr.", "Quill", "Бруно Квилл", "Quill Valley"];
const unit = fc.double({ min: 1e-9, max: 1, noNaN: true });
const mention = fc.oneof(fc.constantFrom(...NAMES), fc.string());
const evidence: fc.Arbitrary<RankedEvidence> = fc
  .record({
    m: unit,
    scored: fc.boolean(),
    collaborative: unit,
    label: mention,
    name: unit,
    context: fc.double({ min: -50, max: 50, noNaN: true }),
  })
  .map(({ m, scored, collaborative, label, name, context }) => ({
    candidate: candidate(label, name),
    ...(scored && { match: m }),
    collaborative,
    score: scored ? m + collaborative : m - 1,
    share: m,
    explain: () => ({ "words/near": context }),
  }));
const weight = fc.double({ min: -3, max: 3, noNaN: true });
const fitted = fc.record({
  sharpness: fc.double({ min: 0.1, max: 3, noNaN: true }),
  collaborative: fc.double({ min: 0, max: 3, noNaN: true }),
  nil: fc.record(Object.fromEntries(EVIDENCE.map((name) => [name, weight]))) as fc.Arbitrary<
    FittedCalibration["nil"]
  >,
});
const coverage = fc.double({ min: 0.001, max: 1, noNaN: true });

const PRIORS = {
  sharpness: 1,
  collaborative: 0,
  nil: Object.fromEntries(
    EVIDENCE.map((name, index) => [name, EVIDENCE_PRIORS[index]!.weight]),
  ) as FittedCalibration["nil"],
};

describe("createCalibration", () => {
  it("gives candidates and NIL probabilities that sum to 1", () => {
    fc.assert(
      fc.property(
        mention,
        fc.array(evidence, { maxLength: 20 }),
        fitted,
        coverage,
        (text, ranked, parameters, share) => {
          const { candidates, nil } = createCalibration(parameters, share).probabilities!(text, ranked);
          expect(candidates.length).toBe(ranked.length);
          expect(candidates.reduce((sum, p) => sum + p, nil)).toBeCloseTo(1, 9);
          for (const p of [...candidates, nil]) expect(p).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it("orders candidates by m if there is no collaborative term", () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 2, maxLength: 9 }), fitted, (ms, parameters) => {
        const ranked = ms
          .toSorted((a, b) => b - a)
          .map((m) => ({ candidate: candidate("e"), match: m, collaborative: 0, score: m, share: m }));
        const { candidates } = createCalibration(parameters, 0.5).probabilities!("e", ranked);
        candidates.slice(1).forEach((p, at) => {
          expect(p).toBeLessThanOrEqual(candidates[at]! + 1e-12);
        });
      }),
    );
  });

  it("makes NIL less probable the higher the coverage, by the ratio of the prior odds", () => {
    fc.assert(
      fc.property(
        fc.array(evidence, { minLength: 1, maxLength: 5 }),
        coverage,
        coverage,
        (ranked, first, second) => {
          const [low, high] = [Math.min(first, second), Math.max(first, second)];
          const nilAt = (share: number) =>
            createCalibration(PRIORS, share).probabilities!(NAMES[0]!, ranked).nil;
          expect(nilAt(high)).toBeLessThanOrEqual(nilAt(low));
          expect(nilAt(1)).toBe(0);
          const even = nilAt(0.5);
          const odds = ((1 - low) / low) * (even / (1 - even));
          if (even < 0.999) expect(nilAt(low)).toBeCloseTo(odds / (1 + odds), 6);
        },
      ),
    );
  });

  it("does not depend on the case of the mention", () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.array(evidence, { maxLength: 5 }), (text, ranked) => {
        const { probabilities } = createCalibration(PRIORS, 0.5);
        expect(probabilities!(text.toLowerCase(), ranked)).toEqual(
          probabilities!(text.toUpperCase(), ranked),
        );
      }),
    );
  });

  it.each([0, -0.1, 1.1, Number.NaN])("rejects a coverage of %s", (share) => {
    expect(() => createCalibration(PRIORS, share)).toThrowError(
      expect.objectContaining({ code: "CONFIG", message: expect.stringMatching(/coverage/) }),
    );
  });
});

describe("the probability of NIL", () => {
  const nilOf = (text: string, ...labels: string[]): number => {
    const ranked = labels.map((label, at) => ({
      candidate: candidate(label, 0.9),
      match: at === 0 ? 0.98 : 0.02 / labels.length,
      collaborative: 0,
      score: 1 - at / 10,
      share: at === 0 ? 0.98 : 0.02 / labels.length,
    }));
    return createCalibration(PRIORS, 0.8).probabilities!(text, ranked).nil;
  };

  it.each([
    ["a title", "Dr. Ada Quill"],
    ["another order", "Quill, Ada"],
    ["an initial", "A. Quill"],
    ["capitals", "ADA QUILL"],
    ["a maiden name", "Ada Quill née Thorne"],
    ["a hashtag", "#AdaQuill"],
    ["damaged letters", "AdÃ¡ Quill"],
    ["another script", "Ада Квилл"],
  ])("is low for the complete name with %s", (_, text) => {
    expect(nilOf(text, "Ada Quill")).toBeLessThan(0.5);
  });

  it.each([
    ["given name", "Bruno Quill", "Ada Quill"],
    ["family name", "Ada Thorne", "Ada Quill"],
    ["generation", "John Quill Sr.", "John Quill Jr."],
  ])("is higher if the candidate has another %s", (_, text, label) => {
    expect(nilOf(text, label)).toBeGreaterThan(nilOf(label, label) + 0.3);
  });

  it("is higher for a family name than for the complete name", () => {
    expect(nilOf("Quill", "Ada Quill")).toBeGreaterThan(nilOf("Ada Quill", "Ada Quill"));
  });
});

describe("the calibration in a model folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "mmel-calibration-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const model = toyModel();
  const content: FittedCalibration = {
    ...PRIORS,
    format: "mmel-calibration-2",
    model: model.hash,
    coverage: 0.8,
  };
  const put = (json: unknown) => writeFileSync(join(folder, "calibration.json"), JSON.stringify(json));

  it("is optional: without it the model is unchanged", async () => {
    expect(await calibrated(model, folder)).toBe(model);
  });

  it("is added to the model and included in the hash, except for its figures", async () => {
    put(content);
    const once = await calibrated(model, folder);
    expect(once.hash).not.toBe(model.hash);
    expect(once.calibration!.probabilities!("name", []).nil).toBe(1);
    expect(once.calibration!.coverage).toBe(0.8);
    put({
      ...content,
      measured: { ece: 0.01 },
      estimate: { kb: "k@1", mentions: 300, interval95: [0.7, 0.9] },
    });
    expect((await calibrated(model, folder)).hash).toBe(once.hash);
    for (const changed of [{ sharpness: 2 }, { coverage: 0.3 }]) {
      put({ ...content, ...changed });
      expect((await calibrated(model, folder)).hash).not.toBe(once.hash);
    }
  });

  it.each([
    ["another model's calibration", { ...content, model: "0123" }, /fitted to model 0123/],
    ["an incomplete file", { format: "mmel-calibration-2" }, /calibration/],
    ["missing evidence", { ...content, nil: { constant: 1 } }, /calibration/],
    ["a coverage of 0", { ...content, coverage: 0 }, /coverage/],
  ])("rejects %s", async (_, json, message) => {
    put(json);
    await expect(calibrated(model, folder)).rejects.toMatchObject({
      code: "MODEL_DAMAGED",
      message: expect.stringMatching(message),
    });
  });

  it("rejects a file that is not JSON", async () => {
    writeFileSync(join(folder, "calibration.json"), "{");
    await expect(calibrated(model, folder)).rejects.toMatchObject({ code: "MODEL_DAMAGED" });
  });

  it("says that the copy of a model cannot be written", async () => {
    put(content);
    await expect(
      saveCalibration(content as FittedCalibration, folder, join(folder, "calibration.json", "copy")),
    ).rejects.toMatchObject({ code: "FILE_UNWRITABLE" });
  });

  it("rejects the format of earlier versions, with the command that replaces the file", async () => {
    put({ format: "mmel-calibration-1" });
    await expect(calibrated(model, folder)).rejects.toMatchObject({
      code: "MODEL_UNSUPPORTED",
      message: expect.stringMatching(/mmel calibrate/),
    });
  });
});
