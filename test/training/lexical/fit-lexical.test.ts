import { describe, expect, it } from "vitest";
import { type CaptionCandidates, createRandom } from "../../../src/core/index.js";
import { FEATURE_NAMES } from "../../../src/models/lexical/features.js";
import { createLexicalModel } from "../../../src/models/lexical/index.js";
import { lbfgs } from "../../../src/training/lbfgs.js";
import { pairObjective } from "../../../src/training/lexical/fit-pairs.js";
import { fitLexical, readLexicalData } from "../../../src/training/lexical/index.js";
import { Choices, fitSoftmax, softmaxObjective } from "../../../src/training/lexical/softmax-regression.js";
import { among, caption, entity } from "../../models/lexical/fixtures.js";

/** Choices among random rows; the right row is drawn from the softmax of these weights. */
function drawn(weights: readonly number[], count: number): Choices {
  const random = createRandom(7);
  const choices = new Choices();
  for (let choice = 0; choice < count; choice++) {
    const rows = Array.from({ length: 2 + random.below(6) }, () => weights.map(() => random.normal()));
    const offsets = rows.map(() => random.normal());
    const powers = rows.map((row, at) =>
      Math.exp(offsets[at]! + row.reduce((sum, value, i) => sum + value * weights[i]!, 0)),
    );
    let left = random.next() * powers.reduce((sum, power) => sum + power, 0);
    const right = powers.findIndex((power) => {
      left -= power;
      return left <= 0;
    });
    rows.forEach((row, at) => {
      choices.addRow(
        { indices: Uint16Array.from(row.keys()), values: Float64Array.from(row), length: row.length },
        offsets[at],
      );
    });
    choices.endChoice(Math.max(0, right));
  }
  return choices;
}

describe("softmax regression", () => {
  const truth = [1.5, -2, 0.5, 0];

  it("has the gradient of finite differences", () => {
    const prior = Float64Array.of(0.3, 0, -1, 2);
    const objective = softmaxObjective(drawn(truth, 40), { l2: 0.7, prior });
    const at = Float64Array.of(0.2, -0.4, 1, 0.1);
    const gradient = new Float64Array(4);
    objective(at, gradient);
    const value = (feature: number, step: number): number =>
      objective(
        at.map((weight, i) => weight + (i === feature ? step : 0)),
        new Float64Array(4),
      );
    for (let feature = 0; feature < 4; feature++)
      expect(gradient[feature]).toBeCloseTo((value(feature, 1e-5) - value(feature, -1e-5)) / 2e-5, 7);
  });

  it("recovers the weights of the sample", () => {
    const fitted = fitSoftmax(drawn(truth, 20_000), 4, { l2: 1 });
    truth.forEach((weight, feature) => {
      expect(Math.abs(fitted[feature]! - weight)).toBeLessThan(0.07);
    });
  });

  it("converges to the same weights from any start, and keeps frozen and unseen features at their prior", () => {
    const choices = drawn(truth, 500);
    const prior = Float64Array.of(0, 0, 0.25, 0, 3);
    const options = { l2: 1, prior, frozen: (feature: number) => feature === 2, tolerance: 1e-14 };
    const fitted = fitSoftmax(choices, 5, options);
    const again = fitSoftmax(choices, 5, { ...options, start: Float64Array.of(5, -5, 0.25, 5, -1) });
    expect([fitted[2], fitted[4]]).toEqual([0.25, 3]);
    fitted.forEach((weight, feature) => {
      expect(again[feature]).toBeCloseTo(weight, 4);
    });
  });

  it("uses only the selected choices", () => {
    const use = (choice: number): boolean => choice < 100;
    const [part, whole] = [drawn(truth, 100), drawn(truth, 300)];
    expect(fitSoftmax(whole, 4, { l2: 1, use })).toEqual(fitSoftmax(part, 4, { l2: 1 }));
  });
});

