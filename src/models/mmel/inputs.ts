import { type Caption, type Entity, MmelError } from "../../core/index.js";
import {
  bucketOf,
  type ContextTokens,
  type EntityTokens,
  entityText,
  type InputBatch,
  type InputTokens,
  type PairEncoder,
  packBatch,
  packInputs,
} from "../../encoders/index.js";
import type { ImageSource } from "../../pictures/index.js";
import type { Tensor, Tensors } from "../../tensor/engine/index.js";
import { FIXED_LENGTHS, isMentionPass } from "../baselines/table.js";
import { baselineOf, type MmelConfig, type Pass, passesOf, usesImages } from "./config.js";

/** The concatenated vectors of an image's views, [v d_v]; undefined if there is no image. */
export type ImageVectors = Float32Array | undefined;

/** The network's input for a pair of a mention and a candidate. */
export interface PairInput {
  /** Tokens for each pass of the text encoder. */
  readonly tokens: Readonly<Partial<Record<Pass, InputTokens>>>;
  readonly images: { readonly context: ImageVectors; readonly entity: ImageVectors };
  /** For baselines: pairs of the same entity, with the same text and images, have the same key. */
  readonly key?: string;
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
  const passes = passesOf(config);
  const withImages = usesImages(config);
  const vectorsOf = async (paths: string | readonly string[] | undefined): Promise<ImageVectors> => {
    if (!withImages || paths === undefined || paths.length === 0) return undefined;
    return checkedWidth(await images?.(paths), config);
  };
  const chosen = (tokensOf: (pass: Pass) => InputTokens | undefined): PairInput["tokens"] =>
    Object.fromEntries(
      passes.flatMap((pass) => {
        const tokens = tokensOf(pass);
        return tokens === undefined ? [] : [[pass, tokens]];
      }),
    );
  return async (caption, mention, entities) => {
    const { text, span } = caption.mentions[mention]!;
    const context = encoder.context(text, caption.text, span);
    const mentionTokens = chosen((pass) => ofMention(pass, caption, mention, context, encoder));
    const image = await vectorsOf(caption.image);
    const key = (entity: Entity): { key?: string } =>
      baselineOf(config) === undefined
        ? {}
        : {
            key: JSON.stringify([
              entity.id,
              entity.label,
              entityText(entity, config.entityText),
              entity.images,
            ]),
          };
    return Promise.all(
      entities.map(async (entity) => ({
        tokens: {
          ...mentionTokens,
          ...chosen((pass) => ofEntity(pass, entity, config, context, encoder)),
        },
        images: { context: image, entity: await vectorsOf(entity.images) },
        ...key(entity),
      })),
    );
  };
}

/** Returns the tokens of a pass of the mention's side; undefined for other passes. */
function ofMention(
  pass: Pass,
  caption: Caption,
  at: number,
  context: ContextTokens,
  encoder: PairEncoder,
): InputTokens | undefined {
  const { text, span } = caption.mentions[at]!;
  const place = caption.text.indexOf(text);
  const { start, end } = span ?? { start: place, end: place + text.length };
  const [before, after] =
    start < 0 ? [caption.text, ""] : [caption.text.slice(0, start), caption.text.slice(end)];
  const plain = (words: string, fromEnd = false): InputTokens =>
    encoder.plain(words, FIXED_LENGTHS[pass]!, fromEnd);
  if (pass === "context") return encoder.contextAlone(context);
  if (pass === "left") return plain(before, true);
  if (pass === "right") return plain(after);
  if (pass === "mention") return plain(text);
  if (pass === "letters") return plain([...text].join(" "));
  return undefined;
}

