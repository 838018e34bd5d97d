import {
  add,
  backward,
  compile,
  createGraph,
  type Divisors,
  type Graph,
  mul,
  type Program,
  reshape,
  slice,
  type Value,
} from "../../tensor/onnx/index.js";
import { baselineLoss } from "../baselines/losses.js";
import { baselineModel, type MmelArchitecture, type MmelConfig, passLengths } from "./config.js";
import { type GroupShape, type LossOptions, losses, weightedSum } from "./loss.js";
import { matchLogit, network, type PairShape, similarity } from "./network.js";

/**
 * Compiles a program that scores P pairs, for any P and any text length. Outputs: `match`, the logits l [P], and
 * `features`, h^e [P, d].
 */
export function scoringProgram(model: MmelArchitecture, int8: Divisors = new Map()): Program {
  const shape = { pairs: "pairs", lengths: passLengths(model.head, (pass) => `${pass}.length`) };
  const { logits, features } = network(createGraph({ int8 }), model, shape, 0);
  return compile({
    match: matchLogit(logits),
    features: reshape(slice(features, 1, 1, 2), [shape.pairs, model.head.d]),
  });
}

/**
 * Compiles a program that computes the similarity S of every left feature with every right feature: inputs `left`
 * [n, d] and `right` [m, d] -> `similarities` [n, m].
 */
export function similarityProgram({ d, symmetric }: MmelConfig): Program {
  const graph = createGraph();
  const left = reshape(graph.input("left", ["left", d]), ["left", 1, d]);
  const right = reshape(graph.input("right", ["right", d]), [1, "right", d]);
  const forward = similarity(left, right, 0);
  return compile({
    similarities: symmetric ? mul(add(forward, similarity(right, left, 0)), 0.5) : forward,
  });
}

export interface TrainingOptions extends LossOptions {
  /**
   * Returns whether the weight with this name is trained; default: always true. Frozen weights cost nothing in the
   * backward pass.
   */
  readonly trainable?: (name: string) => boolean;
}

/**
 * Compiles a program that computes `loss`, the weighted sum of the losses of a micro-batch's captions, and the gradient
 * of every trainable weight. The input `weights` [G] contains the weight of each caption's loss. The program also has
 * the inputs of `network` and, with a lexical prior, the input `prior` [P].
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

/** Builds the scalar loss of `trainingProgram` in the caller's graph. */
export function trainingLoss(
  graph: Graph,
  model: MmelArchitecture,
  shape: GroupShape & Pick<PairShape, "lengths">,
  options: LossOptions,
): Value {
  const weights = graph.input("weights", [shape.groups]);
  const baseline = baselineModel(model, options.dropout);
  if (baseline !== undefined)
    return weightedSum({ matching: baselineLoss(graph, baseline, shape) }, weights, options.weights);
  const pairs = shape.groups * shape.mentions * shape.candidates;
  const outputs = network(graph, model, { pairs, lengths: shape.lengths }, options.dropout);
  const each = losses(outputs, shape, model.head, options);
  return weightedSum(each, weights, options.weights);
}
