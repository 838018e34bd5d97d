import { crossEntropy, listwise, marginLoss } from "../../tensor/nn.js";
import { add, mul, reduceMean, reduceSum, reshape, slice, type Value } from "../../tensor/onnx/index.js";
import { type MmelConfig, variantOf } from "./config.js";
import { matchLogit } from "./match.js";
import type { PairOutputs } from "./network.js";
import { similarity } from "./similarity.js";

/**
 * How the pairs of a micro-batch belong together: pair `(g * mentions + i) * candidates + j` is candidate j of mention
 * i of caption g, and candidate 0 is the right one.
 */
export interface GroupShape {
  readonly groups: number;
  /** Mentions sampled a caption; the pair loss needs two. */
  readonly mentions: 1 | 2;
  /** Candidates a mention: the right one and at least one wrong one. */
  readonly candidates: number;
}

export interface LossOptions {
  /** gamma of equation 11. */
  readonly margin: number;
  /** Dropout of the head. */
  readonly dropout: number;
}

/** Losses of each caption: matching (equation 10) and pair (equation 11), [G] each. */
export interface Losses {
  readonly matching: Value;
  /** Absent in variants without pairwise training, or with one mention a caption. */
  readonly pair?: Value;
}

/**
 * The losses of section 3.4. Matching, `paper`: mean cross-entropy of the two logits over all pairs; `listwise`: over
 * mentions, of l over the candidates. Pair: eq. 11, the mean over a mention's wrong candidates if there are several.
 */
export function losses(
  { logits, features }: PairOutputs,
  shape: GroupShape,
  config: MmelConfig,
  options: LossOptions,
): Losses {
  const matching =
    config.loss === "paper"
      ? paperMatching(logits, shape)
      : listwiseMatching(config.lexicalPrior ? withPrior(matchLogit(logits)) : matchLogit(logits), shape);
  if (!variantOf(config).pairTraining || shape.mentions === 1) return { matching };
  return { matching, pair: pairLoss(features, shape, config.d, options) };
}

function paperMatching(logits: Value, { groups, mentions, candidates }: GroupShape): Value {
  const labels = Float32Array.from({ length: 2 * candidates }, (_, at) =>
    at === 1 || (at > 1 && at % 2 === 0) ? 1 : 0,
  );
  const each = crossEntropy(
    reshape(logits, [groups, mentions, candidates, 2]),
    logits.graph.constant(labels, [candidates, 2]),
  );
  return reduceMean(each, [1, 2]);
}

/** l plus input `prior` [P], the lexical ranker's log m of each pair. */
const withPrior = (match: Value): Value => add(match, match.graph.input("prior", match.shape));

/** match l [P] -> [G]. */
function listwiseMatching(match: Value, { groups, mentions, candidates }: GroupShape): Value {
  return reduceMean(listwise(reshape(match, [groups, mentions, candidates])), [1]);
}

/** features h [P, 2, d] -> [G]. */
function pairLoss(
  features: Value,
  { groups, candidates }: GroupShape,
  d: number,
  options: LossOptions,
): Value {
  const entities = reshape(slice(features, 1, 1, 2), [groups, 2, candidates, d]);
  const pick = (mention: number, from: number, to: number): Value =>
    reshape(slice(slice(entities, 1, mention, mention + 1), 2, from, to), [groups, to - from, d]);
  const right = (mention: number): Value => pick(mention, 0, 1);
  const wrong = (mention: number): Value => pick(mention, 1, candidates);
  const towards = (one: number, other: number): Value => {
    const better = similarity(right(one), right(other), options.dropout); // [G, 1]
    const worse = similarity(right(one), wrong(other), options.dropout); // [G, R - 1]
    return reduceMean(marginLoss(better, worse, options.margin), [1]);
  };
  return add(towards(0, 1), towards(1, 0));
}

/** Sum of the captions' losses by their weights [G], 1 / B for each caption of a batch of B: batches of any make add up. */
export function weightedSum({ matching, pair }: Losses, weights: Value): Value {
  return reduceSum(mul(pair === undefined ? matching : add(matching, pair), weights));
}
