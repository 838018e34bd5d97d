import { bucketOf } from "../../encoders/index.js";
import {
  type GroupShape,
  type MmelConfig,
  type PairInput,
  type PairReader,
  pairInputs,
} from "../../models/mmel/index.js";
import type { Tensors } from "../../tensor/engine/index.js";
import type { Group } from "./sample.js";

/** A micro-batch: some of a step's captions, which the network processes together. */
export interface PackedGroups {
  readonly shape: GroupShape;
  /** Length to which each token sequence is padded, in tokens. */
  readonly length: number;
  readonly inputs: Tensors;
}

interface TokenisedGroup {
  readonly mentions: number;
  readonly candidates: number;
  readonly pairs: readonly PairInput[];
  readonly priors: readonly number[];
  /** Length of the longest pair, in tokens. */
  readonly longest: number;
}

export interface PackingOptions {
  readonly config: MmelConfig;
  readonly read: PairReader;
  /** Lengths to which inputs can be padded, in tokens, in ascending order. */
  readonly lengths: readonly number[];
  /**
   * Maximum number of tokens in a micro-batch, including padding. A group that exceeds it is a micro-batch of its own.
   */
  readonly tokens: number;
  /** Factor by which the lexical prior is multiplied. */
  readonly priorShare: number;
}

/**
 * Packs the groups of a step into micro-batches. The groups in a micro-batch have equal numbers of mentions and
 * candidates, and similar lengths. Each caption's loss is weighted by 1 / (captions in the step), so packing does not
 * change the gradient. A program must be compiled for each shape. To limit the number of shapes, copies of a group are
 * added to a micro-batch until the number of groups is a power of two or the micro-batch is full. The copies have loss
 * weight 0.
 */
export async function packGroups(groups: readonly Group[], options: PackingOptions): Promise<PackedGroups[]> {
  const tokenised = await Promise.all(groups.map((group) => tokenise(group, options.read)));
  const byCounts = new Map<string, TokenisedGroup[]>();
  for (const group of tokenised) {
    const counts = countsOf(group);
    byCounts.set(counts, [...(byCounts.get(counts) ?? []), group]);
  }
  const packed: PackedGroups[] = [];
  for (const same of byCounts.values()) {
    same.sort((a, b) => b.longest - a.longest);
    for (let start = 0; start < same.length; ) {
      const length = bucketOf(same[start]!.longest, options.lengths);
      const most = capacity(same[start]!, length, options.tokens);
      const size = Math.min(most, 2 ** Math.ceil(Math.log2(same.length - start)));
      packed.push(pack(same.slice(start, start + size), size, length, groups.length, options));
      start += size;
    }
  }
  return packed;
}

const countsOf = ({ mentions, candidates }: TokenisedGroup): string => `${mentions}x${candidates}`;

const capacity = ({ pairs }: TokenisedGroup, length: number, tokens: number): number =>
  Math.max(1, Math.floor(tokens / (pairs.length * length)));

async function tokenise({ caption, mentions }: Group, read: PairReader): Promise<TokenisedGroup> {
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
    mentions: mentions.length,
    candidates,
    pairs,
    priors: chosen.flatMap(({ choices }) => choices.map(({ prior }) => prior)),
    longest: Math.max(...lengths),
  };
}

function pack(
  groups: readonly TokenisedGroup[],
  size: number,
  length: number,
  stepGroups: number,
  { config, priorShare }: PackingOptions,
): PackedGroups {
  const { mentions, candidates } = groups[0]!;
  const filled = Array.from({ length: size }, (_, i) => groups[Math.min(i, groups.length - 1)]!);
  const weights = Float32Array.from(filled, (_, i) => (i < groups.length ? 1 / stepGroups : 0));
  const pairs = filled.flatMap(({ pairs }) => pairs);
  const captions = filled.flatMap((group) => Array<TokenisedGroup>(mentions).fill(group));
  const priors = Float32Array.from(filled.flatMap(({ priors }) => priors.map((prior) => priorShare * prior)));
  return {
    shape: { groups: size, mentions, candidates },
    length,
    inputs: {
      ...pairInputs(pairs, config, [length], candidates),
      ...numbered(
        "entities",
        pairs.map(({ key }) => key),
      ),
      ...numbered("captions", captions),
      weights: { data: weights, shape: [size] },
      ...(config.lexicalPrior && { prior: { data: priors, shape: [priors.length] } }),
    },
  };
}

/**
 * The inputs with which the losses within a batch recognise what occurs again: `NAME` numbers the items, and `NAME.first` marks
 * where an item occurs for the first time: [N] each. Programs without such a loss ignore them.
 */
function numbered(name: "entities" | "captions", items: readonly unknown[]): Tensors {
  const first = new Map<unknown, number>();
  for (const [at, item] of items.entries()) if (!first.has(item)) first.set(item, at);
  const shape = [items.length];
  return {
    [name]: { data: BigInt64Array.from(items, (item) => BigInt(first.get(item)!)), shape },
    [`${name}.first`]: { data: Uint8Array.from(items, (item, at) => Number(first.get(item) === at)), shape },
  };
}

/** Returns the key of the program for a micro-batch. */
export function programKey({ shape, length }: Pick<PackedGroups, "shape" | "length">): string {
  return `train-${shape.groups}x${shape.mentions}x${shape.candidates}x${length}`;
}
