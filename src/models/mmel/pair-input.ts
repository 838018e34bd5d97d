import { type Caption, type CaptionCandidates, type Entity, MmelError } from "../../core/index.js";
import { type ContextTokens, entityText, type InputTokens, type PairEncoder } from "../../encoders/index.js";
import type { ImageSource } from "../../pictures/index.js";
import { type MmelConfig, variantOf } from "./config.js";
import type { ImageVectors, PairImages } from "./images.js";
import type { Pass } from "./network.js";

/** A mention with a candidate, ready for the graph: the tokens of each pass of the text encoder, and both images. */
export interface PairInput {
  readonly tokens: Readonly<Partial<Record<Pass, InputTokens>>>;
  readonly images: PairImages;
}

export interface PairReaderParts {
  readonly config: MmelConfig;
  readonly encoder: PairEncoder;
  /** Vectors of the images at paths below the images folder; default: nothing has an image. */
  readonly images?: ImageSource | undefined;
}

/** The pairs of one mention of a caption with some entities, in their order. */
export type PairReader = (
  caption: Caption,
  mention: number,
  entities: readonly Entity[],
) => Promise<PairInput[]>;

export function createPairReader({ config, encoder, images }: PairReaderParts): PairReader {
  const { imageTokens, jointText } = variantOf(config);
  const look = async (paths: string | readonly string[] | undefined): Promise<ImageVectors> => {
    if (imageTokens === 0 || paths === undefined || paths.length === 0) return undefined;
    return whole(await images?.(paths), config);
  };
  const tokens = (context: ContextTokens, entity: Entity): PairInput["tokens"] => {
    const text = encoder.entity(entityText(entity, config.entityText));
    if (jointText) return { pair: encoder.pair(context, text) };
    return { context: encoder.contextAlone(context), entity: encoder.entityAlone(text) };
  };
  return async (caption, at, entities) => {
    const { text, span } = caption.mentions[at]!;
    const context = encoder.context(text, caption.text, span);
    const image = await look(caption.image);
    return Promise.all(
      entities.map(async (entity) => ({
        tokens: tokens(context, entity),
        images: { context: image, entity: await look(entity.images) },
      })),
    );
  };
}

/** `CONFIG` for vectors of another width than the model's: those of another encoder. */
function whole(vectors: ImageVectors, { imageWidth }: MmelConfig): ImageVectors {
  if (vectors === undefined || vectors.length % imageWidth === 0) return vectors;
  throw new MmelError("CONFIG", {
    what: `${vectors.length} values for a picture`,
    expected: `vectors of ${imageWidth} values, from the image encoder that the model was trained with`,
  });
}

/** Every mention with every candidate, in order of caption, mention and candidate. */
export async function allPairs(
  captions: readonly CaptionCandidates[],
  read: PairReader,
): Promise<PairInput[]> {
  const pairs: PairInput[] = [];
  for (const { caption, candidates } of captions)
    for (const [at, list] of candidates.entries())
      pairs.push(
        ...(await read(
          caption,
          at,
          list.map(({ entity }) => entity),
        )),
      );
  return pairs;
}
