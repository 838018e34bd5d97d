import { LRUCache } from "lru-cache";
import { type CaptionCandidates, type Entity, throwIfAborted } from "../../core/index.js";
import type { ImageSource } from "../../pictures/index.js";
import { priorsOf } from "../cascade/prior.js";
import type { MentionScores, Model } from "../model.js";
import { shares } from "../softmax.js";
import { nearestCosines, pictureEvidence } from "./evidence.js";
import type { Sight } from "./likeness.js";
import type { Projector } from "./projector.js";

export interface SightedParts<Feature> {
  /** Scores by the text; closed with what is made of it. */
  readonly first: Model<Feature>;
  readonly sight: Pick<Sight, "config">;
  readonly projector: Projector;
  readonly images: ImageSource;
}

/** Entities whose pictures are kept projected: some 5 kB each. */
const KEPT = 8192;

/**
 * A model of the text that looks at pictures too: m = softmax over the mention's candidates of t log m + z, z what the
 * caption's picture says (`pictureEvidence`). A caption without a picture, or with none that can be read, keeps its scores
 * to the bit; an entity without one gets the z of a cosine that says nothing.
 */
export function createSighted<Feature>(parts: SightedParts<Feature>): Model<Feature> {
  const { first, sight, projector } = parts;
  const eyes = openEyes(parts);
  const close = async (): Promise<void> => {
    await projector[Symbol.asyncDispose]();
    await first.close();
  };
  return {
    ...first,
    async score(captions, options) {
      const before = await first.score(captions, options);
      return Promise.all(
        captions.map(async (caption, at) => {
          throwIfAborted(options?.signal);
          const evidence = await eyes(caption);
          if (evidence === undefined) return before[at]!;
          return before[at]!.map((scores, mention) => merged(scores, evidence[mention]!, sight.config.text));
        }),
      );
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** z of every candidate of every mention of a caption; undefined for a caption without a picture. */
export function openEyes({
  sight: { config },
  projector,
  images,
}: Pick<SightedParts<unknown>, "sight" | "projector" | "images">) {
  const { width } = config;
  const known = new LRUCache<string, Promise<Float32Array | undefined>>({ max: KEPT });
  const look = async ({ images: paths }: Entity): Promise<Float32Array | undefined> => {
    if (paths.length === 0) return undefined;
    const vectors = await images(paths);
    // The wholes come first, one a picture; what follows are parts of them.
    return vectors && projector.project(vectors.slice(0, width * Math.min(paths.length, config.views)));
  };
  const entityOf = (entity: Entity): Promise<Float32Array | undefined> => {
    const key = entity.images.join("\n");
    const looking = known.get(key) ?? look(entity);
    known.set(key, looking);
    return looking;
  };
  return async ({ caption, candidates }: CaptionCandidates): Promise<number[][] | undefined> => {
    const vectors = caption.image === undefined ? undefined : await images(caption.image);
    if (vectors === undefined) return undefined;
    const picture = await projector.project(vectors);
    const evidenceOf = async ({ entity }: { entity: Entity }): Promise<number> => {
      const own = await entityOf(entity);
      const cosines = own
        ? nearestCosines(picture, own, width)
        : new Float64Array(config.views).fill(config.missing);
      return pictureEvidence(cosines, candidates.length, config);
    };
    return Promise.all(candidates.map((list) => Promise.all(list.map(evidenceOf))));
  };
}

function merged<Feature>(
  scores: MentionScores<Feature>,
  evidence: readonly number[],
  text: number,
): MentionScores<Feature> {
  const match = shares(priorsOf(scores).map((prior, at) => text * prior + evidence[at]!));
  return {
    ...scores,
    match,
    explain: (at) => ({ picture: evidence[at]!, ...scores.explain?.(at) }),
  };
}