/** Returns the tokens of a pass of the entity's side or of the pair; undefined for other passes. */
function ofEntity(
  pass: Pass,
  entity: Entity,
  config: MmelConfig,
  context: ContextTokens,
  encoder: PairEncoder,
): InputTokens | undefined {
  const text = (): EntityTokens => encoder.entity(entityText(entity, config.entityText));
  if (pass === "pair") return encoder.pair(context, text());
  if (pass === "entity") return encoder.entityAlone(text());
  if (pass === "name") return encoder.plain(entity.label, FIXED_LENGTHS.name!);
  return undefined;
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
 * enough for all inputs of the pass, or to the longest input if none is. For a baseline, every `candidates` pairs share
 * their mention.
 */
export function pairInputs(
  rows: readonly PairInput[],
  config: MmelConfig,
  lengths: readonly number[],
  candidates = 1,
): Tensors {
  if (baselineOf(config) === undefined) return rowInputs(rows, config, passesOf(config), lengths);
  const mentions = rows.filter((_, row) => row % candidates === 0);
  return {
    ...sideInputs("mention", mentions, config, lengths),
    ...sideInputs("entity", rows, config, lengths),
  };
}

function rowInputs(
  rows: readonly PairInput[],
  config: MmelConfig,
  passes: readonly Pass[],
  lengths: readonly number[],
): Tensors {
  const inputs = passInputs(rows, passes, lengths);
  return usesImages(config) ? { ...inputs, ...imageInputs(rows, config) } : inputs;
}

function passInputs(
  rows: readonly PairInput[],
  passes: readonly Pass[],
  lengths: readonly number[],
): Tensors {
  const inputs: Record<string, Tensor> = {};
  for (const pass of passes) {
    const tokens = tokensIn(rows, pass);
    const longest = tokens.reduce((most, { ids }) => Math.max(most, ids.length), 0);
    const fixed = FIXED_LENGTHS[pass];
    const length = bucketOf(longest, fixed === undefined ? lengths : [fixed]);
    Object.assign(inputs, textInputs(pass, packBatch(tokens, [...tokens.keys()], length)));
  }
  return inputs;
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

/** Returns `images.vectors` [P, 2 v, d_v] and `images.present` [P, 2 v], with the views of the context before the entity's. */
function imageInputs(pairs: readonly PairInput[], config: MmelConfig): Tensors {
  const images = pairs.flatMap(({ images: { context, entity } }) => [context, entity]);
  const { vectors, present } = viewTensors(images, config);
  const size = [pairs.length, 2 * config.imageViews] as const;
  return {
    "images.vectors": { data: vectors, shape: [...size, config.imageWidth] },
    "images.present": { data: present, shape: size },
  };
}

/** Uses the first v vectors of each image. If there are fewer, the missing views are marked as absent. */
function viewTensors(images: readonly ImageVectors[], { imageWidth, imageViews }: MmelConfig) {
  const vectors = new Float32Array(images.length * imageViews * imageWidth);
  const present = new Uint8Array(images.length * imageViews);
  images.forEach((image, at) => {
    const row = at * imageViews;
    const given = image?.subarray(0, imageViews * imageWidth) ?? new Float32Array(0);
    vectors.set(given, row * imageWidth);
    present.fill(1, row, row + Math.floor(given.length / imageWidth));
  });
  return { vectors, present };
}

// ---- Sides of baselines ----

/** A side of a baseline: what candidates share, or what belongs to a candidate. */
export type SideName = "mention" | "entity";

/** Returns the graph inputs of one side of a baseline; `pairInputs` says how they are padded. */
export function sideInputs(
  side: SideName,
  rows: readonly PairInput[],
  config: MmelConfig,
  lengths: readonly number[],
): Tensors {
  const inputs = passInputs(rows, sidePasses(side, config), lengths);
  const { images, entityImages } = baselineOf(config)!;
  if (!(side === "mention" ? images : entityImages)) return inputs;
  const name = side === "mention" ? "context" : "entity";
  const { vectors, present } = viewTensors(
    rows.map((row) => row.images[name]),
    config,
  );
  const size = [rows.length, config.imageViews] as const;
  return {
    ...inputs,
    [`${name}.images`]: { data: vectors, shape: [...size, config.imageWidth] },
    [`${name}.present`]: { data: present, shape: size },
  };
}

const sidePasses = (side: SideName, config: MmelConfig): Pass[] =>
  passesOf(config).filter((pass) => isMentionPass(pass) === (side === "mention"));

/** Packs the rows of one side into batches, as `packPairs` does with pairs. */
export function* packSide(
  side: SideName,
  rows: readonly PairInput[],
  config: MmelConfig,
  batchTokens: number = BATCH_TOKENS,
): Iterable<PairBatch> {
  const tokens = tokensIn(rows, sidePasses(side, config)[0]!);
  const lengths = fittedLengths(
    tokens.map(({ ids }) => ids.length),
    batchTokens,
  );
  for (const { members } of packInputs(tokens, lengths, batchTokens)) {
    const chosen = members.map((member) => rows[member]!);
    yield { members, inputs: sideInputs(side, chosen, config, []) };
  }
}
