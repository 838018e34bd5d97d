import { type Caption, type Entity, MmelError } from "../../core/index.js";
import {
  bucketOf,
  type ContextTokens,
  entityText,
  type InputBatch,
  type InputTokens,
  type PairEncoder,
  packBatch,
  packInputs,
} from "../../encoders/index.js";
import type { ImageSource } from "../../pictures/index.js";
import type { Tensor, Tensors } from "../../tensor/engine/index.js";
import { type MmelConfig, type Pass, passesOf, variantOf } from "./config.js";

/** The concatenated vectors of an image's views, [v d_v]; undefined if there is no image. */
export type ImageVectors = Float32Array | undefined;

/** The network's input for a pair of a mention and a candidate. */
export interface PairInput {
  /** Tokens for each pass of the text encoder. */
  readonly tokens: Readonly<Partial<Record<Pass, InputTokens>>>;
  readonly images: { readonly context: ImageVectors; readonly entity: ImageVectors };
}

/** Prepares the network's inputs for one mention paired with each entity, in the order of the entities. */
export type PairReader = (
  caption: Caption,
  mention: number,
  entities: readonly Entity[],
) => Promise<PairInput[]>;

export interface PairReaderParts {
  readonly config: MmelConfig;
  readonly encoder: PairEncoder;
  /** Image vectors by path, relative to the images folder. By default no caption or entity has an image. */
  readonly images?: ImageSource | undefined;
}

/**
 * Creates a pair reader. The reader throws `CONFIG` if the length of an image's vectors is not a multiple of the width
 * that the model expects, because they come from a different encoder.
 */
export function createPairReader({ config, encoder, images }: PairReaderParts): PairReader {
  const { imageTokens, jointText } = variantOf(config);
  const vectorsOf = async (paths: string | readonly string[] | undefined): Promise<ImageVectors> => {
    if (imageTokens === 0 || paths === undefined || paths.length === 0) return undefined;
    return checkedWidth(await images?.(paths), config);
  };
  const tokensOf = (context: ContextTokens, entity: Entity): PairInput["tokens"] => {
    const text = encoder.entity(entityText(entity, config.entityText));
    if (jointText) return { pair: encoder.pair(context, text) };
    return { context: encoder.contextAlone(context), entity: encoder.entityAlone(text) };
  };
  return async (caption, mention, entities) => {
    const { text, span } = caption.mentions[mention]!;
    const context = encoder.context(text, caption.text, span);
    const image = await vectorsOf(caption.image);
    return Promise.all(
      entities.map(async (entity) => ({
        tokens: tokensOf(context, entity),
        images: { context: image, entity: await vectorsOf(entity.images) },
      })),
    );
  };
}

function checkedWidth(vectors: ImageVectors, { imageWidth }: MmelConfig): ImageVectors {
  if (vectors === undefined || vectors.length % imageWidth === 0) return vectors;
  throw new MmelError("CONFIG", {
    what: `the vectors of an image have ${vectors.length} values in total`,
    expected: `vectors of ${imageWidth} values each, from the image encoder that the model was trained with`,
  });
}

/** A caption with the entities that each of its mentions is paired with. */
export interface CaptionPairs {
  readonly caption: Caption;
  /** `candidates[i]` belongs to `caption.mentions[i]`. */
  readonly candidates: readonly (readonly { readonly entity: Entity }[])[];
}

/** Prepares the pairs of each mention with its own candidates, in the order of captions, mentions and candidates. */
export async function allPairs(captions: readonly CaptionPairs[], read: PairReader): Promise<PairInput[]> {
  const pairs: PairInput[] = [];
  for (const { caption, candidates } of captions)
    for (const [mention, list] of candidates.entries()) {
      const entities = list.map(({ entity }) => entity);
      pairs.push(...(await read(caption, mention, entities)));
    }
  return pairs;
}

/** Graph inputs for a batch of pairs. Row i is the pair at index `members[i]` in the list of pairs. */
export interface PairBatch {
  readonly members: readonly number[];
  readonly inputs: Tensors;
}

/**
 * Default number of tokens in a batch, including padding: large enough for fast matrix products, small enough for the
 * CPU cache.
 */
const BATCH_TOKENS = 1024;

