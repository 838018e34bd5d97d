import { bucketOf } from "../../encoders/index.js";
import {
  type GroupShape,
  type MmelConfig,
  type PairInput,
  type PairReader,
  pairInputs,
  passesOf,
} from "../../models/mmel/index.js";
import type { Tensors } from "../../tensor/engine/index.js";
import type { Group } from "./sample.js";

/** A part of a step's captions that goes through the network at once. */
export interface PackedGroups {
  readonly shape: GroupShape;
  /** Padded length of all passes. */
  readonly length: number;
  readonly inputs: Tensors;
}

interface Tokenised {
  readonly mentions: 1 | 2;
  readonly candidates: number;
  readonly pairs: readonly PairInput[];
  readonly priors: readonly number[];
  /** Longest pair in tokens. */
  readonly longest: number;
}

export interface PackingOptions {
  readonly config: MmelConfig;
  readonly read: PairReader;
  /** Ascending lengths that inputs are padded to. */
  readonly lengths: readonly number[];
  /** Places of one micro-batch, padding included. */
  readonly tokens: number;
  /** Factor on the lexical prior. */
  readonly priorShare: number;
}

/**
 * The micro-batches of one step. Groups of one make, with near lengths, go together; a caption's weight is its share of
 * the step, so how they are packed changes no gradient. Micro-batches are full or hold a power of two of groups, the last
 * repeated with weight 0 where groups are missing, so that few shapes occur and each is compiled once.
 */
export async function packGroups(groups: readonly Group[], options: PackingOptions): Promise<PackedGroups[]> {
  const tokenised = await Promise.all(groups.map((group) => tokenise(group, options.read)));
  const makes = new Map<string, Tokenised[]>();
  for (const one of tokenised) makes.set(makeOf(one), [...(makes.get(makeOf(one)) ?? []), one]);
  const packed: PackedGroups[] = [];
  for (const same of makes.values()) {
    same.sort((a, b) => b.longest - a.longest);
    for (let at = 0; at < same.length; ) {
      const length = bucketOf(same[at]!.longest, options.lengths);
      const most = capacity(same[at]!, length, options.tokens);
      const size = Math.min(most, 2 ** Math.ceil(Math.log2(same.length - at)));
      packed.push(pack(same.slice(at, at + size), size, length, groups.length, options));
      at += size;
    }
  }
  return packed;
}

const makeOf = ({ mentions, candidates }: Tokenised): string => `${mentions}x${candidates}`;

const capacity = ({ pairs }: Tokenised, length: number, tokens: number): number =>
  Math.max(1, Math.floor(tokens / (pairs.length * length)));

async function tokenise({ caption, mentions }: Group, read: PairReader): Promise<Tokenised> {
  const candidates = Math.min(...mentions.map(({ choices }) => choices.length));
  const chosen = mentions.map(({ at, choices }) => ({ at, choices: choices.slice(0, candidates) }));
  const pairs = (
    await Promise.all(
      chosen.map(({ at, choices }) =>
        read(
          caption,
          at,
          choices.map(({ entity }) => entity),
        ),
      ),
    )
  ).flat();
  const lengths = pairs.flatMap(({ tokens }) => Object.values(tokens).map(({ ids }) => ids.length));
  return {
    mentions: mentions.length === 1 ? 1 : 2,
    candidates,
    pairs,
    priors: chosen.flatMap(({ choices }) => choices.map(({ prior }) => prior)),
    longest: Math.max(...lengths),
  };
}

function pack(
  groups: readonly Tokenised[],
  size: number,
  length: number,
  stepGroups: number,
  { config, priorShare }: PackingOptions,
): PackedGroups {
  const { mentions, candidates } = groups[0]!;
  const filled = Array.from({ length: size }, (_, at) => groups[Math.min(at, groups.length - 1)]!);
  const weights = Float32Array.from(filled, (_, at) => (at < groups.length ? 1 / stepGroups : 0));
  const priors = Float32Array.from(filled.flatMap(({ priors }) => priors.map((prior) => priorShare * prior)));
  return {
    shape: { groups: size, mentions, candidates },
    length,
    inputs: {
      ...pairInputs(
        filled.flatMap(({ pairs }) => pairs),
        config,
        [length],
      ),
      weights: { data: weights, shape: [size] },
      ...(config.lexicalPrior && { prior: { data: priors, shape: [priors.length] } }),
    },
  };
}

/** The key of the program that a micro-batch needs. */
export function programKey({ shape, length }: Pick<PackedGroups, "shape" | "length">): string {
  return `train-${shape.groups}x${shape.mentions}x${shape.candidates}x${length}`;
}

/** The lengths of every pass of a micro-batch's program. */
export function passLengths(config: MmelConfig, length: number): Readonly<Record<string, number>> {
  return Object.fromEntries(passesOf(config).map((pass) => [pass, length]));
}
