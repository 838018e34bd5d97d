import { type CaptionCandidates, createRandom, type Entity } from "../../core/index.js";
import {
  createProjector,
  type ImageLikeness,
  type ImageLikenessConfig,
  NAME_COUNTS,
  nearestCosines,
  VIEW_KINDS,
  viewKinds,
} from "../../models/image-likeness/index.js";
import type { Model } from "../../models/model.js";
import { logShares } from "../../models/softmax.js";
import type { ImageNeed, ImageSource } from "../../pictures/index.js";
import { lbfgs } from "../lbfgs.js";
import { fitWhitening } from "./whitening.js";

interface ImageLikenessData {
  /** Entities whose pictures the whitening is fitted to. */
  readonly entities: AsyncIterable<Entity>;
  /** Training captions with gold entities and candidates. */
  readonly captions: AsyncIterable<CaptionCandidates>;
  /** The text model, which scores the candidates without pictures. */
  readonly text: Model;
  readonly images: ImageSource;
  readonly need: ImageNeed;
}

interface FitOptions {
  /** Strength of the ridge in `fitWhitening` (default 3). */
  readonly ridge?: number;
  /**
   * Share of the candidates that are treated as if they had no pictures, so that the parameter `missing` can be fitted
   * (default 0.1).
   */
  readonly hidden?: number;
  readonly seed?: number;
}

/**
 * Fits an image-similarity model in two steps. First, the whitening is fitted to the entities' pictures, without
 * labels. Then the parameters in `ImageLikenessConfig` are fitted to captions with gold entities by maximum likelihood,
 * while the text model's scores stay fixed.
 */
export async function fitImageLikeness(
  data: ImageLikenessData,
  options: FitOptions = {},
): Promise<ImageLikeness> {
  const { ridge = 3, hidden = 0.1, seed = 1 } = options;
  const { images, need } = data;
  const pictures = await picturesOf(data);
  const width = pictures[0]!.length;
  const whitened = fitWhitening(pictures, ridge);
  const config: ImageLikenessConfig = {
    format: "mmel-sight-1",
    ...need,
    width,
    scale: 20,
    text: 1,
    missing: 0,
    bias: Array.from({ length: NAME_COUNTS }, () => [0, 0, 0]),
  };
  await using projector = await createProjector({ config, ...whitened });
  const project = async (paths: string | readonly string[], most: number) => {
    const vectors = paths.length === 0 ? undefined : await images(paths);
    return vectors && projector.project(vectors.slice(0, most * width));
  };
  const random = createRandom(`${seed}/sight`);
  const cache = new Map<string, Promise<Float32Array | undefined>>();
  const choices: Choice[] = [];
  for await (const found of data.captions) {
    const { caption, candidates } = found;
    const picture = caption.image === undefined ? undefined : await project(caption.image, need.views);
    if (picture === undefined) continue;
    const [scores] = await data.text.score([found]);
    for (const [mention, list] of candidates.entries()) {
      const { gold } = caption.mentions[mention]!;
      const right = list.findIndex(({ entity }) => gold?.kind === "entity" && gold.id === entity.id);
      if (right < 0) continue;
      const cosines: (Float64Array | undefined)[] = [];
      for (const { entity } of list) {
        const projected = cache.get(entity.id) ?? project(entity.images, entity.images.length);
        cache.set(entity.id, projected);
        const own = random.next() < hidden ? undefined : await projected;
        cosines.push(own && nearestCosines(picture, own, width));
      }
      const logMatch = logShares(scores![mention]!.match);
      choices.push({ names: candidates.length, right, logMatch, cosines });
    }
  }
  return { config: { ...config, ...fitParameters(choices, config) }, ...whitened };
}

/**
 * Returns the vector of each entity's first picture (the view of the whole picture), scaled to length 1. Skips entities
 * whose first picture is missing.
 */
