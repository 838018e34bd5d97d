import { LRUCache } from "lru-cache";
import { withDisposables } from "../../core/disposable-stack.js";
import { type CaptionCandidates, type Entity, throwIfAborted } from "../../core/index.js";
import type { ImageSource, OpenImages } from "../../pictures/index.js";
import type { MentionScores, Model } from "../model.js";
import { logShares, shares } from "../softmax.js";
import { type ImageLikeness, likenessOf, nearestCosines } from "./likeness.js";
import { readImageLikeness } from "./likeness-files.js";
import { createProjector, type Projector } from "./projector.js";

/**
 * Adds the image-similarity model in a folder to a text model. Returns the text model unchanged if `images` is
 * undefined. Throws the errors of `readImageLikeness`, `images` and `createProjector`, and then closes the text model.
 */
export async function withImageLikeness(
  text: Model,
  folder: string,
  images: OpenImages | undefined,
): Promise<Model> {
  if (images === undefined) return text;
  return withDisposables(async (opened) => {
    opened.use(text);
    const likeness = await readImageLikeness(folder);
    const { encoder, views } = likeness.config;
    return createImageLikenessModel({
      text,
      likeness,
      images: await images({ encoder, views }),
      projector: await createProjector(likeness),
    });
  });
}

export interface ImageLikenessParts<Feature> {
  /** The text model, which scores the candidates without pictures. The combined model closes it. */
  readonly text: Model<Feature>;
  readonly likeness: Pick<ImageLikeness, "config">;
  /** Projects image vectors to the whitened space. The combined model closes it. */
  readonly projector: Projector;
  readonly images: ImageSource;
}

/**
 * Creates a model that combines a text model with pictures: m = softmax of t · log m_text + z over the mention's
 * candidates. t is `config.text`, and m_text is the text model's match score. z is the similarity of the candidate's
 * pictures to the caption's picture (see `likenessOf`). If the caption has no readable picture, the scores are
 * bit-identical to the text model's. If an entity has no readable picture, its z is computed from the constant cosine
 * `config.missing`.
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

/** Maximum number of entities whose projected pictures are cached. An entity takes about 5 kB. */
const CACHED = 8192;

/**
 * Returns a function that takes a caption and computes the image similarity z (see `likenessOf`) for each mention's
 * candidates. The function's promise resolves to undefined if the caption has no readable picture.
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
    // The vectors of whole pictures come first, one per picture. The vectors of partial views follow.
    return vectors && projector.project(vectors.slice(0, width * Math.min(paths.length, config.views)));
  };
  const cached = (entity: Entity): Promise<Float32Array | undefined> => {
    const key = entity.images.join("\n");
    const known = cache.get(key);
    if (known !== undefined) return known;
    const projected = project(entity);
    cache.set(key, projected);
    projected.catch(() => cache.delete(key)); // the next caption tries again
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
