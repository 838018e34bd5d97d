import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "../core/index.js";
import { keepBest, notANumber } from "../models/keep-best.js";
import type { PairSimilarity } from "../models/model.js";

/**
 * A mention that takes part in collaborative ranking. `match[i]` and `features[i]` are the score m and the feature of
 * its candidate i.
 */
export interface Participant<Feature> {
  readonly match: readonly number[];
  readonly features: readonly Feature[];
}

export interface CollaborationOptions {
  /** Number of combinations to keep after each step: |E| in the paper; default 100, or 256 with pair evidence. */
  readonly beam?: number;
  /**
   * Score by which combinations are selected: the mean of the three values that `collaborate` describes (the default),
   * or only the similarity S, as printed in the paper.
   */
  readonly select?: "mean" | "similarity";
  /** Whether to use the mean of S(a, b) and S(b, a) instead of S(a, b); default false. */
  readonly symmetric?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Limit on tied items, as a multiple of the number of items to keep. Items that are tied at the cut are all kept if the
 * total stays within this limit. Otherwise, all tied items are dropped.
 */
export const TIED_BEAMS = 4;

/** Number of mentions between yields to the event loop, so that a caption with 1,000 mentions can be interrupted. */
const YIELD_EVERY = 16;

/** Combinations of candidates, with one candidate from each mention that has joined so far. */
interface Combinations<Feature> {
  readonly score: readonly number[];
  readonly features: readonly Feature[];
}

/**
 * A step in which one mention joins. Combination i extends combination `parent[i]` of the previous step by candidate
 * `candidate[i]`.
 */
interface Step {
  readonly mention: number;
  readonly parent: readonly number[];
  readonly candidate: readonly number[];
}

/**
 * Ranks the candidates of several mentions collaboratively (section 3.5 and figure 3 of the paper). The mentions join
 * one after the other in the given order; the caller sorts them by descending best m. The score of an extended
 * combination is the mean of three values: its previous score, the new candidate's m, and the similarity S between the
 * previous combination and the new candidate. The feature of an extended combination is the mean of the features of the
 * previous combination and the new candidate. Returns, for each candidate of each mention, the best score of the
 * surviving combinations that contain the candidate, or 0 if there are none or if only one mention joins.
 *
 * Computes at most 4 × `beam` similarities per candidate of the joining mention, or twice as many with `symmetric`.
 * Combinations that are tied at the cut survive. If this would keep more than 4 × `beam` combinations and further
 * mentions are to join, all tied combinations are dropped. A mention is skipped if it has no candidates or if none of
 * its combinations would survive. Memory is therefore bounded for any number of ties, and equal candidates are treated
 * equally.
 */
export async function collaborate<Feature>(
  mentions: readonly Participant<Feature>[],
  pairs: PairSimilarity<Feature>,
  { beam = 100, select = "mean", symmetric = false, signal }: CollaborationOptions = {},
): Promise<readonly Float64Array[]> {
  const steps: Step[] = [];
  let combinations: Combinations<Feature> = { score: [], features: [] };
  for (const [at, mention] of mentions.entries()) {
    if (at % YIELD_EVERY === YIELD_EVERY - 1) await setImmediate();
    throwIfAborted(signal);
    const limit = at === mentions.length - 1 ? Number.POSITIVE_INFINITY : TIED_BEAMS * beam;
    const join = steps.length === 0 ? start(mention) : await extend(combinations, mention, pairs, symmetric);
    const kept = keepBest(select === "mean" ? join.mean : join.similarity, beam, limit);
    if (kept.length === 0) continue;
    const { parent, candidate } = join.split(kept);
    steps.push({ mention: at, parent, candidate });
    const own = pick(mention.features, candidate);
    const features =
      parent.length === 0 ? own : own.map((f, i) => pairs.combine(combinations.features[parent[i]!]!, f));
    combinations = { score: pick(join.mean, kept), features };
  }
  return bestOfSurvivors(mentions, steps, combinations.score);
}

/** All combinations after a mention has joined and before the selection, as flat arrays. */
interface Join {
  readonly mean: ArrayLike<number>;
  readonly similarity: ArrayLike<number>;
  /** Returns the previous combination and the new candidate of the combination at each position. */
  split(positions: readonly number[]): Pick<Step, "parent" | "candidate">;
}

function start({ match }: Participant<unknown>): Join {
  return { mean: match, similarity: match, split: (candidate) => ({ parent: [], candidate }) };
}

async function extend<Feature>(
  { score, features }: Combinations<Feature>,
  joining: Participant<Feature>,
  pairs: PairSimilarity<Feature>,
  symmetric: boolean,
): Promise<Join> {
  const width = joining.match.length;
  const similarity = await similarities(pairs, features, joining.features, symmetric);
  const mean = similarity.map(
    (s, at) => (score[Math.floor(at / width)]! + joining.match[at % width]! + s) / 3,
  );
  return {
    mean,
    similarity,
    split: (positions) => ({
      parent: positions.map((at) => Math.floor(at / width)),
      candidate: positions.map((at) => at % width),
    }),
  };
}

/** Computes S for every pair of a left and a right feature. Returns a row-major matrix [left, right]. */
async function similarities<Feature>(
  pairs: PairSimilarity<Feature>,
  left: readonly Feature[],
  right: readonly Feature[],
  symmetric: boolean,
): Promise<Float64Array> {
  const forward = await pairs.similarities(left, right);
  if (forward.some((s) => !(s >= 0 && s <= 1))) throw notANumber("a pair similarity S");
  if (!symmetric) return forward;
  const backward = await similarities(pairs, right, left, false); // [right, left]
  return forward.map((s, pair) => {
    const row = Math.floor(pair / right.length);
    return (s + backward[(pair % right.length) * left.length + row]!) / 2;
  });
}

/**
 * Computes each candidate's best score by propagating the scores of complete combinations from the last step back to
 * the first.
 */
function bestOfSurvivors(
  mentions: readonly Participant<unknown>[],
  steps: readonly Step[],
  scores: readonly number[],
): Float64Array[] {
  const best = mentions.map((mention) => new Float64Array(mention.match.length));
  if (steps.length < 2) return best;
  let survivors = Float64Array.from(scores);
  for (const [at, { mention, parent, candidate }] of [...steps.entries()].reverse()) {
    const before = new Float64Array(steps[at - 1]?.candidate.length ?? 0);
    const own = best[mention]!;
    for (const [i, score] of survivors.entries()) {
      own[candidate[i]!] = Math.max(own[candidate[i]!]!, score);
      if (at > 0) before[parent[i]!] = Math.max(before[parent[i]!]!, score);
    }
    survivors = before;
  }
  return best;
}

function pick<T>(values: ArrayLike<T>, at: readonly number[]): T[] {
  return at.map((i) => values[i]!);
}