async function picturesOf({ entities, images, need }: ImageLikenessData): Promise<Float32Array[]> {
  const pictures: Float32Array[] = [];
  for await (const { images: paths } of entities) {
    const vectors = paths.length === 0 ? undefined : await images(paths[0]!);
    if (vectors !== undefined) pictures.push(unit(vectors.slice(0, vectors.length / need.views)));
  }
  return pictures;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** A training example: a mention in a caption with a picture, whose gold entity is among the candidates. */
export interface Choice {
  /** Number of mentions in the caption. */
  readonly names: number;
  /** Index of the gold entity among the candidates. */
  readonly right: number;
  /** The text model's log m of each candidate. */
  readonly logMatch: readonly number[];
  /**
   * For each candidate, the result of `nearestCosines` (one cosine per view); undefined if the entity has no picture
   * or is treated as if it had none.
   */
  readonly cosines: readonly (Float64Array | undefined)[];
}

type Parameters = Pick<ImageLikenessConfig, "scale" | "text" | "missing" | "bias">;

const KINDS = VIEW_KINDS.length;
/** Indices in the parameter vector: scale (a), text (t), scale × missing, and the first bias (b). */
const [A, T, M, B] = [0, 1, 2, 3];
/** Strength of the normal prior around the starting point. The prior has an effect only if there are few mentions. */
const PRIOR = 1;

/** Fits the parameters by maximum likelihood of the gold candidates, starting from `start`. */
export function fitParameters(
  choices: readonly Choice[],
  start: Parameters & Pick<ImageLikenessConfig, "views">,
): Parameters {
  const kinds = viewKinds(start.views);
  const begin = Float64Array.of(start.scale, start.text, start.scale * start.missing, ...start.bias.flat());
  const fitted = lbfgs((point, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (const choice of choices) loss += choiceLoss(choice, kinds, point, gradient);
    point.forEach((value, i) => {
      const distance = value - begin[i]!;
      loss += (PRIOR / 2) * distance * distance;
      gradient[i]! += PRIOR * distance;
    });
    return loss;
  }, begin);
  const round = (value: number): number => Number(value.toFixed(4)) + 0;
  const rows = Array.from({ length: NAME_COUNTS }, (_, names) => {
    const from = B + KINDS * names;
    return [round(fitted[from]!), round(fitted[from + 1]!), round(fitted[from + 2]!)] satisfies number[];
  });
  return {
    scale: round(fitted[A]!),
    text: round(fitted[T]!),
    missing: round(Math.max(-1, Math.min(1, fitted[M]! / fitted[A]!))),
    bias: rows as ImageLikenessConfig["bias"],
  };
}

/**
 * Returns the loss of one example, −log of the gold candidate's share, and adds the gradient of the loss to `gradient`.
 */
export function choiceLoss(
  { names, right, logMatch, cosines }: Choice,
  kinds: readonly number[],
  point: Float64Array,
  gradient: Float64Array,
): number {
  const base = B + KINDS * (Math.min(names, NAME_COUNTS) - 1);
  const count = logMatch.length;
  const scores = new Float64Array(count);
  const viewShares = new Float64Array(count * kinds.length); // share of each view in its candidate's exp(z)
  for (let i = 0; i < count; i++) {
    const own = cosines[i];
    const terms = kinds.map((kind, v) => (own ? point[A]! * own[v]! : point[M]!) + point[base + kind]!);
    const highest = Math.max(...terms);
    const total = terms.reduce((sum, term) => sum + Math.exp(term - highest), 0);
    scores[i] = point[T]! * logMatch[i]! + highest + Math.log(total);
    for (let v = 0; v < kinds.length; v++)
      viewShares[i * kinds.length + v] = Math.exp(terms[v]! - highest) / total;
  }
  const highest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), 0);
  for (let i = 0; i < count; i++) {
    const slope = Math.exp(scores[i]! - highest) / total - (i === right ? 1 : 0);
    gradient[T]! += slope * logMatch[i]!;
    const own = cosines[i];
    for (let v = 0; v < kinds.length; v++) {
      const share = slope * viewShares[i * kinds.length + v]!;
      if (own) gradient[A]! += share * own[v]!;
      else gradient[M]! += share;
      gradient[base + kinds[v]!]! += share;
    }
  }
  return highest + Math.log(total) - scores[right]!;
}
