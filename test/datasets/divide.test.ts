import { describe, expect, it } from "vitest";
import { type Caption, createRandom } from "../../src/core/index.js";
import { divided } from "../../src/datasets/index.js";
import { all } from "../formats/files.js";

async function* captions(count: number): AsyncGenerator<Caption> {
  for (let index = 0; index < count; index++) yield { id: String(index), text: "Ada", mentions: [] };
}

const idsOf = async (count: number, split: string, seed: number): Promise<string[]> =>
  (await all(divided(captions(count), split, seed, "test"))).map(({ id }) => id);

describe("divided", () => {
  it("puts every caption into exactly one split of the right size, in the given order", async () => {
    const random = createRandom("divide");
    for (let run = 0; run < 30; run++) {
      const [count, seed] = [random.below(60), random.below(1000)];
      const splits = await Promise.all(["train", "dev", "test"].map((split) => idsOf(count, split, seed)));
      const sorted = splits.flat().sort((a, b) => Number(a) - Number(b));
      expect(sorted).toEqual(Array.from({ length: count }, (_, index) => String(index)));
      for (const ids of splits) expect(ids).toEqual([...ids].sort((a, b) => Number(a) - Number(b)));
      for (const [index, tenths] of [7, 1, 2].entries())
        expect(Math.abs(splits[index]!.length - (tenths * count) / 10)).toBeLessThanOrEqual(1);
    }
  });

  it("is determined by the seed", async () => {
    expect(await idsOf(200, "dev", 1)).toEqual(await idsOf(200, "dev", 1));
    expect(await idsOf(200, "dev", 1)).not.toEqual(await idsOf(200, "dev", 2));
  });

  it("names the splits that exist", async () => {
    await expect(idsOf(10, "valid", 1)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("train or dev or test"),
    });
  });
});
