import { crossEntropy, listwise, marginLoss } from "../../tensor/nn.js";
import { add, mul, reduceMean, reduceSum, reshape, slice, type Value } from "../../tensor/onnx/index.js";
import { type MmelConfig, variantOf } from "./config.js";
import { matchLogit, type PairOutputs, similarity } from "./network.js";

/**
 * Sizes of the groups in a micro-batch of P pairs. Pair `(g * mentions + i) * candidates + j` is candidate j of mention
 * i of caption g. Candidate 0 is the positive entity.
 */
export interface GroupShape {
  /** G, number of captions. */
  readonly groups: number;
  /** Number of mentions per caption; the pair loss requires two. */
  readonly mentions: number;
  /** R, number of candidates per mention: the positive entity and at least one negative. */
  readonly candidates: number;
}

export interface LossOptions {
  /** γ in equation 11 of the paper, the margin of the pair loss. */
  readonly margin: number;
  /** Dropout rate of the head. */
  readonly dropout: number;
  /** Factors of the two losses in their sum; default: 1 each. */
  readonly weights?: LossWeights;
}

export interface LossWeights {
  readonly matching: number;
  readonly pair: number;
}

/** Losses per caption, each [G]. */
export interface Losses {
  /** Matching loss, from equation 10. */
  readonly matching: Value;
  /**
   * Pair loss, from equation 11. Absent in variants without pairwise training, and if there is one mention per caption.
   */
  readonly pair?: Value;
}

/**
 * Computes the losses of section 3.4 of the paper. The matching loss `paper` is the mean cross-entropy of the two
 * logits over all pairs. The matching loss `listwise` is the cross-entropy of l over a mention's candidates, averaged
 * over mentions. The pair loss is equation 11.
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

/**
 * Computes the matching loss of the paper: logits [P, 2] -> [G]. The label is "match" for candidate 0 and "no match"
 * for all other candidates.
 */
export function paperMatching(logits: Value, { groups, mentions, candidates }: GroupShape): Value {
  const labels = Float32Array.from({ length: 2 * candidates }, (_, i) =>
    i === 1 || (i > 1 && i % 2 === 0) ? 1 : 0,
  );
  const each = crossEntropy(
    reshape(logits, [groups, mentions, candidates, 2]),
    logits.graph.constant(labels, [candidates, 2]),
  );
  return reduceMean(each, [1, 2]);
}

/** Adds the input `prior` [P], the lexical ranker's log m of each pair, to l [P]. */
const withPrior = (match: Value): Value => add(match, match.graph.input("prior", match.shape));

/** Computes the listwise matching loss: l [P] -> [G]. */
function listwiseMatching(match: Value, { groups, mentions, candidates }: GroupShape): Value {
  return reduceMean(listwise(reshape(match, [groups, mentions, candidates])), [1]);
}

/**
 * Computes the pair loss (equation 11): h [P, 2, d] -> [G]. If a mention has several negatives, takes the mean over
 * them.
 */
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

/**
 * Computes the weighted sum of the captions' losses, a scalar. The weights [G] are usually 1 / B for a batch of B
 * captions. `factors` are those of the matching loss and of the pair loss.
 */
export function weightedSum(
  { matching, pair }: Losses,
  weights: Value,
  factors: LossWeights = { matching: 1, pair: 1 },
): Value {
  const times = (loss: Value, factor: number): Value => (factor === 1 ? loss : mul(loss, factor));
  const first = times(matching, factors.matching);
  return reduceSum(mul(pair === undefined ? first : add(first, times(pair, factors.pair)), weights));
}
