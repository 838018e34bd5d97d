import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Candidate, CaptionCandidates } from "../../../src/core/index.js";
import {
  createProjector,
  createSighted,
  nearestCosines,
  pictureEvidence,
  type Sight,
  type SightConfig,
  saveSight,
} from "../../../src/models/image-likeness/index.js";
import { copySight, readSight, seenHash } from "../../../src/models/image-likeness/likeness-files.js";
import type { Model } from "../../../src/models/model.js";
import type { ImageSource } from "../../../src/pictures/index.js";

const WIDTH = 4;
const config: SightConfig = {
  format: "mmel-sight-1",
  encoder: { id: "tiny", hash: "0" },
  views: 3,
  width: WIDTH,
  scale: 6,
  text: 0.5,
  missing: 0.1,
  bias: [
    [1, -1, 0],
    [-1, 1, 0],
    [0, 0, 0],
  ],
};
const identity = Float32Array.from({ length: WIDTH * WIDTH }, (_, at) => Number(at % (WIDTH + 1) === 0));
const sight: Sight = { config, mean: Float32Array.of(0.1, 0, -0.1, 0), whitening: identity };

const vector = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: WIDTH, maxLength: WIDTH })
  .filter((values) => Math.hypot(...values) > 0.1);

const candidate = (id: string, images: readonly string[]): Candidate => ({
  entity: { id, label: id, aliases: [], properties: {}, images },
  nameScore: 1,
  names: { subsequence: 1, prefix: 1, edit: 1 },
  matchedName: id,
});

/** By path: a caption's picture has three views, of an entity's the whole is looked at. */
const PICTURES: Readonly<Record<string, readonly number[]>> = {
  "caption.png": [1, 0, 0, 0, 1, 0, 0.1, 0, 0, 1, 0, 0],
  "right.png": [0.9, 0.1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0],
  "other.png": [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0],
};
const images: ImageSource = async (paths) => {
  const found = PICTURES[typeof paths === "string" ? paths : paths[0]!];
  return found && Float32Array.from(found);
};

const close = async (): Promise<void> => {};
/** Gives every candidate of a mention the share that its id ends with. */
const text: Model<string> = {
  name: "text",
  hash: "text",
  pairs: { combine: (a) => a, similarities: async () => new Float64Array() },
  score: async (captions) =>
    captions.map(({ candidates }) =>
      candidates.map((list) => ({
        match: list.map(({ entity }) => Number(entity.id.split("/")[1])),
        features: list.map(({ entity }) => entity.id),
      })),
    ),
  close,
  [Symbol.asyncDispose]: close,
};

const LIST = [candidate("r/0.2", ["right.png"]), candidate("o/0.5", ["other.png"]), candidate("n/0.3", [])];

async function scored(image: string | undefined, list = LIST) {
  await using model = createSighted({ first: text, sight, projector: await createProjector(sight), images });
  const caption: CaptionCandidates = {
    caption: { id: "c", text: "x", mentions: [{ text: "x" }], ...(image !== undefined && { image }) },
    candidates: [list],
  };
  return (await model.score([caption]))[0]![0]!;
}

