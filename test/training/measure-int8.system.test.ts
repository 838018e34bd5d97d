import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { createCandidateSource } from "../../src/candidates/index.js";
import type { Caption, Entity } from "../../src/core/index.js";
import {
  type Checkpoint,
  describeCheckpoint,
  initialCheckpoint,
  openCheckpoint,
  readWeights,
  saveCheckpoint,
} from "../../src/models/checkpoint/index.js";
import { divisorsFor, storedDivisors } from "../../src/models/mmel/index.js";
import { measureInt8 } from "../../src/training/mmel/index.js";
import { TINY } from "../encoders/model-folders.js";

const entities = ["Ada Lovelace", "Ada, Oklahoma", "Charles Babbage"].map(
  (label, at): Entity => ({ id: `Q${at}`, label, aliases: [], properties: {}, images: [] }),
);
const source = createCandidateSource(entities);
async function* captions(...texts: string[]): AsyncIterable<Caption> {
  for (const [at, text] of texts.entries())
    yield { id: `${at}`, text, mentions: [{ text: text.split(" ")[0]! }] };
}
const place = (): string => join(mkdtempSync(join(tmpdir(), "mmel-int8-")), "model");

describe("divisorsFor", () => {
  const magnitudes = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 2e-6, max: 1000, noNaN: true })), {
    minLength: 1,
    maxLength: 30,
  });

  it("brings every channel into [-1, 1], and the largest to 1", () => {
    fc.assert(
      fc.property(magnitudes, (list) => {
        const divisors = divisorsFor(Float32Array.from(list));
        const divided = list.map((magnitude, at) => magnitude / divisors[at]!);
        expect(divisors.every((divisor) => divisor > 0)).toBe(true);
        expect(Math.max(...divided)).toBeCloseTo(list.some((magnitude) => magnitude >= 1e-6) ? 1 : 0, 5);
      }),
    );
  });
});

describe("measureInt8", () => {
  let checkpoint: Checkpoint;
  beforeAll(async () => {
    const folder = place();
    const options = {
      name: "tiny",
      seed: 1,
      head: { d: 8, heads: 2, imageWidth: 4 },
      precision: "I8" as const,
    };
    await saveCheckpoint(folder, await initialCheckpoint(TINY, options));
    checkpoint = await openCheckpoint(folder);
  });

  it("gives divisors to every linear map of the text encoder, and more captions give no smaller ones", async () => {
    const few = await measureInt8(checkpoint, captions("Ada in 1843"), { source });
    const more = await measureInt8(checkpoint, captions("Ada in 1843", "Charles and the engine"), { source });
    const maps = [...checkpoint.weights.values()].filter(
      ({ name, shape }) => /^encoder\.encoder\..*\.weight$/.test(name) && shape.length === 2,
    );
    expect([...few.keys()].sort()).toEqual(maps.map(({ name }) => name).sort());
    for (const { name, shape } of maps) {
      expect(few.get(name)).toHaveLength(shape[1]!);
      expect(Math.max(...more.get(name)!)).toBeGreaterThanOrEqual(Math.max(...few.get(name)!));
    }
  });

  it("prepares a model that says so and opens with the same divisors", async () => {
    const folder = place();
    const int8 = await measureInt8(checkpoint, captions("Ada in 1843"), { source });
    const { config, tokenizer, weights } = checkpoint;
    const content = { config, tokenizer: tokenizer.json, weights: await readWeights(weights), int8 };
    await saveCheckpoint(folder, content);
    expect(await storedDivisors((await openCheckpoint(folder)).weights)).toEqual(
      new Map([...int8].sort(([a], [b]) => (a < b ? -1 : 1))),
    );
    expect((await describeCheckpoint(folder)).arithmetic).toMatch(/^int8 /);
    expect((await describeCheckpoint(checkpoint.folder)).arithmetic).toBe("float32");
  });

  it("rejects captions without candidates", async () => {
    const none = measureInt8(checkpoint, captions(), { source });
    await expect(none).rejects.toMatchObject({ code: "CONFIG" });
  });
});
