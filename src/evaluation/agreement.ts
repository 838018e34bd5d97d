import type { Caption, Gold, Mention } from "../core/index.js";
import { createRandom } from "../core/index.js";
import { type Interval, interval95Of } from "./bootstrap.js";

/** How two reviewers decided a mention. */
export interface Decisions {
  readonly mention: Mention;
  /** The first reviewer's decision; undefined if undecided, or if the mention is not in that file. */
  readonly first: Gold | undefined;
  readonly second: Gold | undefined;
}

/** A caption that both reviewers have, with the mentions of either. */
export interface Compared {
  readonly caption: Caption;
  readonly mentions: readonly Decisions[];
}

/** How well two reviewers agree. All counts are of mentions, except `captions`. */
export interface Agreement {
  /** Captions in each file, in both, and in both but with another text, which are not compared. */
  readonly captions: {
    readonly first: number;
    readonly second: number;
    readonly both: number;
    readonly changed: number;
  };
  /** Mentions that both decided, only one decided, and none decided. */
  readonly mentions: {
    readonly both: number;
    readonly onlyFirst: number;
    readonly onlySecond: number;
    readonly undecided: number;
  };
  readonly agreed: number;
  /** Mentions for which one reviewer chose an entity and the other NIL, and for which they chose different entities. */
  readonly nilAgainstEntity: number;
  readonly otherEntity: number;
  /** Share of the mentions decided by both on which they agree; null without such mentions. */
  readonly agreement: Figure | null;
  /** Cohen's kappa; null if it is not defined. */
  readonly kappa: Figure | null;
}

interface Figure {
  readonly value: number;
  /** 95 % percentile bootstrap interval; captions are resampled as a whole. Null for a single caption. */
  readonly interval95: Interval | null;
}

/**
 * Compares the captions of two reviewers. A mention is the same if it has the same text and span. Keeps the captions of
 * both in memory.
 */
export function compareDecisions(
  first: readonly Caption[],
  second: readonly Caption[],
): { readonly compared: readonly Compared[]; readonly agreement: Agreement } {
  const firstById = new Map(first.map((caption) => [caption.id, caption]));
  const pairs = second.flatMap((caption) => {
    const other = firstById.get(caption.id);
    return other === undefined ? [] : [[other, caption] as const];
  });
  const compared = pairs
    .filter(([a, b]) => a.text === b.text)
    .map(([a, b]): Compared => ({ caption: a, mentions: joined(a, b) }));
  const captions = {
    first: first.length,
    second: second.length,
    both: compared.length,
    changed: pairs.length - compared.length,
  };
  return { compared, agreement: { captions, ...agreementOf(compared) } };
}

const keyOf = ({ text, span }: Mention): string => JSON.stringify([text, span?.start, span?.end]);

function joined(a: Caption, b: Caption): Decisions[] {
  const second = new Map(b.mentions.map((mention) => [keyOf(mention), mention]));
  const inFirst = a.mentions.map((mention): Decisions => {
    const other = second.get(keyOf(mention));
    second.delete(keyOf(mention));
    return { mention, first: mention.gold, second: other?.gold };
  });
  const others = [...second.values()].map(
    (mention): Decisions => ({ mention, first: undefined, second: mention.gold }),
  );
  return [...inFirst, ...others];
}

/** Returns the category of a decision: an entity's id, or a word for NIL that no id can be confused with. */
const categoryOf = (gold: Gold): string => (gold.kind === "nil" ? "nil" : `entity ${gold.id}`);

type Pair = readonly [first: string, second: string];

/** Number of bootstrap samples. */
const RESAMPLES = 1000;

function agreementOf(compared: readonly Compared[]): Omit<Agreement, "captions"> {
  const all = compared.flatMap(({ mentions }) => mentions);
  const clusters = compared
    .map(({ mentions }) => mentions.flatMap(pairOf))
    .filter((pairs) => pairs.length > 0);
  const pairs = clusters.flat();
  const different = pairs.filter(([a, b]) => a !== b);
  const nilAgainstEntity = different.filter((pair) => pair.includes("nil")).length;
  const count = (is: (one: Decisions) => boolean): number => all.filter(is).length;
  return {
    mentions: {
      both: pairs.length,
      onlyFirst: count(({ first, second }) => first !== undefined && second === undefined),
      onlySecond: count(({ first, second }) => first === undefined && second !== undefined),
      undecided: count(({ first, second }) => first === undefined && second === undefined),
    },
    agreed: pairs.length - different.length,
    nilAgainstEntity,
    otherEntity: different.length - nilAgainstEntity,
    agreement: figure(clusters, observed),
    kappa: figure(clusters, kappa),
  };
}

const pairOf = ({ first, second }: Decisions): Pair[] =>
  first === undefined || second === undefined ? [] : [[categoryOf(first), categoryOf(second)]];

const observed = (pairs: readonly Pair[]): number => pairs.filter(([a, b]) => a === b).length / pairs.length;

/**
 * Cohen's kappa (Cohen 1960): (p_o − p_e) / (1 − p_e). p_o is the share of equal decisions, and p_e is the share that is
 * expected if the reviewers decide independently, each as often for each category as they did. NaN if p_e is 1.
 */
function kappa(pairs: readonly Pair[]): number {
  const counts = new Map<string, [first: number, second: number]>();
  for (const [reviewer, side] of [0, 1].flatMap((at) => pairs.map((pair) => [at, pair[at]!] as const))) {
    const count = counts.get(side) ?? [0, 0];
    count[reviewer as 0 | 1]++;
    counts.set(side, count);
  }
  const expected = [...counts.values()].reduce((sum, [a, b]) => sum + (a * b) / pairs.length ** 2, 0);
  return expected === 1 ? Number.NaN : (observed(pairs) - expected) / (1 - expected);
}

/** Computes a measure and its interval. Returns null if the measure is not defined. */
function figure(
  clusters: readonly (readonly Pair[])[],
  measure: (pairs: readonly Pair[]) => number,
): Figure | null {
  const value = measure(clusters.flat());
  if (Number.isNaN(value)) return null;
  if (clusters.length < 2) return { value, interval95: null };
  const random = createRandom(0);
  const drawn = Array.from({ length: RESAMPLES }, () =>
    measure(clusters.flatMap(() => clusters[random.below(clusters.length)]!)),
  );
  return { value, interval95: interval95Of(drawn) };
}
