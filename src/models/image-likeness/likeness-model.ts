import { LRUCache } from "lru-cache";
import { type CaptionCandidates, type Entity, throwIfAborted } from "../../core/index.js";
import type { ImageSource, OpenImages } from "../../pictures/index.js";
import type { MentionScores, Model } from "../model.js";
import { logShares, shares } from "../softmax.js";
import { type ImageLikeness, likenessOf, nearestCosines } from "./likeness.js";
import { readImageLikeness } from "./likeness-files.js";
import { createProjector, type Projector } from "./projector.js";

/**
 * Adds the image likeness in a folder to a text model; returns the text model itself without `images`. Throws
 * MODEL_NOT_FOUND, MODEL_DAMAGED and the errors of `images`.
 */
export async function withImageLikeness(
  text: Model,
  folder: string,
  images: OpenImages | undefined,
): Promise<Model> {
  if (images === undefined) return text;
  const likeness = await readImageLikeness(folder);
  const { encoder, views } = likeness.config;
  return createImageLikenessModel({
    text,
    likeness,
    images: await images({ encoder, views }),
    projector: await createProjector(likeness),
  });
}

export interface ImageLikenessParts<Feature> {
  /** The model that scores the text; closed with the result. */
  readonly text: Model<Feature>;
  readonly likeness: Pick<ImageLikeness, "config">;
  /** Closed with the result. */
  readonly projector: Projector;
  readonly images: ImageSource;
}

/**
 * A text model that also uses pictures: m = softmax of t log m + z over the mention's candidates, where z is the
 * candidate's likeness to the caption's picture (`likenessOf`). A caption without a readable picture keeps its scores
 * bit for bit; an entity without one gets the z of the cosine `missing`.
 */
export function createImageLikenessModel<Feature>(parts: ImageLikenessParts<Feature>): Model<Feature> {
  const { text, projector } = parts;
  const textWeight = parts.likeness.config.text;
  const readLikeness = createLikenessReader(parts);
  const close = async (): Promise<void> => {
    await projector[Symbol.asyncDispose]();
    await text.close();
  };
  return {
    ...text,
    async score(captions, options) {
      const textScores = await text.score(captions, options);
      return Promise.all(
        captions.map(async (caption, index) => {
          throwIfAborted(options?.signal);
          const likeness = await readLikeness(caption);
          if (likeness === undefined) return textScores[index]!;
          return textScores[index]!.map((scores, mention) =>
            combined(scores, likeness[mention]!, textWeight),
          );
        }),
      );
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Number of entities whose projected pictures are cached, about 5 kB each. */
const CACHED = 8192;

/**
 * Returns a function that computes z of every candidate of every mention of a caption; it resolves to undefined for a
 * caption without a readable picture.
 */
function createLikenessReader({
  likeness: { config },
  projector,
  images,
}: Pick<ImageLikenessParts<unknown>, "likeness" | "projector" | "images">) {
  const { width } = config;
  const cache = new LRUCache<string, Promise<Float32Array | undefined>>({ max: CACHED });
  const project = async ({ images: paths }: Entity): Promise<Float32Array | undefined> => {
    if (paths.length === 0) return undefined;
    const vectors = await images(paths);
    // The vectors of whole pictures come first, one per picture; the rest are views of parts.
    return vectors && projector.project(vectors.slice(0, width * Math.min(paths.length, config.views)));
  };
  const cached = (entity: Entity): Promise<Float32Array | undefined> => {
    const key = entity.images.join("\n");
    const projected = cache.get(key) ?? project(entity);
    cache.set(key, projected);
    return projected;
  };
  return async ({ caption, candidates }: CaptionCandidates): Promise<number[][] | undefined> => {
    const vectors = caption.image === undefined ? undefined : await images(caption.image);
    if (vectors === undefined) return undefined;
    const picture = await projector.project(vectors);
    const likeness = async ({ entity }: { entity: Entity }): Promise<number> => {
      const own = await cached(entity);
      const cosines = own
        ? nearestCosines(picture, own, width)
        : new Float64Array(config.views).fill(config.missing);
      return likenessOf(cosines, candidates.length, config);
    };
    return Promise.all(candidates.map((list) => Promise.all(list.map(likeness))));
  };
}

function combined<Feature>(
  scores: MentionScores<Feature>,
  likeness: readonly number[],
  textWeight: number,
): MentionScores<Feature> {
  const match = shares(logShares(scores.match).map((text, index) => textWeight * text + likeness[index]!));
  return {
    ...scores,
    match,
    explain: (candidate) => ({ picture: likeness[candidate]!, ...scores.explain?.(candidate) }),
  };
}
