import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "../core/index.js";
import type { PairSimilarity } from "../models/model.js";
import { keepBest, notANumber } from "./keep-best.js";

/** One mention in the collaboration: its scored candidates, `match[i]` and `features[i]` of the same one. */
export interface Participant<Feature> {
  readonly match: readonly number[];
  readonly features: readonly Feature[];
}

export interface CollaborationOptions {
  /** How many combinations live on from step to step: |E| of the paper (100). */
  readonly beam?: number;
  /** What decides which live on: the mean of all three scores, or S alone as the paper prints it ("mean"). */
  readonly select?: "mean" | "similarity";
  /** Rank by the mean of S(a, b) and S(b, a) (false). */
  readonly symmetric?: boolean;
  readonly signal?: AbortSignal;
}

/** What ties at a cut is all kept up to this many times the width of the cut; beyond, none of the tied is. */
export const TIED_BEAMS = 4;

/** Mentions between two turns of the event loop, so that a caption of 1,000 can be interrupted. */
const BREATH = 16;

/** Combinations of one candidate from each of the mentions joined so far. */
interface Combinations<Feature> {
  readonly score: readonly number[];
  readonly features: readonly Feature[];
}

/** How one mention joined: combination i extends combination `parent[i]` of the step before by `candidate[i]`. */
interface Step {
  readonly mention: number;
  readonly parent: readonly number[];
  readonly candidate: readonly number[];
}

/**
 * Collaborative ranking (section 3.5, figure 3): the mentions, given in order of their best m, join one after the other;
 * a combination's score becomes the mean of its score, the joining candidate's m and their S, its feature the mean of
 * both features. Answers for each candidate the best score of a surviving combination that holds it, 0 if none does.
 *
 * At most 4 `beam` × |E| similarities a mention. Ties at the cut survive; where that makes more than four beams (while
 * mentions are still to join) none of the tied survives, and a mention of which nothing survives takes no part, like
 * one without candidates. So memory is bounded whatever ties, and equals are treated alike.
 */
export async function collaborate<Feature>(
  mentions: readonly Participant<Feature>[],
  pairs: PairSimilarity<Feature>,
  { beam = 100, select = "mean", symmetric = false, signal }: CollaborationOptions = {},
): Promise<readonly Float64Array[]> {
  const steps: Step[] = [];
  let combinations: Combinations<Feature> = { score: [], features: [] };
  for (const [at, mention] of mentions.entries()) {
    if (at % BREATH === BREATH - 1) await setImmediate();
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

/** All ways in which a mention may join, as flat positions, before the cut. */
interface Join {
  readonly mean: ArrayLike<number>;
  readonly similarity: ArrayLike<number>;
  /** Which combination of before, and which candidate, each position stands for. */
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

/** S of every left feature with every right one, [left, right] row by row. */
async function similarities<Feature>(
  pairs: PairSimilarity<Feature>,
  left: readonly Feature[],
  right: readonly Feature[],
  symmetric: boolean,
): Promise<Float64Array> {
  const there = await pairs.similarities(left, right);
  if (there.some((s) => !(s >= 0 && s <= 1))) throw notANumber("a pair similarity S");
  if (!symmetric) return there;
  const back = await similarities(pairs, right, left, false); // [right, left]
  return there.map((s, pair) => {
    const row = Math.floor(pair / right.length);
    return (s + back[(pair % right.length) * left.length + row]!) / 2;
  });
}

/** Hands the score of each complete combination back to the candidates it holds, from the last step to the first. */
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
