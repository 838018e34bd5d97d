import { bucketOf, type InputBatch, type InputTokens, packBatch, packInputs } from "../../encoders/index.js";
import type { Tensor, Tensors } from "../../tensor/engine/index.js";
import { type MmelConfig, variantOf } from "./config.js";
import { imageInputs } from "./images.js";
import type { PairInput } from "./pair-input.js";
import { type Pass, passesOf } from "./network.js";

/** Inputs of a graph for some pairs: row i is the pair at `members[i]` of the list that was packed. */
export interface PairBatch {
  readonly members: readonly number[];
  readonly inputs: Tensors;
}

/**
 * The lengths to pad to so that, taken longest first, each batch of `batchTokens` places is padded to its own longest
 * input: ascending.
 */
export function fittedLengths(sizes: readonly number[], batchTokens: number): number[] {
  const sorted = sizes.toSorted((a, b) => b - a);
  const lengths: number[] = [];
  for (let at = 0; at < sorted.length; at += Math.max(1, Math.floor(batchTokens / sorted[at]!)))
    if (sorted[at] !== lengths[0]) lengths.unshift(sorted[at]!);
  return lengths;
}

/** Tokens of a batch, padding included, unless said otherwise: enough for fast products, few enough to stay in the cache. */
const BATCH_TOKENS = 1024;

/**
 * Packs pairs by length into batches of about `batchTokens` places, each pair in exactly one; `lengths` are those that
 * the first pass of the text encoder may be padded to.
 */
export function* packPairs(
  pairs: readonly PairInput[],
  config: MmelConfig,
  batchTokens: number = BATCH_TOKENS,
  lengths?: readonly number[],
): Iterable<PairBatch> {
  const [first, ...others] = passesOf(config);
  const tokens = tokensOf(pairs, first);
  const sizes = tokens.map(({ ids }) => ids.length);
  for (const batch of packInputs(tokens, lengths ?? fittedLengths(sizes, batchTokens), batchTokens)) {
    const rows = batch.members.map((member) => pairs[member]!);
    yield {
      members: batch.members,
      inputs: Object.assign(textInputs(first, batch), rowInputs(rows, config, others, [])),
    };
  }
}

/** Inputs for pairs in the order given, each pass padded to the smallest of `lengths` that holds all of it, else to its longest. */
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
    const tokens = tokensOf(rows, pass);
    const longest = tokens.reduce((most, { ids }) => Math.max(most, ids.length), 0);
    Object.assign(
      inputs,
      textInputs(pass, packBatch(tokens, [...tokens.keys()], bucketOf(longest, lengths))),
    );
  }
  if (variantOf(config).imageTokens === 0) return inputs;
  return Object.assign(
    inputs,
    imageInputs(
      rows.map(({ images }) => images),
      config,
    ),
  );
}

const tokensOf = (pairs: readonly PairInput[], pass: Pass): InputTokens[] =>
  pairs.map(({ tokens }) => tokens[pass]!);

function textInputs(pass: Pass, { rows, length, ...batch }: InputBatch): Tensors {
  const names = ["ids", "segments", "attention", "context", "entity"] as const;
  return Object.fromEntries(
    names.map((name) => [`${pass}.${name}`, { data: batch[name], shape: [rows, length] }]),
  );
}
