import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src/core/index.js";
import { createMasks } from "../../../src/tensor/engine/masks.js";
import type { MaskSpec } from "../../../src/tensor/onnx/index.js";

const mask = (name: string, size: number, rate: number): MaskSpec => ({
  name,
  shape: [size],
  dtype: "float32",
  rate,
});

describe("createMasks", () => {
  it("keeps a share 1 - rate of the elements and scales them to a mean of 1", () => {
    const drawn = createMasks()([mask("a", 100_000, 0.2), mask("b", 100_000, 0.5)], createRandom(1));
    for (const [name, kept] of [
      ["a", Math.fround(1 / 0.8)],
      ["b", 2],
    ] as const) {
      const data = drawn.get(name)!;
      expect(new Set(data)).toEqual(new Set([0, kept]));
      expect(data.reduce((sum, element) => sum + element, 0) / data.length).toBeCloseTo(1, 1.7);
    }
  });

  it("depends only on the seed, not on earlier draws", () => {
    const [fresh, used] = [createMasks(), createMasks()];
    used([mask("large", 200_000, 0.2), mask("small", 3, 0.2)], createRandom(7));
    const specs = [mask("a", 1000, 0.2), mask("b", 1000, 0.2)];
    const [one, two] = [fresh(specs, createRandom(2)), used(specs, createRandom(2))];
    expect(one).toEqual(two);
    expect(one.get("a")).not.toEqual(one.get("b"));
    expect(one.get("a")).not.toEqual(fresh(specs, createRandom(3)).get("a"));
  });
});
