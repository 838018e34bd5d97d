import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src/core/index.js";
import {
  type Choice,
  choiceLoss,
  fitParameters,
} from "../../../src/training/image-likeness/fit-image-likeness.js";
import { fitWhitening } from "../../../src/training/image-likeness/whitening.js";

const random = createRandom("sight");
const normal = (): number => random.normal();

describe("fitWhitening", () => {
  it("gives vectors whose covariance is the identity", () => {
    const width = 5;
    const mix = Array.from({ length: width * width }, normal);
    const vectors = Array.from({ length: 400 }, () => {
      const source = Array.from({ length: width }, normal);
      return Float32Array.from({ length: width }, (_, i) =>
        source.reduce((sum, value, j) => sum + mix[i * width + j]! * value, 3),
      );
    });
    const { mean, whitening } = fitWhitening(vectors, 0);
    const whitened = vectors.map((vector) =>
      Array.from({ length: width }, (_, i) =>
        vector.reduce((sum, value, j) => sum + whitening[i * width + j]! * (value - mean[j]!), 0),
      ),
    );
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) {
        const covariance = whitened.reduce((sum, one) => sum + (one[i]! * one[j]!) / whitened.length, 0);
        expect(covariance).toBeCloseTo(Number(i === j), 3);
      }
  });

  it("only scales vectors if the ridge is very large", () => {
    const vectors = Array.from({ length: 50 }, () => Float32Array.from({ length: 3 }, normal));
    const { whitening } = fitWhitening(vectors, 1e6);
    for (const at of [1, 2, 3, 5, 6, 7]) expect(Math.abs(whitening[at]! / whitening[0]!)).toBeLessThan(1e-3);
    expect(whitening[4]! / whitening[0]!).toBeCloseTo(1, 3);
  });
});

const START = {
  views: 3,
  scale: 5,
  text: 1,
  missing: 0,
  bias: [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ] as [number, number, number][],
};

/** Random mentions whose right candidate is drawn with the given parameters. */
function drawn(count: number, scale: number, text: number): Choice[] {
  return Array.from({ length: count }, () => {
    const cosines = Array.from({ length: 6 }, (_, at) =>
      at === 5 ? undefined : Float64Array.from({ length: 3 }, () => 2 * random.next() - 1),
    );
    const logMatch = cosines.map(() => Math.log(0.01 + random.next()));
    const z = cosines.map((own, at) => {
      const views = [0, 1, 2].map((v) => Math.exp(scale * (own?.[v] ?? 0.2) + (v === 0 ? 1 : -1)));
      return text * logMatch[at]! + Math.log(views[0]! + views[1]! + views[2]!);
    });
    const total = z.reduce((sum, one) => sum + Math.exp(one), 0);
    let left = random.next() * total;
    const right = z.findIndex((one) => {
      left -= Math.exp(one);
      return left <= 0;
    });
    return { names: 1, right, logMatch, cosines };
  });
}

describe("the parameters of an image likeness", () => {
  it("have a loss with the gradient of finite differences", () => {
    const [choice] = drawn(1, 5, 0.7);
    const kinds = [0, 1, 1];
    const point = Float64Array.of(4, 0.6, 0.3, 0.5, -0.5, 0, 0, 0, 0, 0, 0, 0);
    const gradient = new Float64Array(point.length);
    choiceLoss(choice!, kinds, point, gradient);
    point.forEach((_, at) => {
      const loss = (step: number): number =>
        choiceLoss(choice!, kinds, point.with(at, point[at]! + step), new Float64Array(point.length));
      expect(gradient[at]).toBeCloseTo((loss(1e-5) - loss(-1e-5)) / 2e-5, 6);
    });
  });

  it("are recovered from a sample", () => {
    const fitted = fitParameters(drawn(3000, 6, 0.6), START);
    expect(fitted.scale).toBeGreaterThan(5.4);
    expect(fitted.scale).toBeLessThan(6.6);
    expect(fitted.text).toBeGreaterThan(0.45);
    expect(fitted.text).toBeLessThan(0.75);
    expect(fitted.missing).toBeGreaterThan(0.05);
    expect(fitted.missing).toBeLessThan(0.35);
    const [[whole, half]] = fitted.bias as unknown as [[number, number]];
    expect(whole - half).toBeGreaterThan(1.4);
    expect(whole - half).toBeLessThan(2.6);
  });
});
