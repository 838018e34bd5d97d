import { mkdtempSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { type Caption, createRandom, goldId } from "../../../src/core/index.js";
import { captionFromWire, entityFromWire } from "../../../src/formats/index.js";
import { loadModel } from "../../../src/models/registry.js";
import { chooseStrength } from "../../../src/training/adapt/choose-strength.js";
import { adapt, isImproved, saveAdapted } from "../../../src/training/adapt/index.js";
import { splitCaptions } from "../../../src/training/adapt/split.js";
import { NAMESAKES, REVIEWED } from "./namesakes.js";

const folder = mkdtempSync(join(tmpdir(), "mmel-adapt-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("chooseStrength", () => {
  /** Fits the mean of noisy values with a penalty on its distance from 0. */
  const chosen = (mean: number, items = 60, signal?: AbortSignal): Promise<number> => {
    const random = createRandom("values");
    const values = Array.from({ length: items }, () => mean + random.next() - 0.5);
    return chooseStrength<number>({
      signal,
      strengths: [1, 10, 1000, Infinity],
      items,
      folds: 5,
      margin: 1,
      foldOf: (item) => item % 5,
      fitTo: (strength, use) => {
        const used = values.filter((_, item) => use(item));
        return used.reduce((sum, value) => sum + value, 0) / (used.length + strength);
      },
      lossOf: (fitted, item) => (values[item]! - fitted) ** 2,
    });
  };

  it("chooses a weak penalty if the items agree, and the strongest if there is nothing to learn", async () => {
    expect(await chosen(2)).toBe(1);
    expect(await chosen(0)).toBe(Infinity);
  });

  it("stops when the signal fires while it works", async () => {
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    await expect(chosen(2, 60, controller.signal)).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("splitCaptions", () => {
  it("keeps the captions of an entity together, in parts of about the requested sizes", () => {
    const captions = fc.array(fc.option(fc.nat(30), { nil: undefined }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(captions, fc.nat(), (ids, seed) => {
        const given = ids.map(
          (id, index): Caption => ({
            id: `${index}`,
            text: "A",
            mentions: [
              { text: "A", gold: id === undefined ? { kind: "nil" } : { kind: "entity", id: `E${id}` } },
            ],
          }),
        );
        const parts = splitCaptions(given, [0.7, 0.3], `${seed}`);
        const partOf = new Map<string, number>();
        given.forEach(({ mentions }, index) => {
          const id = goldId(mentions[0]!);
          if (id === undefined) return;
          expect(partOf.get(id) ?? parts[index]).toBe(parts[index]);
          partOf.set(id, parts[index]!);
        });
        expect(parts).toEqual(splitCaptions(given, [0.7, 0.3], `${seed}`));
        expect(parts.every((part) => part === 0 || part === 1)).toBe(true);
      }),
    );
  });
});

const KB = NAMESAKES.map(entityFromWire);
const captions = REVIEWED.map((caption) => captionFromWire(caption));

describe("adapt", () => {
  it("learns what the captions have in common, and the written model gives the same links", async () => {
    const adapted = await adapt(captions, { kb: KB, model: "lexical" });
    expect(adapted.captions).toEqual({ fitted: 28, heldBack: 12 });
    const { correct, logLoss } = adapted.comparison;
    expect(correct).toMatchObject({ before: 0, after: 1, interval95: [1, 1] });
    expect(logLoss.interval95![1]).toBeLessThan(0);
    expect(isImproved(adapted.comparison)).toBe(true);
    expect(isImproved({ correct, logLoss: { ...logLoss, difference: 0.1 } })).toBe(false);
    expect(isImproved({ correct: { ...correct, difference: -0.1 }, logLoss })).toBe(false);

    const output = join(folder, "adapted");
    await saveAdapted(adapted, output);
    await using model = await loadModel(output); // the calibration fits the weights
    expect(model.calibration?.coverage).toBe(adapted.fitted.coverage);
    const weights = JSON.parse(readFileSync(join(output, "weights.json"), "utf8"));
    const bundled = JSON.parse(readFileSync("models/lexical/weights.json", "utf8"));
    expect(weights).toMatchObject({
      adaptedFrom: expect.stringMatching(/^[0-9a-f]{12}$/),
      pair: bundled.pair,
      temperature: bundled.temperature,
    });
    expect(weights.candidate["prior/popularity"]).toBeLessThan(bundled.candidate["prior/popularity"]);

    await saveAdapted(adapted, output); // replaces the model
    await writeFile(join(output, "notes.txt"), "mine");
    await expect(saveAdapted(adapted, output)).rejects.toMatchObject({ code: "FILE_UNWRITABLE" });
  });

  it("does not change a model that is right already", async () => {
    const known = captions.map(
      (caption, index): Caption => ({
        ...caption,
        mentions: caption.mentions.map((one) => ({ ...one, gold: { kind: "entity", id: `known${index}` } })),
      }),
    );
    const { comparison } = await adapt(known, { kb: KB, model: "lexical" });
    expect(comparison.correct.before).toBe(1);
    expect(comparison.correct.after).toBe(1);
  });

  it("needs 20 captions with gold annotations", async () => {
    await expect(adapt(captions.slice(0, 19), { kb: KB, model: "lexical" })).rejects.toMatchObject({
      code: "CONFIG",
      message: expect.stringMatching(/at least 20 captions/),
    });
  });
});