describe("a sight", () => {
  it("is log Σ exp(a c + b) over the views", () => {
    const cosines = [0.5, -0.2, 0.9];
    const z = Math.log(Math.exp(6 * 0.5 + 1) + Math.exp(6 * -0.2 - 1) + Math.exp(6 * 0.9 - 1));
    expect(pictureEvidence(cosines, 1, config)).toBeCloseTo(z, 12);
    const two = Math.log(Math.exp(6 * 0.5 - 1) + Math.exp(6 * -0.2 + 1) + Math.exp(6 * 0.9 + 1));
    expect(pictureEvidence(cosines, 2, config)).toBeCloseTo(two, 12);
    expect(pictureEvidence(cosines, 9, config)).toBe(pictureEvidence(cosines, 3, config));
  });

  it("says more the nearer a view is", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        fc.nat(2),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (cosines, view, more) => {
          const nearer = cosines.with(view, cosines[view]! + more);
          return pictureEvidence(nearer, 1, config) > pictureEvidence(cosines, 1, config);
        },
      ),
    );
  });

  it("projects x to W (x / |x| - mean), of length 1, whatever the length of x", async () => {
    await using projector = await createProjector(sight);
    await fc.assert(
      fc.asyncProperty(vector, fc.double({ min: 0.5, max: 50, noNaN: true }), async (x, factor) => {
        const length = Math.hypot(...x);
        const u = x.map((value, at) => value / length - sight.mean[at]!);
        const expected = u.map((value) => value / Math.hypot(...u));
        const long = Float32Array.from(x, (value) => factor * value);
        const projected = await projector.project(long);
        for (let at = 0; at < WIDTH; at++) expect(projected[at]).toBeCloseTo(expected[at]!, 4);
      }),
      { numRuns: 50 },
    );
  });

  it("takes the nearest of an entity's pictures, whatever their order", () => {
    const views = Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0);
    const [a, b] = [
      [0.6, 0.8, 0, 0],
      [1, 0, 0, 0],
    ];
    const cosines = nearestCosines(views, Float32Array.from([...a!, ...b!]), WIDTH);
    expect(cosines[0]).toBeCloseTo(1, 6);
    expect(cosines[1]).toBeCloseTo(0.8, 6);
    expect(nearestCosines(views, Float32Array.from([...b!, ...a!]), WIDTH)).toEqual(cosines);
  });
});

describe("a model with a sight", () => {
  it("keeps the text's scores to the bit where the caption has no picture, or a bad one", async () => {
    for (const image of [undefined, "missing.png"])
      expect((await scored(image)).match).toEqual([0.2, 0.5, 0.3]);
  });

  it("prefers the candidate that the picture shows, and shares sum to 1", async () => {
    const { match, explain } = await scored("caption.png");
    const [right, other, none] = match as number[];
    expect(right).toBeGreaterThan(none!);
    expect(none).toBeGreaterThan(other!);
    expect(right! + other! + none!).toBeCloseTo(1, 12);
    expect(explain!(0).picture).toBeGreaterThan(explain!(1).picture!);
  });

  it("scores alike in whatever order candidates come", async () => {
    const forth = await scored("caption.png");
    const back = await scored("caption.png", LIST.toReversed());
    expect(back.match.toReversed()).toEqual(forth.match);
    expect(back.features).toEqual(["n/0.3", "o/0.5", "r/0.2"]);
  });

  it("gives an entity without a picture what the cosine `missing` says", async () => {
    const { explain } = await scored("caption.png");
    expect(explain!(2).picture).toBeCloseTo(pictureEvidence([0.1, 0.1, 0.1], 1, config), 6);
  });
});

describe("a sight's files", () => {
  it("come back as they were, in half precision, and make another model", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mmel-sight-"));
    expect(await seenHash(folder, "model")).toBe("model");
    await saveSight(folder, sight);
    const read = await readSight(folder);
    expect(read.config).toEqual(config);
    expect(read.whitening).toEqual(identity);
    read.mean.forEach((value, at) => {
      expect(value).toBeCloseTo(sight.mean[at]!, 4);
    });
    const hash = await seenHash(folder, "model");
    expect(hash).toMatch(/^[\da-f]{16}$/);
    await saveSight(folder, { ...sight, config: { ...config, scale: 7 } });
    expect(await seenHash(folder, "model")).not.toBe(hash);
  });

  it("are refused when they do not fit", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mmel-sight-"));
    await saveSight(folder, { ...sight, config: { ...config, width: WIDTH, views: 0 } });
    await expect(readSight(folder)).rejects.toMatchObject({ code: "MODEL_DAMAGED" });
  });

  it("go along with a copy of their model, and a model without them stays without", async () => {
    const [from, to] = [
      await mkdtemp(join(tmpdir(), "mmel-sight-")),
      await mkdtemp(join(tmpdir(), "mmel-sight-")),
    ];
    await copySight(from, to);
    expect(await seenHash(to, "model")).toBe("model");
    await saveSight(from, sight);
    await copySight(from, to);
    expect(await seenHash(to, "model")).toBe(await seenHash(from, "model"));
    expect((await readSight(to)).config).toEqual(config);
  });
});
