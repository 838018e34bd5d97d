import { add } from "../graph/elementwise.js";
import { scatterRows } from "../graph/layout.js";
import { elements, formatShape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { type Cotangent, GRADIENTS, type RowGradient } from "./gradients.js";

/** The gradient of a parameter: the sum of its dense part, if any, and its rows. */
export interface ParameterGradient {
  readonly parameter: Value;
  readonly dense?: Value;
  /** Rows to add to the gradient, from `gather` operations on the parameter (embeddings). */
  readonly rows: readonly RowGradient[];
}

/**
 * Appends the nodes that compute the gradient of a scalar loss with respect to parameters, by reverse accumulation.
 * Adds no nodes and returns no entries for frozen parameters and for parameters that the loss does not depend on.
 * Throws `GRAPH` if the loss is not a scalar or a size is not fixed.
 */
export function backward(loss: Value, parameters = loss.graph.parameters): readonly ParameterGradient[] {
  const { graph } = loss;
  if (elements(loss.shape) !== 1)
    graph.fail("backward", `the loss has the shape ${formatShape(loss.shape)}`, "a scalar");
  const pending = new Map<Value, Cotangent[]>();
  if (loss.requiresGrad) pending.set(loss, [graph.constant(new Float32Array([1]), loss.shape)]);
  for (const node of graph.nodes.toReversed()) {
    const [result] = node.outputs;
    const arrived = pending.get(result);
    if (arrived === undefined) continue;
    pending.delete(result);
    const open = [result, ...node.inputs].find(({ shape }) => elements(shape) === undefined);
    if (open !== undefined)
      graph.fail("backward", `"${open.name}" is ${formatShape(open.shape)}`, "fixed sizes");
    graph.scope(`backward.${node.name}`, () => {
      const thunks = GRADIENTS[node.op](total(arrived, result), node, ...node.inputs);
      node.inputs.forEach((input, i) => {
        const thunk = input.requiresGrad ? thunks[i] : undefined;
        if (thunk !== undefined) pending.set(input, [...(pending.get(input) ?? []), thunk()]);
      });
    });
  }
  return parameters.flatMap((parameter) => {
    const arrived = pending.get(parameter);
    return arrived === undefined ? [] : [collect(parameter, arrived)];
  });
}

const isRows = (cotangent: Cotangent): cotangent is RowGradient => "rows" in cotangent;

/** Adds up the cotangents from all uses of a value and returns one tensor. */
function total(cotangents: readonly Cotangent[], value: Value): Value {
  return cotangents
    .map((c) => (isRows(c) ? scatterRows(c.indices, c.rows, value.shape) : c))
    .reduce((a, b) => add(a, b));
}

function collect(parameter: Value, cotangents: readonly Cotangent[]): ParameterGradient {
  const rows = cotangents.filter(isRows);
  const dense = cotangents.filter((c): c is Value => !isRows(c));
  if (dense.length === 0) return { parameter, rows };
  return {
    parameter,
    rows,
    dense: parameter.graph.scope(`backward.${parameter.name}`, () => total(dense, parameter)),
  };
}
