import { describe, expect, it } from "vitest";
import { type Caption, createRandom, type EntityInput } from "../../../src/core/index.js";
import { createCalibration, EVIDENCE, EVIDENCE_PRIORS } from "../../../src/models/calibration/index.js";
import { isBetter } from "../../../src/training/calibration/calibrate.js";
import { crossFit } from "../../../src/training/calibration/cross-fit.js";
import { fitCalibration, type Observed } from "../../../src/training/calibration/fit-calibration.js";
import {
  type CalibrateOptions,
  calibrate,
  estimateFromCaptions,
} from "../../../src/training/calibration/index.js";
import { toyModel } from "../../linker/fixtures.js";

const SHARPNESS = 0.6;
const SLOPE = 12;
const NAME_SCORE = EVIDENCE.indexOf("name score");
const RARE = EVIDENCE.indexOf("other generation");

/**
 * Random mentions: gold is drawn from m ^ SHARPNESS, normalised. The name score x has the density ∝ exp(SLOPE · x / 2), and
 * for NIL mentions ∝ exp(−SLOPE · x / 2), so the logit of NIL falls with slope SLOPE.
 */
function drawn(count: number, nilShare: number, seed: number): Observed[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, caption) => {
    const powers = Array.from({ length: 4 }, () => Math.exp(4 * random.next()));
    const total = powers.reduce((sum, power) => sum + power, 0);
    const isNil = random.next() < nilShare;
    const linkedName = Math.log(1 + random.next() * Math.expm1(SLOPE / 2)) / (SLOPE / 2);
    const name = isNil ? 1 - linkedName : linkedName;
    const shares = powers.map((power) => power / total).sort((a, b) => b - a);
    const soft = shares.map((share) => share ** SHARPNESS);
    let left = random.next() * soft.reduce((sum, share) => sum + share, 0);
    const gold = soft.findIndex((share) => {
      left -= share;
      return left <= 0;
    });
    const nil = EVIDENCE.map((_, index) => (index === 0 ? 1 : index === NAME_SCORE ? name : 0));
    const evidence = { nil, logShares: shares.map(Math.log), terms: shares.map(() => 0) };
    return { caption, isCopy: false, coverage: 1 - nilShare, evidence, gold: isNil ? -1 : gold };
  });
}

describe("fitCalibration", () => {
  it("recovers the sharpness of the sample, and that a low name score is evidence for NIL", () => {
    const fitted = fitCalibration(drawn(4000, 0.3, 1));
    expect(fitted.sharpness).toBeGreaterThan(SHARPNESS - 0.08);
    expect(fitted.sharpness).toBeLessThan(SHARPNESS + 0.08);
    expect(fitted.collaborative).toBe(0); // every collaborative term is 0
    expect(fitted.nil["name score"]).toBeGreaterThan(-SLOPE - 2);
    expect(fitted.nil["name score"]).toBeLessThan(-SLOPE + 2);
  });

  it("keeps the weight of evidence that no mention has", () => {
    expect(fitCalibration(drawn(500, 0.3, 1)).nil["other generation"]).toBeCloseTo(
      EVIDENCE_PRIORS[RARE]!.weight,
      4,
    );
  });

  it("never gives a contradiction a negative weight", () => {
    const misleading = drawn(1000, 0.3, 1).map((mention) => ({
      ...mention,
      evidence: {
        ...mention.evidence!,
        nil: mention.evidence!.nil.map((value, index) =>
          index === RARE ? Number(mention.gold !== -1) : value,
        ),
      },
    }));
    expect(fitCalibration(misleading).nil["other generation"]).toBe(0);
  });

  it("gives the same weights for samples that differ only in the share of NIL mentions", () => {
    const [few, many] = [0.1, 0.7].map((share) => fitCalibration(drawn(6000, share, 4)).nil);
    const logit = ({ constant, "name score": slope }: typeof few & object, name: number) =>
      constant + slope * name;
    for (const name of [0.42, 0.5, 0.58])
      expect(Math.abs(logit(few!, name) - logit(many!, name))).toBeLessThan(0.7);
  });
});

