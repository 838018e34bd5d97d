import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "../core/index.js";
import type { PairSimilarity } from "../models/model.js";
import { keepBest, notANumber } from "./keep-best.js";

/** A mention's scored candidates: `match[i]` and `features[i]` belong to candidate i. */
export interface Participant<Feature> {
  readonly match: readonly number[];
  readonly features: readonly Feature[];
}

export interface CollaborationOptions {
  /** Number of combinations kept after each step: |E| of the paper (100). */
  readonly beam?: number;
  /** The value by which combinations are kept: the mean of all three scores, or S alone as printed in the paper ("mean"). */
  readonly select?: "mean" | "similarity";
  /** Use the mean of S(a, b) and S(b, a) in place of S(a, b) (false). */
  readonly symmetric?: boolean;
  readonly signal?: AbortSignal;
}

/** Candidates tied at a cut are kept up to this multiple of its width; beyond that, none of the tied ones is kept. */
export const TIED_BEAMS = 4;

/** Number of mentions between yields to the event loop, so that a caption with 1,000 mentions can be interrupted. */
const YIELD_EVERY = 16;

/** Combinations of one candidate from each mention that has joined so far. */
interface Combinations<Feature> {
  readonly score: readonly number[];
  readonly features: readonly Feature[];
}

/** The join of one mention: combination i extends combination `parent[i]` of the previous step by `candidate[i]`. */
interface Step {
  readonly mention: number;
  readonly parent: readonly number[];
  readonly candidate: readonly number[];
}

/**
 * Collaborative ranking (section 3.5, figure 3). The mentions, sorted by their best m, join one after the other. The score
 * of an extended combination is the mean of its previous score, the new candidate's m and their S; its feature is the
 * mean of both features. Returns for each candidate the best score of a surviving combination that contains it, or 0.
 *
 * Computes at most 4 `beam` × |E| similarities per mention. Combinations tied at the cut survive; if that keeps more than
 * four beams (and more mentions are to join), none of the tied ones survives. A mention with no survivors is skipped, like one
 * without candidates. So memory is bounded however many tie, and equal candidates are treated equally.
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

/** All combinations after a join and before the cut, as flat arrays. */
interface Join {
  readonly mean: ArrayLike<number>;
  readonly similarity: ArrayLike<number>;
  /** The previous combination and the candidate at each position. */
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

/** S of every left feature with every right feature: [left, right], row-major. */
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

/** Propagates the scores of complete combinations back to their candidates, from the last step to the first. */
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
