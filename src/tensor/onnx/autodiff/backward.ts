import { add } from "../graph/elementwise.js";
import { scatterRows } from "../graph/layout.js";
import { elements, formatShape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { type Cotangent, GRADIENTS, type RowGradient } from "./gradients.js";

/** The gradient of one parameter: the sum of its dense part, if it has one, and its rows. */
export interface ParameterGradient {
  readonly parameter: Value;
  readonly dense?: Value;
  /** From gathers out of the parameter itself (embeddings), to be added into the gradient row by row. */
  readonly rows: readonly RowGradient[];
}

/**
 * Appends to the graph the nodes that compute the gradient of a scalar loss with respect to parameters, by reverse
 * accumulation over the list of nodes. Nothing is added for frozen parameters or for what lies upstream of them alone;
 * they, and parameters on which the loss does not depend, are left out of the answer. All sizes must be fixed.
 */
export function backward(loss: Value, parameters = loss.graph.parameters): readonly ParameterGradient[] {
  const { graph } = loss;
  if (elements(loss.shape) !== 1) graph.fail("backward", `a loss ${formatShape(loss.shape)}`, "one number");
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
      node.inputs.forEach((input, at) => {
        const thunk = input.requiresGrad ? thunks[at] : undefined;
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

/** One tensor from all uses of an intermediate value. */
function total(cotangents: readonly Cotangent[], of: Value): Value {
  return cotangents
    .map((c) => (isRows(c) ? scatterRows(c.indices, c.rows, of.shape) : c))
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