describe("crossFit", () => {
  const settings = [drawn(1500, 0, 2), drawn(1500, 0.3, 3)];
  const options = { folds: 5, seed: 1, defaultCoverage: 0.8 };
  const [full, hidden] = crossFit(settings, options).settings;

  it("reports calibrated probabilities and finds NIL better than chance", () => {
    expect(hidden!.ece).toBeLessThan(0.05);
    expect(hidden!.coverage).toBe(0.7);
    expect(hidden!.nil.mentions).toBe(settings[1]!.filter(({ gold }) => gold === -1).length);
    expect(hidden!.nil.f1).toBeGreaterThan(0.7);
    expect(full!.nil).toEqual({ mentions: 0, f1: null });
  });

  it("evaluates each mention once, but no copies", () => {
    expect(full!.predictions).toBe(1500);
    const copies = settings[1]!.map((mention) => ({ ...mention, isCopy: true }));
    expect(crossFit([[...settings[1]!, ...copies]], options).settings[0]!.predictions).toBe(1500);
    expect(crossFit([settings[1]!.slice(0, 10)], options).settings[0]!.predictions).toBe(10);
  });

  it("compares with an earlier calibration over the same mentions", () => {
    const fitted = { ...fitCalibration(settings.flat()), coverage: 0.8 };
    const worse = { ...fitted, sharpness: 3 };
    const { settings: figures, comparison } = crossFit(settings, { ...options, before: worse });
    expect(figures[0]!.before!.predictions).toBe(1500);
    expect(figures[0]!.before!.ece).toBeGreaterThan(figures[0]!.ece);
    expect(comparison!.logLoss.mentions).toBe(3000);
    expect(comparison!.logLoss.interval95![1]).toBeLessThan(0);
    expect(isBetter(comparison)).toBe(true);
    const same = crossFit(settings, { ...options, before: fitted }).comparison!;
    expect(isBetter(same)).toBe(false); // fitted to the captions that it is compared on
    expect(Math.abs(same.logLoss.difference)).toBeLessThan(0.01);
    expect(isBetter(undefined)).toBe(false);
    const { logLoss } = comparison!;
    expect(isBetter({ logLoss, calibrationError: { before: 0.01, after: 0.02 } })).toBe(false);
  });

  it("is deterministic given the seed", () => {
    expect(crossFit(settings, options).settings).toEqual([full, hidden]);
    expect(crossFit(settings, { ...options, seed: 2 }).settings[0]!.ece).not.toBe(full!.ece);
  });
});

/** Invented people: each full name belongs to one of them. */
const GIVEN = ["Ada", "Bruno", "Clio", "Dario", "Edda", "Falk", "Greta", "Hugo", "Ines", "Jonas"];
const FAMILY = ["Quill", "Thorne", "Vance", "Marlow", "Pell", "Rook", "Sable", "Tarn"];
const PEOPLE = GIVEN.flatMap((given, i) =>
  FAMILY.map((family, j) => ({ id: `E${i * 8 + j}`, label: `${given} ${family}` })),
);
const KB: EntityInput[] = PEOPLE;
const captions: Caption[] = PEOPLE.flatMap(({ id, label }, index) =>
  ["at home", "in 1930", "on stage"].map((place) => ({
    id: `${index} ${place}`,
    text: `${label} ${place}`,
    mentions: [{ text: label, span: { start: 0, end: label.length }, gold: { kind: "entity", id } }],
  })),
);