/**
 * Packs pairs by length into batches. Every pair is in exactly one batch. In the first pass of the text encoder, a
 * batch has at most `batchTokens` tokens, including padding, unless it consists of a single pair. The first pass is
 * padded to one of `lengths` (default: `fittedLengths`), and any other pass to its longest input.
 */
export function* packPairs(
  pairs: readonly PairInput[],
  config: MmelConfig,
  batchTokens: number = BATCH_TOKENS,
  lengths?: readonly number[],
): Iterable<PairBatch> {
  const [first, ...others] = passesOf(config);
  const tokens = tokensIn(pairs, first);
  const sizes = tokens.map(({ ids }) => ids.length);
  for (const batch of packInputs(tokens, lengths ?? fittedLengths(sizes, batchTokens), batchTokens)) {
    const rows = batch.members.map((member) => pairs[member]!);
    yield {
      members: batch.members,
      inputs: { ...textInputs(first, batch), ...rowInputs(rows, config, others, []) },
    };
  }
}

/**
 * Returns ascending lengths to pad batches to. If inputs are packed longest first into batches of `batchTokens` tokens,
 * these lengths pad each batch to its own longest input.
 */
export function fittedLengths(sizes: readonly number[], batchTokens: number): number[] {
  const sorted = sizes.toSorted((a, b) => b - a);
  const lengths: number[] = [];
  for (let i = 0; i < sorted.length; i += Math.max(1, Math.floor(batchTokens / sorted[i]!)))
    if (sorted[i] !== lengths[0]) lengths.unshift(sorted[i]!);
  return lengths;
}

/**
 * Returns the graph inputs of pairs in the given order. Each pass is padded to the smallest of `lengths` that is long
 * enough for all inputs of the pass, or to the longest input if none is.
 */
export function pairInputs(
  rows: readonly PairInput[],
  config: MmelConfig,
  lengths: readonly number[],
): Tensors {
  return rowInputs(rows, config, passesOf(config), lengths);
}

function rowInputs(
  rows: readonly PairInput[],
  config: MmelConfig,
  passes: readonly Pass[],
  lengths: readonly number[],
): Tensors {
  const inputs: Record<string, Tensor> = {};
  for (const pass of passes) {
    const tokens = tokensIn(rows, pass);
    const longest = tokens.reduce((most, { ids }) => Math.max(most, ids.length), 0);
    const batch = packBatch(tokens, [...tokens.keys()], bucketOf(longest, lengths));
    Object.assign(inputs, textInputs(pass, batch));
  }
  return variantOf(config).imageTokens === 0 ? inputs : Object.assign(inputs, imageInputs(rows, config));
}

const tokensIn = (pairs: readonly PairInput[], pass: Pass): InputTokens[] =>
  pairs.map(({ tokens }) => tokens[pass]!);

/** Returns `PASS.ids` and the masks of a pass, all [P, L]. */
function textInputs(pass: Pass, { rows, length, ...batch }: InputBatch): Tensors {
  const names = ["ids", "segments", "attention", "context", "entity"] as const;
  return Object.fromEntries(
    names.map((name) => [`${pass}.${name}`, { data: batch[name], shape: [rows, length] }]),
  );
}

/**
 * Returns `images.vectors` [P, 2 v, d_v] and `images.present` [P, 2 v]. Uses the first v vectors of each side. If there
 * are fewer, the missing views are marked as absent.
 */
function imageInputs(pairs: readonly PairInput[], { imageWidth, imageViews }: MmelConfig): Tensors {
  const views = 2 * imageViews;
  const vectors = new Float32Array(pairs.length * views * imageWidth);
  const present = new Uint8Array(pairs.length * views);
  const put = (row: number, image: ImageVectors): void => {
    const given = image?.subarray(0, imageViews * imageWidth) ?? new Float32Array(0);
    vectors.set(given, row * imageWidth);
    present.fill(1, row, row + Math.floor(given.length / imageWidth));
  };
  pairs.forEach(({ images: { context, entity } }, pair) => {
    put(pair * views, context);
    put(pair * views + imageViews, entity);
  });
  return {
    "images.vectors": { data: vectors, shape: [pairs.length, views, imageWidth] },
    "images.present": { data: present, shape: [pairs.length, views] },
  };
}
