import { bucketOf, type InputBatch, type InputTokens, packBatch, packInputs } from "../../encoders/index.js";
import type { Tensor, Tensors } from "../../engine/index.js";
import { type MmelConfig, variantOf } from "./config.js";
import { imageInputs } from "./images.js";
import type { PairInput } from "./pair-input.js";
import { type Pass, passesOf } from "./pairs.js";

/** Inputs of a graph for some pairs: row i is the pair at `members[i]` of the list that was packed. */
export interface PairBatch {
  readonly members: readonly number[];
  readonly inputs: Tensors;
}

/** How far apart the lengths are that inputs get padded to. */
const STEP = 8;

/** Ascending multiples of 8 up to `maxTokens`: few enough that batches fill, close enough that padding stays small. */
export function paddedLengths(maxTokens: number): readonly number[] {
  return [...Array(Math.floor((maxTokens - 1) / STEP)).keys()].map((at) => (at + 1) * STEP).concat(maxTokens);
}

/** Packs pairs by length into batches of at most `batchTokens` places a pass; every pair lies in exactly one. */
export function* packPairs(
  pairs: readonly PairInput[],
  config: MmelConfig,
  lengths: readonly number[],
  batchTokens?: number,
): Iterable<PairBatch> {
  const [first, ...others] = passesOf(config);
  for (const batch of packInputs(tokensOf(pairs, first), lengths, batchTokens)) {
    const rows = batch.members.map((member) => pairs[member]!);
    const inputs = Object.assign(textInputs(first, batch), rowInputs(rows, config, others, lengths));
    yield { members: batch.members, inputs };
  }
}

/** Inputs for pairs in the order given, each pass padded to the smallest of `lengths` that holds all of it. */
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