describe("calibrate", () => {
  it("fits to the full and to reduced knowledge bases, and to copies with rewritten names", async () => {
    const ranked: number[] = [];
    const { fitted, figures } = await calibrate(captions, {
      kb: KB,
      model: toyModel(),
      hide: [0.2, 0.9],
      onProgress: (done, total) => {
        ranked.push(done);
        expect(total).toBeGreaterThan(3 * 1.9 * captions.length);
      },
    });
    expect(ranked.length).toBeGreaterThan(3 * 1.9 * captions.length);
    expect(figures.map(({ hide, predictions }) => [hide, predictions])).toEqual(
      [0, 0.2, 0.9].map((hide) => [hide, captions.length]),
    );
    expect(figures[0]!.coverage).toBe(1);
    expect(figures[1]!.coverage).toBeLessThan(0.95);
    expect(figures[2]!.coverage).toBeLessThan(0.4);
    for (const { accuracy } of figures) expect(accuracy).toBeGreaterThan(0.95);
    expect(fitted).toMatchObject({ format: "mmel-calibration-2", model: "1", coverage: 0.7 });
  });
});

describe("calibrate with a calibration before", () => {
  const some = captions.filter((_, index) => index % 4 === 0);
  const run = (given: readonly Caption[], options: Partial<CalibrateOptions> = {}) =>
    calibrate(given, { kb: KB, model: toyModel(), hide: [0.5], variations: false, ...options });
  const nilled = some.map(
    (caption, index): Caption =>
      index % 3 > 0
        ? caption
        : { ...caption, mentions: caption.mentions.map((one) => ({ ...one, gold: { kind: "nil" } })) },
  );

  it("keeps a calibration that was fitted to the same captions", async () => {
    const first = await run(some);
    expect(first).toMatchObject({ change: "calibration", coverage: { value: 0.7, source: "default" } });
    const again = await run(some, { before: first.fitted });
    expect(again).toMatchObject({ change: "none", coverage: { source: "before" } });
    expect(again.fitted).toBe(first.fitted);
  });

  it("replaces a calibration that is clearly worse", async () => {
    const { fitted } = await run(captions);
    const nil = { ...fitted.nil, constant: fitted.nil.constant - 6 };
    const result = await run(captions, { before: { ...fitted, nil } });
    expect(result.change).toBe("calibration");
    expect(result.comparison!.logLoss.difference).toBeLessThan(0);
  });

  it("takes the coverage from NIL annotations, unless the NIL rate is given", async () => {
    const { fitted } = await run(some);
    const estimate = { kb: "kb", mentions: 200, interval95: [0.6, 0.8] as [number, number] };
    const found = await run(nilled, { before: { ...fitted, estimate } });
    expect(found.nilMentions).toBe(20);
    expect(found.coverage).toEqual({ value: 0.6667, source: "gold" });
    expect(found.fitted.coverage).toBe(0.6667);
    expect(found.fitted.estimate).toBeUndefined();
    const given = await run(nilled, { before: fitted, nilRate: 0.1 });
    expect(given.fitted.coverage).toBe(0.9);
    const kept = await run(some, { before: fitted, nilRate: 0.1 });
    expect(kept).toMatchObject({ change: "coverage", fitted: { nil: fitted.nil, coverage: 0.9 } });
  });
});

describe("estimateFromCaptions", () => {
  it("estimates the coverage of a knowledge base without gold annotations", async () => {
    const { fitted } = await calibrate(captions, { kb: KB, model: toyModel() });
    const kept = KB.filter((_, index) => index % 4 === 0);
    const model = toyModel({ calibration: createCalibration(fitted, 0.8) });
    const blind = captions.map(({ mentions, ...caption }) => ({
      ...caption,
      mentions: mentions.map(({ gold: _, ...mention }) => mention),
    }));
    async function* read() {
      yield* blind;
    }
    const { coverage, mentions, interval95 } = await estimateFromCaptions(read(), { kb: kept, model });
    expect(mentions).toBe(captions.length);
    expect(coverage).toBeGreaterThan(0.2);
    expect(coverage).toBeLessThan(0.3);
    expect(interval95[0]).toBeLessThan(coverage);
    expect(interval95[1]).toBeGreaterThan(coverage);
  });
});
