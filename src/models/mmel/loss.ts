import { crossEntropy, listwise, marginLoss } from "../../tensor/nn.js";
import { add, mul, reduceMean, reduceSum, reshape, slice, type Value } from "../../tensor/onnx/index.js";
import { type MmelConfig, variantOf } from "./config.js";
import { matchLogit, type PairOutputs, similarity } from "./network.js";

/**
 * How the P pairs of a micro-batch form groups: pair `(g * mentions + i) * candidates + j` is candidate j of mention i
 * of caption g, and candidate 0 is the positive entity.
 */
export interface GroupShape {
  /** G, captions. */
  readonly groups: number;
  /** Mentions per caption; the pair loss needs two. */
  readonly mentions: 1 | 2;
  /** R, candidates per mention: the positive entity and at least one negative one. */
  readonly candidates: number;
}

export interface LossOptions {
  /** γ of equation 11. */
  readonly margin: number;
  /** Dropout rate of the head. */
  readonly dropout: number;
}

/** Losses of each caption, [G] each. */
export interface Losses {
  /** From equation 10. */
  readonly matching: Value;
  /** From equation 11; absent in variants without pairwise training and with one mention per caption. */
  readonly pair?: Value;
}

/**
 * The losses of section 3.4. Matching loss: with `paper` the mean cross-entropy of the two logits over all pairs, with
 * `listwise` the mean over mentions of the cross-entropy of l over the candidates. Pair loss: equation 11.
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

/** Logits [P, 2] -> [G], with the label "match" for candidate 0 and "no match" for the others. */
function paperMatching(logits: Value, { groups, mentions, candidates }: GroupShape): Value {
  const labels = Float32Array.from({ length: 2 * candidates }, (_, i) =>
    i === 1 || (i > 1 && i % 2 === 0) ? 1 : 0,
  );
  const each = crossEntropy(
    reshape(logits, [groups, mentions, candidates, 2]),
    logits.graph.constant(labels, [candidates, 2]),
  );
  return reduceMean(each, [1, 2]);
}

/** l [P] plus the input `prior` [P], the lexical ranker's log m of each pair. */
const withPrior = (match: Value): Value => add(match, match.graph.input("prior", match.shape));

/** l [P] -> [G] */
function listwiseMatching(match: Value, { groups, mentions, candidates }: GroupShape): Value {
  return reduceMean(listwise(reshape(match, [groups, mentions, candidates])), [1]);
}

/** Equation 11, as the mean over a mention's negatives if there are several: h [P, 2, d] -> [G]. */
function pairLoss(
  features: Value,
  { groups, candidates }: GroupShape,
  d: number,
  { margin, dropout }: LossOptions,
): Value {
  const entities = reshape(slice(features, 1, 1, 2), [groups, 2, candidates, d]); // h^e
  const pick = (mention: number, from: number, to: number): Value =>
    reshape(slice(slice(entities, 1, mention, mention + 1), 2, from, to), [groups, to - from, d]);
  const positive = (mention: number): Value => pick(mention, 0, 1); // [G, 1, d]
  const negatives = (mention: number): Value => pick(mention, 1, candidates); // [G, R - 1, d]
  const term = (a: number, b: number): Value => {
    const toPositive = similarity(positive(a), positive(b), dropout); // S(e_a+, e_b+), [G, 1]
    const toNegatives = similarity(positive(a), negatives(b), dropout); // S(e_a+, e_b-), [G, R - 1]
    return reduceMean(marginLoss(toPositive, toNegatives, margin), [1]);
  };
  return add(term(0, 1), term(1, 0));
}

/** Sum of the captions' losses with their weights [G], usually 1 / B in a batch of B captions: a scalar. */
export function weightedSum({ matching, pair }: Losses, weights: Value): Value {
  return reduceSum(mul(pair === undefined ? matching : add(matching, pair), weights));
}
