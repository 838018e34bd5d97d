import type { CaptionCandidates, Entity } from "../../core/index.js";
import { createRandom } from "../../core/index.js";
import { priorsOf } from "../../models/cascade/index.js";
import {
  createProjector,
  NAME_COUNTS,
  nearestCosines,
  type Sight,
  type SightConfig,
} from "../../models/image-likeness/index.js";
import type { Model } from "../../models/model.js";
import type { ImageNeed, ImageSource } from "../../pictures/index.js";
import { type Choice, fitNumbers } from "./numbers.js";
import { fitWhitening } from "./whitening.js";

export interface SightData {
  /** Whose pictures are whitened. */
  readonly entities: AsyncIterable<Entity>;
  /** With gold and candidates. */
  readonly captions: AsyncIterable<CaptionCandidates>;
  /** Scores by the text. */
  readonly text: Model;
  readonly images: ImageSource;
  readonly need: ImageNeed;
}

export interface SightOptions {
  /** See `fitWhitening` (3). */
  readonly ridge?: number;
  /** Share of the candidates that are taken to have no picture, so that the fit knows what that means (0.1). */
  readonly hidden?: number;
  readonly seed?: number;
}

/**
 * Fits what pictures say: the whitening to the entities' pictures, of which nobody need say what they show; then, with
 * the text's scores as they are, the few numbers of `SightConfig` to captions with gold by maximum likelihood.
 */
export async function fitSight(data: SightData, options: SightOptions = {}): Promise<Sight> {
  const { ridge = 3, hidden = 0.1, seed = 1 } = options;
  const { images, need } = data;
  const pictures = await picturesOf(data);
  const width = pictures[0]!.length;
  const whitened = fitWhitening(pictures, ridge);
  const config: SightConfig = {
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
  const known = new Map<string, Promise<Float32Array | undefined>>();
  const choices: Choice[] = [];
  for await (const found of data.captions) {
    const { caption, candidates } = found;
    const picture = caption.image === undefined ? undefined : await project(caption.image, need.views);
    if (picture === undefined) continue;
    const [scores] = await data.text.score([found]);
    for (const [at, list] of candidates.entries()) {
      const { gold } = caption.mentions[at]!;
      const right = list.findIndex(({ entity }) => gold?.kind === "entity" && gold.id === entity.id);
      if (right < 0) continue;
      const cosines: (Float64Array | undefined)[] = [];
      for (const { entity } of list) {
        const looking = known.get(entity.id) ?? project(entity.images, entity.images.length);
        known.set(entity.id, looking);
        const own = random.next() < hidden ? undefined : await looking;
        cosines.push(own && nearestCosines(picture, own, width));
      }
      choices.push({ names: candidates.length, right, priors: priorsOf(scores![at]!), cosines });
    }
  }
  return { config: { ...config, ...fitNumbers(choices, config) }, ...whitened };
}

/** The first picture of every entity that has one, whole, as a vector of length 1. */
async function picturesOf({ entities, images, need }: SightData): Promise<Float32Array[]> {
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
