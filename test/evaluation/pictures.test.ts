import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Caption } from "../../src/core/index.js";
import { withPictures } from "../../src/evaluation/captions.js";
import { evaluate } from "../../src/evaluation/index.js";
import { all } from "../formats/files.js";
import { entities, mention, toyModel } from "../linker/fixtures.js";

const caption = (id: number, image: string | null): Caption => ({
  id: `${id}`,
  text: "John Kerry",
  mentions: [mention("John Kerry", "Q1")],
  ...(image !== null && { image }),
});

describe("withPictures, swapped", () => {
  const paths = fc.array(fc.option(fc.constantFrom("a", "b", "c", "d", "e")), { maxLength: 30 });

  it("permutes the pictures so that no caption keeps its own if that is possible", async () => {
    await fc.assert(
      fc.asyncProperty(paths, fc.nat(), async (images, seed) => {
        const given = images.map((image, at) => caption(at, image));
        const got = await all(withPictures(given, "swapped", seed));
        expect(got.map(({ image: _, ...rest }) => rest)).toEqual(given.map(({ image: _, ...rest }) => rest));
        expect(got.map(({ image }) => image === undefined)).toEqual(images.map((image) => image === null));
        expect(got.map(({ image }) => image).sort()).toEqual(given.map(({ image }) => image).sort());
        const pictured = images.filter((image) => image !== null);
        const sizes = pictured.map((image) => pictured.filter((other) => other === image).length);
        if (sizes.every((size) => 2 * size <= pictured.length))
          for (const [at, { image }] of got.entries())
            if (image !== undefined) expect(image).not.toBe(images[at]);
        expect(await all(withPictures(given, "swapped", seed))).toEqual(got);
      }),
    );
  });
});

describe("evaluate with pictures", () => {
  const kb = entities.map((entity) => ({ ...entity, images: [`${entity.id}.png`] }));
  const captions = ["a", "b", "c"].map((image, at) => caption(at, image));
  /** The images of the captions that the model scored, and the number of images of their candidates. */
  const seen = async (options: object) => {
    const model = toyModel();
    await evaluate(captions, { kb, model, ...options });
    const batches = model.seen.flat();
    return {
      captions: batches.map(({ caption }) => caption.image),
      entities: batches.flatMap(({ candidates }) =>
        candidates.flat().map(({ entity }) => entity.images.length),
      ),
    };
  };

  it("passes own, no or swapped pictures to the model", async () => {
    const own = await seen({});
    expect(own.captions).toEqual(["a", "b", "c"]);
    expect(new Set(own.entities)).toEqual(new Set([1]));
    expect(await seen({ pictures: "none" })).toEqual({ ...own, captions: [undefined, undefined, undefined] });
    expect((await seen({ pictures: "swapped" })).captions.toSorted()).toEqual(["a", "b", "c"]);
    expect((await seen({ pictures: "swapped" })).captions).not.toEqual(own.captions);
    const bare = await seen({ entityPictures: "none" });
    expect(bare).toEqual({ captions: own.captions, entities: own.entities.map(() => 0) });
  });
});