describe("the fit of the pair evidence", () => {
  /** Pairs of two mentions with three candidates each, whose features are random. */
  const captions = Array.from({ length: 30 }, (_, seed) => {
    const random = createRandom(seed);
    const mention = () => ({ match: [0.5, 0.3, 0.2], gold: random.below(3) });
    const rows = Array.from({ length: 6 }, (_, at) => ({
      left: at % 3,
      right: random.below(3),
      indices: [0, 1, 2, 3].slice(at % 2),
      values: Array.from({ length: 4 - (at % 2) }, () => random.normal()),
    }));
    return { weight: 1 + (seed % 2), mentions: [mention(), mention()], links: [{ i: 0, j: 1, rows }] };
  });

  it("has the gradient of finite differences", () => {
    const objective = pairObjective(captions, Float64Array.of(1, 1, 4, 4));
    const at = Float64Array.of(0.2, -0.4, 0.5, 0.1);
    const gradient = new Float64Array(4);
    objective(at, gradient);
    for (let feature = 0; feature < 4; feature++) {
      const value = (step: number): number =>
        objective(
          at.map((weight, i) => weight + (i === feature ? step : 0)),
          new Float64Array(4),
        );
      expect(gradient[feature]).toBeCloseTo((value(1e-5) - value(-1e-5)) / 2e-5, 7);
    }
  });
});

describe("L-BFGS", () => {
  it("finds the minimum of Rosenbrock's function", () => {
    const found = lbfgs(
      ([x = 0, y = 0], gradient) => {
        gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
        gradient[1] = 200 * (y - x * x);
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
      },
      Float64Array.of(-1.2, 1),
      { tolerance: 0 },
    );
    expect(found[0]).toBeCloseTo(1, 6);
    expect(found[1]).toBeCloseTo(1, 6);
  });
});

describe("fitLexical", () => {
  const people = [
    entity("m", "Ann Hill", { sex: ["female"], occupation: ["politician"], spouse: ["Bob Dale"] }),
    entity("f", "Carl Hill", { sex: ["male"], occupation: ["association football player"] }),
    entity("d", "Bob Dale", { sex: ["male"], spouse: ["Ann Hill"] }),
    entity("e", "Eve Dale", { sex: ["female"] }),
  ];
  const withGold = async (
    text: string,
    ...gold: [name: string, id: string][]
  ): Promise<CaptionCandidates> => {
    const plain = caption(text, ...gold.map(([name]) => name));
    const mentions = plain.mentions.map((mention, at) => ({
      ...mention,
      gold: { kind: "entity" as const, id: gold[at]![1] },
    }));
    return among(people, { ...plain, mentions });
  };
  async function* captions() {
    for (let round = 0; round < 20; round++) {
      yield await withGold("Hill scores a goal", ["Hill", "f"]);
      yield await withGold("Hill, elected to parliament", ["Hill", "m"]);
      yield await withGold("Hill and Dale at their wedding", ["Hill", "m"], ["Dale", "d"]);
      yield await withGold("nobody we know", ["Zzz", "unknown"]);
    }
  }

  it("learns from captions, deterministically, and gives weights that a model can use", async () => {
    const [one, two] = [
      fitLexical(await readLexicalData(captions())),
      fitLexical(await readLexicalData(captions())),
    ];
    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
    expect(Object.keys(one.candidate)).toEqual([...FEATURE_NAMES]);
    expect(one.candidate["topics/football × football"]).toBeGreaterThan(0);
    expect(one.pair.named).toEqual({});
    const [scores] = await createLexicalModel(one).score([await withGold("a goal by Hill", ["Hill", "f"])]);
    const [first, second] = [...scores![0]!.match].sort((a, b) => b! - a!);
    expect(first! - second!).toBeGreaterThan(0.2);
  });

  it("leaves out feature groups on request", async () => {
    const weights = fitLexical(await readLexicalData(captions()), { without: ["topics", "company"] });
    const left = Object.entries(weights.candidate).filter(([name]) => name.startsWith("topics/"));
    expect(left.every(([, weight]) => weight === 0)).toBe(true);
    expect(Object.values(weights.pair.features).every((weight) => weight === 0)).toBe(true);
  });
});
