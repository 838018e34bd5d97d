import {
  add,
  backward,
  compile,
  createGraph,
  type Graph,
  mul,
  type Program,
  reshape,
  slice,
} from "../../tensor/onnx/index.js";
import type { MmelConfig } from "./config.js";
import { type GroupShape, type LossOptions, losses, weightedSum } from "./loss.js";
import { matchLogit } from "./match.js";
import { type MmelArchitecture, type PairShape, pairs, passesOf } from "./network.js";
import { similarity } from "./similarity.js";

/** Pairs of any number and length to `match`, the logit l [P], and `features`, h^e [P, d]. */
export function scoringProgram(model: MmelArchitecture): Program {
  const shape = {
    pairs: "pairs",
    lengths: Object.fromEntries(passesOf(model.head).map((pass) => [pass, `${pass}.length`])),
  };
  const { logits, features } = pairs(createGraph(), model, shape, 0);
  return compile({
    match: matchLogit(logits),
    features: reshape(slice(features, 1, 1, 2), [shape.pairs, model.head.d]),
  });
}

/** `left` [n, d] and `right` [m, d] to `similarities` [n, m]: S of every left feature with every right one. */
export function similarityProgram({ d, symmetric }: MmelConfig): Program {
  const graph = createGraph();
  const left = reshape(graph.input("left", ["left", d]), ["left", 1, d]);
  const right = reshape(graph.input("right", ["right", d]), [1, "right", d]);
  const forth = similarity(left, right, 0);
  return compile({ similarities: symmetric ? mul(add(forth, similarity(right, left, 0)), 0.5) : forth });
}

export interface TrainingOptions extends LossOptions {
  /** Which weights learn (default: all); the others cost nothing in the backward pass. */
  readonly trainable?: (name: string) => boolean;
}

/**
 * A micro-batch of groups to `loss`, the weighted sum of its captions' losses, with the gradient of every trainable
 * weight. Input `weights` [G] is each caption's share of the batch.
 */
export function trainingProgram(
  model: MmelArchitecture,
  shape: GroupShape & Pick<PairShape, "lengths">,
  options: TrainingOptions,
): Program {
  const { trainable } = options;
  const graph = createGraph({ training: true, ...(trainable === undefined ? {} : { trainable }) });
  const loss = trainingLoss(graph, model, shape, options);
  return compile({ loss }, { gradients: backward(loss) });
}

/** The scalar of `trainingProgram`, in a graph of the caller's. */
export function trainingLoss(
  graph: Graph,
  model: MmelArchitecture,
  shape: GroupShape & Pick<PairShape, "lengths">,
  options: LossOptions,
) {
  const rows = shape.groups * shape.mentions * shape.candidates;
  const outputs = pairs(graph, model, { pairs: rows, lengths: shape.lengths }, options.dropout);
  const each = losses(outputs, shape, model.head, options);
  return weightedSum(each, graph.input("weights", [shape.groups]));
}
