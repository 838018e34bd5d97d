import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Candidate, CaptionCandidates } from "../../../src/core/index.js";
import {
  createImageLikenessModel,
  createProjector,
  type ImageLikeness,
  type ImageLikenessConfig,
  likenessOf,
  nearestCosines,
  saveImageLikeness,
  withImageLikeness,
} from "../../../src/models/image-likeness/index.js";
import {
  copyImageLikeness,
  hashWithLikeness,
  readImageLikeness,
} from "../../../src/models/image-likeness/likeness-files.js";
import type { Model } from "../../../src/models/model.js";
import type { ImageSource } from "../../../src/pictures/index.js";

const WIDTH = 4;
const config: ImageLikenessConfig = {
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
const likeness: ImageLikeness = { config, mean: Float32Array.of(0.1, 0, -0.1, 0), whitening: identity };

const vector = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: WIDTH, maxLength: WIDTH })
  .filter((values) => Math.hypot(...values) > 0.1);

const candidate = (id: string, images: readonly string[]): Candidate => ({
  entity: { id, label: id, aliases: [], properties: {}, images },
  nameScore: 1,
  names: { subsequence: 1, prefix: 1, edit: 1 },
  matchedName: id,
});

/** Vectors by path: three views per picture; only the first view of an entity's picture is used. */
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
/** A text model whose m of a candidate is the number at the end of its id. */
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
  await using model = createImageLikenessModel({
    text,
    likeness,
    projector: await createProjector(likeness),
    images,
  });
  const caption: CaptionCandidates = {
    caption: { id: "c", text: "x", mentions: [{ text: "x" }], ...(image !== undefined && { image }) },
    candidates: [list],
  };
  return (await model.score([caption]))[0]![0]!;
}

