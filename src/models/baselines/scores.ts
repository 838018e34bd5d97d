/** How the two sides of a pair become its score l: one function a `Baseline.score`. `likelihood` is in decoder.ts. */
import { linear, project } from "../../tensor/nn.js";
import {
  add,
  concat,
  type Dim,
  div,
  matmul,
  mul,
  reduceSum,
  relu,
  reshape,
  slice,
  sqrt,
  type Value,
} from "../../tensor/onnx/index.js";

/** Sums of squares below this count as this, so that a vector of zeros has the cosine 0 and a finite gradient. */
const TINY = 1e-12;

/** x / |x| over the last axis. */
export const unit = (x: Value): Value =>
  div(x, sqrt(add(reduceSum(mul(x, x), [-1], { keepDims: true }), TINY)));

/** a · b of each row: [P, d] and [P, d] -> [P]. */
export const dot = (a: Value, b: Value): Value => reduceSum(mul(a, b), [-1]);

/** The cosine of each row: [P, d] and [P, d] -> [P]. */
export const cosine = (a: Value, b: Value): Value => dot(unit(a), unit(b));

/** W [mention; parts], where the mention may be one row for all pairs: [P, d]. */
const together = (name: string, mention: Value, parts: readonly [Value, ...Value[]], d: number): Value =>
  add(linear(name, concat(parts, -1), d), project(`${name}Mention`, mention, d));

/** W₂ ReLU(W₁ [mention; parts]): the logits of "no match" and "match", [P, 2]. */
export const perceptron = (mention: Value, parts: readonly [Value, ...Value[]], d: number): Value =>
  linear("match", relu(together("hidden", mention, parts, d)), 2);

// ---- NCEL ----

/** What a candidate brings to the graph: ReLU(W [q; e; q e]), and e: [P, d] and [P, d] -> [P, 2 d]. */
export const nodes = (mention: Value, entity: Value, d: number): Value =>
  concat([relu(together("node", mention, [entity, mul(mention, entity)], d)), entity], -1);

/**
 * The scores of a mention's candidates, given those of its neighbouring mentions: own nodes [.., n, 2 d] and other nodes
 * [.., m, 2 d] -> [.., n]. A candidate's edges are its cosines to the others where they are positive, divided by their sum. One
 * graph convolution with a skip: h = x + ReLU(W x + U A x'), l = w h + b. Without neighbours, A x' is 0.
 */
export function neighbourScores(own: Value, others: Value | undefined, d: number): Value {
  const half = (x: Value, at: 0 | 1): Value => slice(x, -1, at * d, (at + 1) * d);
  const x = half(own, 0);
  return own.graph.scope("graph", () => {
    const skipped = linear("own", x, d);
    const moved =
      others === undefined
        ? skipped
        : add(skipped, project("others", matmul(edges(half(own, 1), half(others, 1)), half(others, 0)), d));
    const h = add(x, relu(moved));
    return reshape(linear("match", h, 1), own.shape.slice(0, -1) as Dim[]);
  });
}

/** The row-normalised adjacency: e [.., n, d] and e' [.., m, d] -> [.., n, m]. */
function edges(own: Value, others: Value): Value {
  const cosines = relu(matmul(unit(own), unit(others), { transposeB: true }));
  return div(cosines, add(reduceSum(cosines, [-1], { keepDims: true }), 1e-6));
}