describe("image likeness", () => {
  it("is log Σ exp(a c + b) over the views", () => {
    const cosines = [0.5, -0.2, 0.9];
    const z = Math.log(Math.exp(6 * 0.5 + 1) + Math.exp(6 * -0.2 - 1) + Math.exp(6 * 0.9 - 1));
    expect(likenessOf(cosines, 1, config)).toBeCloseTo(z, 12);
    const two = Math.log(Math.exp(6 * 0.5 - 1) + Math.exp(6 * -0.2 + 1) + Math.exp(6 * 0.9 + 1));
    expect(likenessOf(cosines, 2, config)).toBeCloseTo(two, 12);
    expect(likenessOf(cosines, 9, config)).toBe(likenessOf(cosines, 3, config));
  });

  it("increases with the cosine of any view", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        fc.nat(2),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (cosines, view, more) => {
          const nearer = cosines.with(view, cosines[view]! + more);
          return likenessOf(nearer, 1, config) > likenessOf(cosines, 1, config);
        },
      ),
    );
  });

  it("projects x to W (x / |x| - mean), scaled to length 1, for any length of x", async () => {
    await using projector = await createProjector(likeness);
    await fc.assert(
      fc.asyncProperty(vector, fc.double({ min: 0.5, max: 50, noNaN: true }), async (x, factor) => {
        const length = Math.hypot(...x);
        const u = x.map((value, at) => value / length - likeness.mean[at]!);
        const expected = u.map((value) => value / Math.hypot(...u));
        const long = Float32Array.from(x, (value) => factor * value);
        const projected = await projector.project(long);
        for (let at = 0; at < WIDTH; at++) expect(projected[at]).toBeCloseTo(expected[at]!, 4);
      }),
      { numRuns: 50 },
    );
  });

  it("compares with the nearest of an entity's pictures, in any order", () => {
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

describe("createImageLikenessModel", () => {
  it("keeps the text's scores bit for bit if the caption has no readable picture", async () => {
    for (const image of [undefined, "missing.png"])
      expect((await scored(image)).match).toEqual([0.2, 0.5, 0.3]);
  });

  it("prefers the candidate that the picture shows, with match scores that sum to 1", async () => {
    const { match, explain } = await scored("caption.png");
    const [right, other, none] = match as number[];
    expect(right).toBeGreaterThan(none!);
    expect(none).toBeGreaterThan(other!);
    expect(right! + other! + none!).toBeCloseTo(1, 12);
    expect(explain!(0).picture).toBeGreaterThan(explain!(1).picture!);
  });

  it("does not depend on the order of candidates", async () => {
    const forth = await scored("caption.png");
    const back = await scored("caption.png", LIST.toReversed());
    expect(back.match.toReversed()).toEqual(forth.match);
    expect(back.features).toEqual(["n/0.3", "o/0.5", "r/0.2"]);
  });

  it("uses the cosine `missing` for an entity without a picture", async () => {
    const { explain } = await scored("caption.png");
    expect(explain!(2).picture).toBeCloseTo(likenessOf([0.1, 0.1, 0.1], 1, config), 6);
  });
});

it("projects an entity's pictures again after a failure", async () => {
  const projector = await createProjector(likeness);
  let fails = true;
  const project = async (vectors: Float32Array): Promise<Float32Array> => {
    if (fails && vectors.length === WIDTH) throw new Error("out of memory");
    return projector.project(vectors);
  };
  await using model = createImageLikenessModel({
    text,
    likeness,
    projector: { ...projector, project },
    images,
  });
  const captions: CaptionCandidates[] = [
    { caption: { id: "c", text: "x", mentions: [{ text: "x" }], image: "caption.png" }, candidates: [LIST] },
  ];
  await expect(model.score(captions)).rejects.toThrow("out of memory");
  fails = false;
  expect((await model.score(captions))[0]![0]!.match).toEqual((await scored("caption.png")).match);
});

describe("withImageLikeness", () => {
  const folderWith = async (saved: ImageLikeness): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), "mmel-likeness-"));
    await saveImageLikeness(folder, saved);
    return folder;
  };
  const failing = async (): Promise<ImageSource> => {
    throw new Error("no encoder");
  };

  it.each([
    ["the files are missing", () => mkdtemp(join(tmpdir(), "mmel-likeness-")), async () => images],
    ["the pictures cannot be opened", () => folderWith(likeness), failing],
  ])("closes the text model if %s", async (_, folder, open) => {
    let closed = 0;
    const close = async (): Promise<void> => {
      closed += 1;
    };
    const closable = { ...text, close, [Symbol.asyncDispose]: close };
    await expect(withImageLikeness(closable, await folder(), open)).rejects.toThrow();
    expect(closed).toBe(1);
  });

  it("leaves the text model open if it can be combined", async () => {
    const folder = await folderWith(likeness);
    await using model = await withImageLikeness(text, folder, async () => images);
    expect(model).not.toBe(text);
  });
});

describe("the files of an image likeness", () => {
  it("store it in half precision and change the model's hash", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mmel-likeness-"));
    expect(await hashWithLikeness(folder, "model")).toBe("model");
    await saveImageLikeness(folder, likeness);
    const read = await readImageLikeness(folder);
    expect(read.config).toEqual(config);
    expect(read.whitening).toEqual(identity);
    read.mean.forEach((value, at) => {
      expect(value).toBeCloseTo(likeness.mean[at]!, 4);
    });
    const hash = await hashWithLikeness(folder, "model");
    expect(hash).toMatch(/^[\da-f]{16}$/);
    await saveImageLikeness(folder, { ...likeness, config: { ...config, scale: 7 } });
    expect(await hashWithLikeness(folder, "model")).not.toBe(hash);
  });

  it("are validated", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mmel-likeness-"));
    await saveImageLikeness(folder, { ...likeness, config: { ...config, width: WIDTH, views: 0 } });
    await expect(readImageLikeness(folder)).rejects.toMatchObject({ code: "MODEL_DAMAGED" });
  });

  it("are copied from one model folder to another, if there are any", async () => {
    const [from, to] = [
      await mkdtemp(join(tmpdir(), "mmel-likeness-")),
      await mkdtemp(join(tmpdir(), "mmel-likeness-")),
    ];
    await copyImageLikeness(from, to);
    expect(await hashWithLikeness(to, "model")).toBe("model");
    await saveImageLikeness(from, likeness);
    await copyImageLikeness(from, to);
    expect(await hashWithLikeness(to, "model")).toBe(await hashWithLikeness(from, "model"));
    expect((await readImageLikeness(to)).config).toEqual(config);
  });
});
